//! One table: heads, a thin rule, rows, a footer.

use super::columns::{cut, wrap};
use super::{Look, Role};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentLineStyle, LineStyle, Table, TableStyle,
};

/// Two blanks between columns and a rule below the heads; lines between cells
/// would be noise.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none());

/// comfy-table puts one blank where a line between columns would be; this is
/// the other one.
const PADDING: u16 = 1;
const GAP: usize = 2;

/// A table that is laid out, and not yet cut to a width.
pub(super) struct Sheet {
    table: Table,
    heads: Vec<String>,
    widths: Vec<usize>,
}

impl Sheet {
    /// `heads` with whether they are numbers. Everything must be sanitised.
    pub(super) fn new(heads: &[(&str, bool)], rows: Vec<Vec<String>>) -> Sheet {
        let mut table = Table::new();
        table.load_style(STYLE);
        table.set_header(heads.iter().map(|(head, _)| *head));
        table.add_rows(rows);
        for ((_, number), column) in heads.iter().zip(table.column_iter_mut()) {
            column.set_padding((0, PADDING));
            if *number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let widths = table.column_max_content_widths();
        Sheet {
            table,
            heads: heads.iter().map(|(head, _)| (*head).to_owned()).collect(),
            widths: widths.into_iter().map(usize::from).collect(),
        }
    }

    /// How many columns, from the left, fit `room`.
    fn fitting(&self, room: usize) -> usize {
        let mut used = 0;
        let fits = |width: &&usize| {
            used += **width;
            let fits = used <= room;
            used += GAP;
            fits
        };
        self.widths.iter().take_while(fits).count()
    }

    pub(super) fn fits(&self, room: usize) -> bool {
        self.fitting(room) == self.widths.len()
    }

    /// Appends it. Columns that do not fit `room` are left out from the right
    /// and named in the footer, which begins with `count`.
    pub(super) fn write(mut self, out: &mut Vec<u8>, count: &str, room: usize, look: &Look) {
        let shown = self.fitting(room).max(1);
        for (i, column) in self.table.column_iter_mut().enumerate() {
            if i >= shown {
                column.set_constraint(ColumnConstraint::Hidden);
            } else if i + 1 == shown {
                column.set_padding((0, 0));
            }
        }
        for (i, line) in self.table.lines().enumerate() {
            let line = cut(line.trim_end(), room);
            let role = match i {
                0 => Role::Heading,
                1 => Role::Dim,
                _ => Role::Value,
            };
            look.palette.append(out, role, &line);
            out.push(b'\n');
        }
        let hidden = self.heads.get(shown..).unwrap_or_default().join(", ");
        let footer = match hidden.is_empty() {
            true => count.to_owned(),
            false => format!("{count}; no room for {hidden} (/x or --fields '*' shows all)"),
        };
        for line in wrap(&footer, room) {
            look.palette.append(out, Role::Dim, &line);
            out.push(b'\n');
        }
    }
}
