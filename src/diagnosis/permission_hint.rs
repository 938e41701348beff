//! Explains `Permission denied`: the class that is missing, and where to add
//! it.

use crate::ami::banner::is_1_4;
use crate::ami::{Action, Reply, Status};
use crate::catalog::{needed, one_of};
use crate::peer_text::visible;

/// Explains a refusal of `action` for lack of a privilege; None for any other
/// Error. `user` is who is logged in, `banner` the server's first line.
pub fn permission_hint(
    action: &Action,
    reply: &Reply,
    user: Option<&str>,
    banner: &[u8],
) -> Option<String> {
    let said = reply.message()?;
    let message = said.terminal();
    if let (Some(user), true) = (user, message.starts_with("Originate Access Forbidden")) {
        let cure = cure(&["system"], user);
        return Some(format!(
            "{message}: anything that can run programs on the server (System, AGI, SHELL …) also needs write=system; {cure}"
        ));
    }
    if message == "Command blacklisted" {
        let text = visible::text(action.get("Command").unwrap_or_default());
        return match is_1_4(banner) {
            true => Some(format!(
                "not available over AMI; on the server's machine type: asterisk -rx '{text}'"
            )),
            false => crate::language::asterisk_cli::blacklisted(&text),
        };
    }
    if !is_denied(reply) {
        return None;
    }
    let name = action.name();
    let Some(user) = user else {
        return Some(format!("{message}: log in before {name}"));
    };
    let what = match needed(&name, is_1_4(banner)).as_deref() {
        Some([]) | None => format!(
            "the class that {name} needs is not known; a user with class command can find it with `cli manager show command {name}`"
        ),
        Some(classes) => format!("{name} needs {}; {}", one_of(classes), cure(classes, user)),
    };
    Some(format!("{message}: {what}"))
}

/// Whether it is a refusal for lack of a privilege. Before the login 1.4 words
/// it differently.
pub fn is_denied(reply: &Reply) -> bool {
    let words = ["Permission denied", "Authentication Required"];
    let message = reply.message().unwrap_or_default();
    reply.status() == Status::Error && words.iter().any(|word| message.is(word))
}

fn cure(classes: &[&str], user: &str) -> String {
    let add = match classes {
        [_] => "add it",
        _ => "add one",
    };
    format!("{add} to write= of user {user} in manager.conf, reload it and log in again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    fn said(name: &str, message: &str, user: Option<&str>, banner: &str) -> Option<String> {
        let bytes = format!("Response: Error\r\nMessage: {message}\r\n\r\n");
        let reply = Reply::single(Packet::new(bytes.into_bytes().into()));
        permission_hint(&Action::new(name).unwrap(), &reply, user, banner.as_bytes())
    }

    // The server says only two words; otherwise the operator has to look up the
    // missing class in the documentation of that version.
    #[test]
    fn a_refusal_names_the_class() {
        let denied = "Permission denied";
        let new = "Asterisk Call Manager/11.0.0\r\n";
        let old = "Asterisk Call Manager/1.0\r\n";
        for (name, banner, part) in [
            (
                "DBPut",
                new,
                "DBPut needs write=system; add it to write= of user ann",
            ),
            (
                "status",
                new,
                "status needs one of write=system,call,reporting; add one to",
            ),
            ("Originate", new, "Originate needs write=originate;"),
            ("Originate", old, "Originate needs write=call;"),
            ("OfAModule", new, "manager show command OfAModule"),
        ] {
            let said = said(name, denied, Some("ann"), banner).unwrap();
            assert!(
                said.starts_with("Permission denied: ") && said.contains(part),
                "{said}"
            );
        }
    }

    #[test]
    fn before_the_login_the_class_is_not_the_point() {
        for message in ["Permission denied", "Authentication Required"] {
            let said = said("Ping", message, None, "x/1.0").unwrap();
            assert_eq!(said, format!("{message}: log in before Ping"));
        }
        let forbidden = "Originate Access Forbidden: app or data blacklisted";
        let said = said("Originate", forbidden, Some("ann"), "x").unwrap();
        assert!(said.contains("also needs write=system; add it to write= of user ann"));
    }

    #[test]
    fn other_errors_are_not_about_classes() {
        assert_eq!(said("DBPut", "No family specified", Some("ann"), "x"), None);
    }
}
