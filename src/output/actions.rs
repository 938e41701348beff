//! The listing of Actions: `help`, and the answer to ListCommands.

use super::columns::{cut, pad, width, wrap};
use super::table::{end_line, room};
use super::{Look, Role, sanitize};
use crate::catalog::Entry;

/// Appends a listing of Actions: name, privilege, synopsis, one line each. A
/// synopsis that does not fit is cut, a name never: it is there to be typed.
pub fn actions<'a>(out: &mut Vec<u8>, actions: impl Iterator<Item = Entry<'a>>, look: &Look) {
    let rows: Vec<[String; 3]> = actions
        .map(|entry| {
            let name = sanitize::text(entry.name.as_bytes()).into_owned();
            // Some synopses hold tabs, where a line of the source was broken.
            let synopsis: Vec<&str> = entry.synopsis.split_whitespace().collect();
            let synopsis = sanitize::text(synopsis.join(" ").as_bytes()).into_owned();
            [name, classes(entry.privileges), synopsis]
        })
        .collect();
    let names = rows.iter().map(|[name, ..]| width(name)).max();
    let privileges = rows.iter().map(|[_, privilege, _]| width(privilege)).max();
    let widths = [
        names.unwrap_or(0).clamp(6, (room(look) / 3).max(6)),
        privileges
            .unwrap_or(0)
            .clamp(9, (room(look) / 5).clamp(9, 28)),
    ];
    let head = ["Action", "Privilege", "Synopsis"];
    line(out, head, [Role::Heading; 3], widths, look);
    let rule = room(look).min(72);
    let rule = look
        .palette
        .paint(Role::Dim, &"─".repeat(rule))
        .into_owned();
    end_line(out, &rule);
    let roles = [Role::Action, Role::Dim, Role::Value];
    for [name, privilege, synopsis] in &rows {
        line(out, [name, privilege, synopsis], roles, widths, look);
    }
}

/// Appends what can be typed, and beside it what it does; below it where the
/// terminal is too narrow for both.
pub fn explained(out: &mut Vec<u8>, rows: &[(String, &str)], look: &Look) {
    let typed = rows.iter().map(|(typed, _)| width(typed)).max();
    let typed = typed.unwrap_or(0) + 2;
    let beside = room(look).checked_sub(typed).filter(|room| *room >= 24);
    for (what, about) in rows {
        let (mut start, indent) = match beside {
            Some(_) => (pad(what, typed), typed),
            None => {
                end_line(out, what);
                ("    ".to_owned(), 4)
            }
        };
        for line in wrap(about, beside.unwrap_or(room(look) - 4)) {
            end_line(out, &format!("{start}{line}"));
            start = " ".repeat(indent);
        }
    }
}

fn line(out: &mut Vec<u8>, row: [&str; 3], roles: [Role; 3], widths: [usize; 2], look: &Look) {
    let [name, privilege, synopsis] = row;
    let name = pad(name, widths[0]);
    let privilege = pad(&cut(privilege, widths[1]), widths[1]);
    let used = width(&name) + width(&privilege) + 4;
    let synopsis = cut(synopsis, room(look).saturating_sub(used));
    let [name, privilege, synopsis] = [
        look.palette.paint(roles[0], &name),
        look.palette.paint(roles[1], &privilege),
        look.palette.paint(roles[2], &synopsis),
    ];
    end_line(out, &format!("{name}  {privilege}  {synopsis}"));
}

/// The classes of which one is needed, `-` where none is; nothing where the
/// server has not told.
fn classes(privileges: Option<&[String]>) -> String {
    match privileges {
        None => String::new(),
        Some([]) => "-".to_owned(),
        Some(classes) => sanitize::text(classes.join(",").as_bytes()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::super::tests::{PLAIN, frames};
    use crate::ami::Reply;
    use crate::output::{Fields, Look};

    // A user types ListCommands to see what there is, one line each; a name
    // that is too long for its column is there to the last letter.
    #[test]
    fn list_commands_is_a_listing() {
        let commands = b"Response: Success\r\nActionID: 1\r\n\
            AbsoluteTimeout: Set absolute timeout.  (Priv: system,call,all)\r\n\
            WaitEvent: Wait for an event to occur.  (Priv: <none>)\r\n\
            PJSIPShowRegistrationInboundContactStatuses: Lists ContactStatuses.  (Priv: system,reporting,all)\r\n\r\n";
        let packet = frames(commands).remove(0);
        let mut out = Vec::new();
        table::reply(&mut out, &Reply::single(packet), &Fields::Chosen, &PLAIN);
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        Action                      Privilege         Synopsis
        ────────────────────────────────────────────────────────────────────────
        AbsoluteTimeout             system,call       Set absolute timeout.
        PJSIPShowRegistrationInboundContactStatuses  system,reporting  Lists ContactSta…
        WaitEvent                   -                 Wait for an event to occur.
        ");
    }

    // Help that is broken within its words is no help.
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
            super::explained(&mut out, &rows, &Look { width, ..PLAIN });
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
