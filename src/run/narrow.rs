//! What a stream need not get: the server leaves out what its filter drops.
//!
//! Only excludes are sent, never what is wanted: an include could widen what
//! the filters of the user's manager.conf let through. And only events that the
//! filter drops whatever else is in them. It is no matter whether the server
//! does so: what is shown passes the filter here all the same.

use super::stream::Until;
use crate::ami::Action;
use crate::language::Expr;

/// Servers test every event against every filter.
const MOST: usize = 16;

/// A letter becomes four bytes, and a line has room for some two hundred.
const LONGEST: usize = 100;

/// The Filter actions that keep from coming what `filter` drops by its name.
pub fn actions(filter: Option<&Expr>, until: &Until) -> Vec<Action> {
    // An event that ends the stream must come, whatever the filter says of it.
    let filter = filter.filter(|_| until.event.is_none());
    let plain = |name: &&str| {
        name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    // The session reads from it why the link ends.
    let spared = |name: &&str| !name.eq_ignore_ascii_case("Shutdown");
    let names = filter.into_iter().flat_map(Expr::excluded);
    let names = names.filter(plain).filter(spared);
    let action = |name| {
        let pattern = pattern(name);
        Action::own("Filter", &[("Operation", "Add"), ("Filter", &pattern)])
    };
    names.take(MOST).map(action).collect()
}

/// The regular expression that drops the event `name`, in any case, and no
/// other.
///
/// The server searches the whole text of the event. `^` is the begin of that
/// text and of no line (22, 16), so a UserEvent whose body looks like the event
/// stays; and the end of the line keeps those whose name begins alike.
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

    // A Filter that says too much loses events, and nobody would notice.
    #[test]
    fn a_filter_drops_this_event_and_no_other() {
        let sent = |filter: &str| -> Vec<String> {
            let filter = Expr::parse(filter.as_bytes()).unwrap();
            let text = |action: Action| {
                String::from_utf8_lossy(action.get("Filter").unwrap()).into_owned()
            };
            actions(Some(&filter), &Until::default())
                .into_iter()
                .map(text)
                .collect()
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
