//! Hints, as tables.

use super::*;
use crate::ami::{Packet, Reply};
use crate::catalog::{Choice, Listing, Name};

fn parameter(key: &str, about: &str) -> Parameter {
    let choices = about.split_once(" (").map_or("", |(_, choices)| choices);
    let choices = choices
        .trim_end_matches(')')
        .split('|')
        .filter(|one| !one.is_empty());
    Parameter {
        key: Name::of_key(key.trim_end_matches(['!', '*']).as_bytes()).unwrap(),
        required: key.contains('!'),
        repeatable: key.contains('*'),
        choices: choices
            .map(|value| Choice {
                value: PeerText::new(value.as_bytes().to_vec()),
                about: PeerText::default(),
            })
            .collect(),
        about: vec![PeerText::new(about.as_bytes().to_vec())],
    }
}

fn page(name: &str, synopsis: &str, keys: &[(&str, &str)]) -> Page {
    Page {
        synopsis: PeerText::new(synopsis.as_bytes().to_vec()),
        parameters: keys
            .iter()
            .map(|(key, about)| parameter(key, about))
            .collect(),
        ..Page::of(Name::of_action(name.as_bytes()).unwrap())
    }
}

fn known() -> Catalog {
    let text = b"Response: Success\r\nPing: Keepalive.  (Priv: <none>)\r\nQueueAdd: x  (Priv: agent,all)\r\n\r\n";
    let listing = Listing::of(&Reply::single(Packet::new(text.to_vec().into())));
    Catalog::with(listing).and([
        page(
            "QueueAdd",
            "Add interface to queue.",
            &[
                ("ActionID", "ActionID for this transaction."),
                ("Queue!", "Queue's name."),
                (
                    "Interface!",
                    "The name of the interface (tech/name).  To be\n added.",
                ),
                ("Penalty", "A penalty. 0 is the first to be called."),
                ("Paused", "Whether it is paused (true|false)"),
            ],
        ),
        page("Ping", "Keepalive command.", &[("ActionID", "x")]),
        page(
            "Originate",
            "Call.",
            &[("Channel!", "Whom."), ("Variable*", "A variable.")],
        ),
        page(
            "Setvar",
            "Set.",
            &[
                ("Channel", ""),
                ("Variable!", "Its \x1b[31mname."),
                ("Value!", ""),
            ],
        ),
    ])
}

/// The hint, with `!` before one that can be taken.
fn hinted(buffer: &str, entry: Option<&str>) -> String {
    let hint = hint(buffer, &known(), entry);
    hint.map_or_else(String::new, |hint| match hint.rest {
        Some(rest) => format!("!{rest}"),
        None => hint.text,
    })
}

// Users should see while typing what they would look up in a manual.
#[test]
fn what_may_follow() {
    let all = "Queue=<name> Interface=<tech/name> [Penalty=] [Paused=] [StateInterface=]";
    for (line, wanted) in [
        ("", ""),
        ("  ", ""),
        ("QueueAd", ""),
        ("nosuch ", ""),
        ("queueadd", &format!(" {all}")),
        ("QueueAdd ", all),
        (
            "QueueAdd support ",
            "Interface=<tech/name> [Penalty=] [Paused=] [StateInterface=]",
        ),
        (
            "QueueAdd Interface=Local/1 ",
            "Queue=<name> [Penalty=] [Paused=] [StateInterface=]",
        ),
        ("QueueAdd support", "  Queue: Queue's name"),
        ("QueueAdd 'sup", "  Queue: Queue's name"),
        ("QueueAdd qu", "eue=  Queue's name"),
        (
            "QueueAdd support Int",
            "erface=  The name of the interface (tech/name)",
        ),
        // Two keys begin like this; as a bare word it would be the penalty.
        ("QueueAdd a b P", "  Penalty: A penalty"),
        (
            "QueueAdd Interface=",
            "<tech/name>  The name of the interface (tech/name)",
        ),
        (
            "QueueAdd Interface=Loc",
            "  The name of the interface (tech/name)",
        ),
        (
            "QueueAdd Interface='Loc",
            "  The name of the interface (tech/name)",
        ),
        (
            "QueueAdd Paused=",
            "<true|false>  Whether it is paused (true|false)",
        ),
        ("QueueAdd Foo=", ""),
        ("Ping", "  Keepalive command."),
        ("Ping ", ""),
        ("Originate Local/1 Variable=a=1 ", "[Variable=…]"),
        // Documentation is untrusted text, too.
        ("Setvar Variable=x", "  Its \\x1b[31mname"),
        ("Setvar Variable=x Value", "="),
        ("cli", " a command of the Asterisk CLI"),
        ("cli core sh", ""),
        ("/connect", " TARGET"),
        ("/connect ", "TARGET"),
        ("/connect x", ""),
        ("Action: Ping", "  Keepalive command."),
        (
            "Action: QueueAdd\n",
            "Queue: <name> Interface: <tech/name> [Penalty:] [Paused:] [StateInterface:]; an empty line sends it",
        ),
        (
            "Action: QueueAdd\nqueue: x\nInt",
            "erface:  The name of the interface (tech/name)",
        ),
        ("Action: QueueAdd\nQueue: ", "<name>  Queue's name"),
        ("Action: Ping\n", "an empty line sends it"),
        (
            "Ping\nQueueAdd Interface=x support",
            "  Queue: Queue's name",
        ),
    ] {
        assert_eq!(hinted(line, None), wanted, "{line:?}");
    }
}

// Only text that was typed before may be taken: a usage is not to be sent.
#[test]
fn an_entry_of_the_history_comes_first_and_can_be_taken() {
    for (line, entry, wanted) in [
        ("Queue", "QueueAdd support Local/1", "!Add support Local/1"),
        ("QueueAdd ", "QueueAdd support Local/1", "!support Local/1"),
        ("Ping", "Ping", "  Keepalive command."),
        ("Action: P", "Action: Ping\nActionID: 1\n\n", "!ing"),
        (
            "Action: Ping\nActionID: ",
            "Action: Ping\nActionID: 1\n\n",
            "!1",
        ),
        (
            "Action: Ping\n",
            "Action: Ping\n\n",
            "an empty line sends it",
        ),
    ] {
        assert_eq!(hinted(line, Some(entry)), wanted, "{line:?}");
    }
}

// A hint in two rows would be left behind by the next event.
#[test]
fn a_hint_ends_before_the_row_does() {
    let cut = |text: &str, before: &str, width| {
        let hint = Hint {
            text: text.to_owned(),
            rest: None,
        };
        hint.cut(before, width).map(|hint| hint.text)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(cut("12345", "> 89", 10), some("12345"));
    assert_eq!(cut("123456", "> 89", 10), some("1234…"));
    assert_eq!(cut("12345", "> 89ab", 10), None);
    assert_eq!(cut("123", "> 89ab", 10), some("123"));
    // A line of exactly one row, and one that wraps.
    assert_eq!(cut("123", "> 89abcdef", 10), some("123"));
    assert_eq!(cut("123456789", "> 89abcdefg", 10), some("1234567…"));
    // Wide characters take two columns and are never split.
    assert_eq!(cut("日本語日本語", "> ", 10), some("日本語…"));
    assert_eq!(cut("123456789", "> 日本語日本", 11), some("1234567…"));
    assert_eq!(cut("1234567890", "x\n> ", 10), some("123456…"));
    assert_eq!(cut("ab", "", 0), None);
}
