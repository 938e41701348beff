//! Text for amish's own commands: facts, findings and timelines.

use super::columns::{end_line, hang, pad, room, widest, wrap};
use super::{Look, Role, signs};
use crate::peer_text::visible;

/// The width of the word before a finding, in columns.
const WORD: usize = 7;

/// Appends what can be typed with its description beside it, or below it if the
/// terminal is too narrow.
pub fn explained(out: &mut Vec<u8>, rows: &[(String, &str)], look: &Look) {
    look.shown(out, |out| {
        let typed = widest(rows.iter().map(|(typed, _)| typed)) + 2;
        let beside = room(look).checked_sub(typed).filter(|room| *room >= 24);
        for (what, about) in rows {
            let (what, about) = (&*signs(what), &*signs(about));
            let (mut start, indent) = match beside {
                Some(_) => (pad(what, typed), typed),
                None => {
                    for line in wrap(what, room(look)) {
                        end_line(out, &line);
                    }
                    ("    ".to_owned(), 4)
                }
            };
            for line in wrap(about, beside.unwrap_or(room(look) - 4)) {
                end_line(out, &format!("{start}{line}"));
                start = " ".repeat(indent);
            }
        }
    });
}

/// Appends facts, one per line: a name and a value.
pub fn facts(out: &mut Vec<u8>, facts: &[(&str, String)], look: &Look) {
    let safe = |text: &String| visible::text(text.as_bytes()).into_owned();
    let texts: Vec<String> = facts.iter().map(|(_, text)| safe(text)).collect();
    let names = facts.iter().map(|(name, _)| (*name).to_owned());
    let rows: Vec<(String, &str)> = names.zip(texts.iter().map(String::as_str)).collect();
    explained(out, &rows, look);
}

/// Appends findings: what is fine, worth noting or wrong. A Subject is a line
/// to be copied into a file, so it is not wrapped.
pub fn findings(out: &mut Vec<u8>, findings: &[(Role, String)], look: &Look) {
    let word = |role: Role| match role {
        Role::Ok => "ok",
        Role::Warning => "note",
        Role::Error => "wrong",
        _ => "",
    };
    let judged = findings.iter();
    let judged: Vec<(Role, &str, &str)> = judged
        .map(|(role, text)| (*role, word(*role), text.as_str()))
        .collect();
    look.shown(out, |out| judge(out, &judged, WORD, look));
}

/// The same, each behind a word of its own in so many columns.
pub fn verdicts(out: &mut Vec<u8>, all: &[(Role, &str, &str)], columns: usize, look: &Look) {
    look.shown(out, |out| judge(out, all, columns, look));
}

fn judge(out: &mut Vec<u8>, all: &[(Role, &str, &str)], columns: usize, look: &Look) {
    for (role, word, text) in all {
        let text = visible::text(text.as_bytes());
        let text = signs(&text);
        if *role == Role::Subject {
            end_line(out, &look.palette.paint(*role, &text));
            continue;
        }
        let word = pad(word, columns);
        hanging(out, &look.palette.paint(*role, &word), columns, &text, look);
    }
}

/// Appends a timeline, one line per entry with its time.
pub fn timeline(out: &mut Vec<u8>, happened: &[(String, String)], look: &Look) {
    look.shown(out, |out| {
        let indent = widest(happened.iter().map(|(stamp, _)| stamp)) + 2;
        for (stamp, text) in happened {
            let text = visible::text(text.as_bytes());
            let stamp = pad(stamp, indent);
            let start = look.palette.paint(Role::Dim, &stamp);
            hanging(out, &start, indent, &text, look);
        }
    });
}

/// Appends `text` behind `start`, which takes `indent` columns, and its further
/// lines below its first.
fn hanging(out: &mut Vec<u8>, start: &str, indent: usize, text: &str, look: &Look) {
    for line in hang(start, indent, text, room(look)) {
        end_line(out, &line);
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

    // Words may come from servers, and lines for manager.conf must be copied
    // whole.
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

    // Descriptions must not be broken inside words.
    #[test]
    fn help_is_wrapped_beside_what_is_typed_or_below_it() {
        let rows = [
            (
                "/connect TARGET".to_owned(),
                "end this session and begin one with host, host:port or user@host",
            ),
            ("cli TEXT".to_owned(), "an Asterisk CLI command"),
        ];
        let shown = |width| {
            let mut out = Vec::new();
            explained(&mut out, &rows, &Look { width, ..PLAIN });
            String::from_utf8(out).unwrap()
        };
        insta::assert_snapshot!(shown(60), @r"
        /connect TARGET  end this session and begin one with host,
                         host:port or user@host
        cli TEXT         an Asterisk CLI command
        ");
        insta::assert_snapshot!(shown(36), @r"
        /connect TARGET
            end this session and begin one
            with host, host:port or
            user@host
        cli TEXT
            an Asterisk CLI command
        ");
    }
}
