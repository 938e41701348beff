//! What amish itself has found out, as text: facts, and findings.

use super::columns::{pad, width, wrap};
use super::sheet::Sheet;
use super::table::{end_line, explained, room};
use super::{Look, Role, sanitize};

/// Columns of the word before a finding.
const WORD: usize = 7;

/// Appends what is known, one thing a line.
pub fn facts(out: &mut Vec<u8>, facts: &[(&str, String)], look: &Look) {
    let safe = |text: &String| sanitize::text(text.as_bytes()).into_owned();
    let texts: Vec<String> = facts.iter().map(|(_, text)| safe(text)).collect();
    let names = facts.iter().map(|(name, _)| (*name).to_owned());
    let rows: Vec<(String, &str)> = names.zip(texts.iter().map(String::as_str)).collect();
    explained(out, &rows, look);
}

/// Appends findings: what is well, what is to be noted, what is wrong. A
/// Subject is a line to be copied into a file, so it is not broken.
pub fn findings(out: &mut Vec<u8>, findings: &[(Role, String)], look: &Look) {
    for (role, text) in findings {
        let text = sanitize::text(text.as_bytes());
        let word = match role {
            Role::Ok => "ok",
            Role::Warning => "note",
            Role::Error => "wrong",
            Role::Subject => {
                end_line(out, &look.palette.paint(*role, &text));
                continue;
            }
            _ => "",
        };
        let mut start = look.palette.paint(*role, &pad(word, WORD)).into_owned();
        for line in wrap(&text, room(look).saturating_sub(WORD).max(24)) {
            end_line(out, &format!("{start}{line}"));
            start = " ".repeat(WORD);
        }
    }
}

/// Appends rows below their heads; a head with true is that of numbers. A
/// column that is empty in every row is left out.
pub fn table(
    out: &mut Vec<u8>,
    heads: &[(&str, bool)],
    rows: Vec<Vec<String>>,
    footer: &str,
    look: &Look,
) {
    let used: Vec<bool> = (0..heads.len())
        .map(|at| {
            rows.iter()
                .any(|row| row.get(at).is_some_and(|text| !text.is_empty()))
        })
        .collect();
    let of_use = |at: usize| used.get(at).copied().unwrap_or_default();
    let row = |row: Vec<String>| {
        let cells = row.into_iter().enumerate().filter(|(at, _)| of_use(*at));
        cells
            .map(|(_, text)| sanitize::text(text.as_bytes()).into_owned())
            .collect()
    };
    let rows: Vec<Vec<String>> = rows.into_iter().map(row).collect();
    let heads = heads.iter().enumerate().filter(|(at, _)| of_use(*at));
    let heads: Vec<(&str, bool)> = heads.map(|(_, head)| *head).collect();
    Sheet::new(&heads, rows).write(out, footer, room(look), look);
}

/// Appends what happened, each with its time before it.
pub fn happenings(out: &mut Vec<u8>, happened: &[(String, String)], look: &Look) {
    let widest = happened.iter().map(|(stamp, _)| width(stamp)).max();
    let indent = widest.unwrap_or(0) + 2;
    for (stamp, text) in happened {
        let text = sanitize::text(text.as_bytes());
        let mut start = look
            .palette
            .paint(Role::Dim, &pad(stamp, indent))
            .into_owned();
        for line in wrap(&text, room(look).saturating_sub(indent).max(24)) {
            end_line(out, &format!("{start}{line}"));
            start = " ".repeat(indent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::PLAIN;

    fn text(of: impl FnOnce(&mut Vec<u8>, &Look)) -> String {
        let look = Look {
            terminal: true,
            width: 40,
            ..PLAIN
        };
        let mut out = Vec::new();
        of(&mut out, &look);
        String::from_utf8(out).unwrap()
    }

    // The words come from servers too, and the lines for manager.conf are to
    // be copied whole.
    #[test]
    fn findings_are_read_at_a_glance() {
        let shown = text(|out, look| {
            let all = [
                (Role::Ok, "connected to \x1b[2J".to_owned()),
                (
                    Role::Error,
                    "what is wrong is said in as many words as it takes".into(),
                ),
                (
                    Role::Subject,
                    "read = system,call,log,verbose,agent,user,dtmf,reporting".into(),
                ),
            ];
            findings(out, &all, look);
        });
        assert_eq!(
            shown,
            "ok     connected to \\x1b[2J\nwrong  what is wrong is said in as many\n       \
             words as it takes\nread = system,call,log,verbose,agent,user,dtmf,reporting\n"
        );
        let shown = text(|out, look| facts(out, &[("user", "ann\x07".into())], look));
        assert_eq!(shown, "user  ann\\x07\n");
    }
}
