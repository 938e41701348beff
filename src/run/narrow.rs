//! Server-side filters for streams: the server leaves out what the stream's
//! filter drops.
//!
//! Only excludes are sent: an include could widen what the filters of the
//! user's manager.conf let through. And only for events that the filter drops
//! whatever their headers. Whether the server complies does not matter:
//! everything is filtered here as well.

use crate::ami::Action;
use crate::language::Expr;

/// The most filters sent: servers test every event against every filter.
const MOST: usize = 16;

/// The longest event name, in bytes. A letter becomes four bytes, and a line
/// holds about 200 letters.
const LONGEST: usize = 100;

/// The Filter Actions that exclude what `filter` drops by name. The event that
/// ends the stream, the first to match `last`, must still come.
pub fn actions(filter: Option<&Expr>, last: Option<&Expr>) -> Vec<Action> {
    let filter = filter.filter(|_| last.is_none());
    let plain = |name: &&str| {
        name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    // The session learns from Shutdown why the link ends.
    let spared = |name: &&str| !name.eq_ignore_ascii_case("Shutdown");
    let names = filter.into_iter().flat_map(Expr::excluded);
    let names = names.filter(plain).filter(spared);
    let action = |name| {
        let pattern = pattern(name);
        Action::own("Filter", &[("Operation", "Add"), ("Filter", &pattern)])
    };
    names.take(MOST).map(action).collect()
}

/// The regular expression that drops the event `name`, ignoring case, and
/// nothing else.
///
/// The server searches the whole text of the event. `^` matches only at the
/// start of that text, not of a line (22, 16), so a UserEvent with a body that
/// looks like the event stays; and the line end keeps longer names that begin
/// alike.
fn pattern(name: &str) -> String {
    let mut pattern = "!^Event: ".to_owned();
    for letter in name.chars() {
        match letter.is_ascii_digit() {
            true => pattern.push(letter),
            false => {
                let both = [letter.to_ascii_uppercase(), letter.to_ascii_lowercase()];
                pattern.push('[');
                pattern.extend(both);
                pattern.push(']');
            }
        }
    }
    pattern + "[[:cntrl:]]"
}

#[cfg(test)]
mod tests {
    use super::*;

    // A Filter that matches too much loses events unnoticed.
    #[test]
    fn a_filter_drops_this_event_and_no_other() {
        let sent = |filter: &str| -> Vec<String> {
            let filter = Expr::parse(filter.as_bytes()).unwrap();
            let text = |action: Action| {
                String::from_utf8_lossy(action.get("Filter").unwrap()).into_owned()
            };
            actions(Some(&filter), None).into_iter().map(text).collect()
        };
        assert_eq!(
            sent("!VarSet !dtmf"),
            [
                "!^Event: [Vv][Aa][Rr][Ss][Ee][Tt][[:cntrl:]]",
                "!^Event: [Dd][Tt][Mm][Ff][[:cntrl:]]"
            ]
        );
        let none: [&str; 0] = [];
        for filter in [
            "VarSet",
            "!Var*",
            "!Shutdown",
            "!VarSet,Hangup",
            "Variable!=x",
        ] {
            assert_eq!(sent(filter), none, "{filter}");
        }
        assert!(sent(&"!A ".repeat(100)).len() <= MOST);
    }
}
