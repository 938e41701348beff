//! `Permission denied` in words: the class that is missing, and where to add it.

use crate::ami::{Action, Reply, Status};
use crate::catalog::{needed, one_of};

/// What a refusal of `action` for want of a privilege is about; None for any
/// other Error. `user` is who is logged in, `banner` the server's first line.
pub(super) fn words(
    action: &Action,
    reply: &Reply,
    user: Option<&str>,
    banner: &[u8],
) -> Option<String> {
    let message = reply.message()?;
    if let (Some(user), true) = (user, message.starts_with("Originate Access Forbidden")) {
        let cure = cure(&["system"], user);
        return Some(format!(
            "{message}: what can run programs on the server (System, AGI, SHELL …) needs write=system as well; {cure}"
        ));
    }
    if message == "Command blacklisted" {
        let text = String::from_utf8_lossy(action.get("Command").unwrap_or_default());
        return super::cli::blacklisted(&text);
    }
    if !is_denied(reply) {
        return None;
    }
    let name = action.name();
    let Some(user) = user else {
        return Some(format!("{message}: log in before {name}"));
    };
    let what = match needed(&name, is_1_4(banner)) {
        Some([]) | None => format!(
            "which class {name} needs is not known here; `cli manager show command {name}` of a user with class command tells"
        ),
        Some(classes) => format!("{name} needs {}; {}", one_of(classes), cure(classes, user)),
    };
    Some(format!("{message}: {what}"))
}

/// Is it a refusal for want of a privilege? Before the login 1.4 has other
/// words for it.
pub(super) fn is_denied(reply: &Reply) -> bool {
    let words = ["Permission denied", "Authentication Required"];
    let message = reply.message().unwrap_or_default();
    reply.status() == Status::Error && words.contains(&&*message)
}

/// Does the banner say 1.0? Asterisk 1.4 and older, whose classes differ.
pub(super) fn is_1_4(banner: &[u8]) -> bool {
    banner.trim_ascii().ends_with(b"/1.0")
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
        words(&Action::new(name).unwrap(), &reply, user, banner.as_bytes())
    }

    // The server says two words; which class is missing is what an operator
    // has to find out otherwise, in another manual for each version.
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
        assert!(said.contains("needs write=system as well; add it to write= of user ann"));
    }

    #[test]
    fn other_errors_are_not_about_classes() {
        assert_eq!(said("DBPut", "No family specified", Some("ann"), "x"), None);
    }
}
