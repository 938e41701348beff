//! `@office,branch` before a line: whom it is for.

/// The names behind the `@` that `line` begins with, and the line behind them. None:
/// it names nobody.
pub(in crate::shell) fn aimed(line: &str) -> Option<(&str, &str)> {
    let names = line.trim_start_matches([' ', '\t']).strip_prefix('@')?;
    let (names, rest) = names.split_once([' ', '\t'])?;
    Some((names, rest.trim_start_matches([' ', '\t'])))
}

/// `line` without whom it is for.
pub(in crate::shell) fn bare(line: &str) -> &str {
    aimed(line).map_or(line, |(_, rest)| rest)
}

/// Some lines, and whom they are for; None: for the usual ones.
pub(super) struct Part {
    pub names: Option<String>,
    pub text: String,
}

/// What was typed or pasted, cut where it is for somebody else. `is_open`: a packet
/// is not over, so the next line belongs to it.
pub(super) fn parts(text: &str, is_open: impl Fn(&str) -> bool) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in text.split_inclusive('\n') {
        let last = parts.last_mut();
        let aim = aimed(line);
        let alone = line.trim_start().starts_with('@') && aim.is_none();
        match last {
            Some(part) if is_open(part.text.strip_suffix('\n').unwrap_or(&part.text)) => {
                part.text.push_str(line);
            }
            Some(part) if part.names.is_none() && aim.is_none() && !alone => {
                part.text.push_str(line);
            }
            _ => {
                let (names, text) = match aim {
                    Some((names, rest)) => (Some(names), rest),
                    None if alone => (line.trim().strip_prefix('@'), ""),
                    None => (None, line),
                };
                parts.push(Part {
                    names: names.map(str::to_owned),
                    text: text.to_owned(),
                });
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::raw_packet_open;

    // A pasted note may name another PBX in each line, and a packet belongs to one
    // until it ends.
    #[test]
    fn each_line_is_for_whom_it_names() {
        let text = "Ping\ncore\n@a Ping\nPing\n@a,b Action: Ping\nActionID: 1\n\n@b\n  @c  x y";
        let parts = parts(text, |text| raw_packet_open(text.as_bytes()));
        let parts: Vec<(Option<&str>, &str)> = parts
            .iter()
            .map(|part| (part.names.as_deref(), part.text.as_str()))
            .collect();
        let wanted = [
            (None, "Ping\ncore\n"),
            (Some("a"), "Ping\n"),
            (None, "Ping\n"),
            (Some("a,b"), "Action: Ping\nActionID: 1\n\n"),
            (Some("b"), ""),
            (Some("c"), "x y"),
        ];
        assert_eq!(parts, wanted);
        assert_eq!((bare("@a Ping"), bare("Ping @a")), ("Ping", "Ping @a"));
    }
}
