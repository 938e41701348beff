//! The listing of Actions: `help`, and the answer to ListCommands.

use super::columns::{cut, end_line, pad, room, widest, width};
use super::{Look, Role, signs};
use crate::catalog::{Entry, Name};

/// Appends a listing of Actions: name, privilege, synopsis, one line each. A
/// synopsis that does not fit is cut, but never a name, because users type it.
pub fn actions<'a>(out: &mut Vec<u8>, actions: impl Iterator<Item = Entry<'a>>, look: &Look) {
    look.shown(out, |out| {
        let rows: Vec<[String; 3]> = actions
            .map(|entry| {
                let synopsis = entry.synopsis.terminal().into_owned();
                [entry.name.to_string(), classes(entry.privileges), synopsis]
            })
            .collect();
        let names = widest(rows.iter().map(|[name, ..]| name));
        let privileges = widest(rows.iter().map(|[_, privilege, _]| privilege));
        let widths = [
            names.clamp(6, (room(look) / 3).max(6)),
            privileges.clamp(9, (room(look) / 5).clamp(9, 28)),
        ];
        let head = ["Action", "Privilege", "Synopsis"];
        line(out, head, [Role::Heading; 3], widths, look);
        let rule = room(look).min(72);
        let rule = look
            .palette
            .paint(Role::Dim, &String::from(signs::rule()).repeat(rule))
            .into_owned();
        end_line(out, &rule);
        let roles = [Role::Action, Role::Dim, Role::Value];
        for [name, privilege, synopsis] in &rows {
            line(out, [name, privilege, synopsis], roles, widths, look);
        }
    });
}

fn line(out: &mut Vec<u8>, row: [&str; 3], roles: [Role; 3], widths: [usize; 2], look: &Look) {
    let [name, privilege, synopsis] = row;
    let name = pad(name, widths[0]);
    // On the narrowest terminals there is room for the name alone.
    let left = room(look).saturating_sub(width(&name) + 2).min(widths[1]);
    let privilege = pad(&cut(privilege, left), left);
    let used = width(&name) + width(&privilege) + 4;
    let synopsis = cut(synopsis, room(look).saturating_sub(used));
    let [name, privilege, synopsis] = [
        look.palette.paint(roles[0], &name),
        look.palette.paint(roles[1], &privilege),
        look.palette.paint(roles[2], &synopsis),
    ];
    end_line(out, &format!("{name}  {privilege}  {synopsis}"));
}

/// The classes of which one is needed, `-` if none is; empty if the server has
/// not told.
fn classes(privileges: Option<&[Name]>) -> String {
    match privileges {
        None => String::new(),
        Some([]) => "-".to_owned(),
        Some(classes) => classes.join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::super::tests::{PLAIN, frames};
    use crate::ami::Reply;
    use crate::output::Fields;

    // One Action per line. A name too long for its column is still shown whole.
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
}
