//! How rows and their cells are written: separators, quotes and escapes.

use crate::peer_text::visible;

/// How cells and rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::output) enum Style {
    /// RFC 4180: commas, quotes where they are needed, CRLF.
    Csv,
    /// Tabs; a tab, a line end and a backslash in a value as `\t`, `\n`, `\r`
    /// and `\\`.
    Tsv,
}

/// How a table is written: the style, and whether to a terminal.
#[derive(Debug, Clone, Copy)]
pub(in crate::output) struct Pen {
    pub style: Style,
    /// Whether it is a terminal, for which the server's text is escaped.
    pub terminal: bool,
}

impl Pen {
    pub(in crate::output) fn line_end(self) -> &'static [u8] {
        match (self.style, self.terminal) {
            (Style::Csv, false) => b"\r\n",
            _ => b"\n",
        }
    }

    pub(in crate::output) fn row<T: AsRef<[u8]>>(
        self,
        out: &mut Vec<u8>,
        cells: impl IntoIterator<Item = T>,
    ) {
        let start = out.len();
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                out.push(if self.style == Style::Csv {
                    b','
                } else {
                    b'\t'
                });
            }
            self.cell(out, cell.as_ref());
        }
        // A single empty cell would look like the empty line between tables.
        if out.len() == start && self.style == Style::Csv {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(self.line_end());
    }

    fn cell(self, out: &mut Vec<u8>, value: &[u8]) {
        match (self.style, self.terminal) {
            (Style::Csv, true) => quoted(out, visible::text(value).as_bytes()),
            (Style::Csv, false) => quoted(out, value),
            (Style::Tsv, false) => escaped(out, value),
            (Style::Tsv, true) => {
                let mut safe = Vec::new();
                escaped(&mut safe, value);
                out.extend_from_slice(visible::text(&safe).as_bytes());
            }
        }
    }
}

fn quoted(out: &mut Vec<u8>, value: &[u8]) {
    if !value.iter().any(|byte| b",\"\r\n".contains(byte)) {
        return out.extend_from_slice(value);
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

fn escaped(out: &mut Vec<u8>, value: &[u8]) {
    for byte in value {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(*byte),
        }
    }
}
