use super::*;
use crate::ami::{Frame, Framer, Reply};
use crate::catalog::actions as table;
use crate::catalog::page::Origin;

pub(super) fn read(text: &str) -> Vec<Page> {
    actions(&text.split('\n').map(str::as_bytes).collect::<Vec<_>>()).pages
}

/// The texts as shown to the user.
fn shown<'a>(texts: impl IntoIterator<Item = &'a PeerText<'static>>) -> Vec<String> {
    let texts = texts.into_iter();
    texts.map(|text| text.terminal().into_owned()).collect()
}

/// Keys with `!` where required and `*` where repeatable, and their values.
pub(super) fn keys(page: &Page) -> String {
    let keys = page.parameters.iter().map(|one| {
        let mark = |is: bool, mark| if is { mark } else { "" };
        let values = shown(one.choices.iter().map(|choice| &choice.value)).join("|");
        format!(
            "{}{}{}{}{values}",
            one.key,
            mark(one.required, "!"),
            mark(one.repeatable, "*"),
            mark(!values.is_empty(), "="),
        )
    });
    keys.collect::<Vec<_>>().join(" ")
}

/// The first answer of a recording that contains a page.
fn recorded(name: &str) -> Reply {
    let root = env!("CARGO_MANIFEST_DIR");
    let bytes = std::fs::read(format!("{root}/tests/transcripts/{name}.txt")).unwrap();
    let mut framer = Framer::new();
    framer.feed(&bytes);
    let frames = std::iter::from_fn(|| framer.next_frame());
    let packets = frames.filter_map(|frame| match frame {
        Frame::Packet(packet) => Some(packet),
        _ => None,
    });
    let mut replies = packets.map(Reply::single);
    let has_page = |reply: &Reply| {
        reply
            .output()
            .is_some_and(|text| !actions(&text).pages.is_empty())
    };
    replies.find(has_page).unwrap()
}

// The same Action as printed by three generations, in both wire forms:
// completion of keys depends on it.
#[test]
fn every_generation_of_sections_is_read() {
    let page = |name| {
        let reply = recorded(name);
        let mut pages = actions(&reply.output().unwrap()).pages;
        assert_eq!(pages.len(), 1, "{name}");
        pages.remove(0)
    };
    let first = "ActionID Channel! Exten Context Priority Application Data Timeout CallerID \
        Variable* Account";
    let old = page("asterisk-1.8/command_manager_show_originate");
    assert_eq!(keys(&old), format!("{first} Async=true Codecs"));
    assert!(old.synopsis.is("Originate a call."));
    assert!(old.privileges.is_empty() && old.since.is_empty());
    let middle = page("asterisk-16/manager-show-command-originate");
    let rest = "EarlyMedia=true Async=true Codecs ChannelId OtherChannelId";
    assert_eq!(keys(&middle), format!("{first} {rest}"));
    assert_eq!(middle.privileges, ["originate"]);
    let new = page("asterisk-22/manager-show-command-originate");
    assert_eq!(keys(&new), format!("{first} {rest} PreDialGoSub"));
    assert_eq!(new.name, "Originate");
    assert!(new.since.is("0.2.0"));
    assert_eq!(shown(&new.see_also), ["OriginateResponse"]);
    assert_eq!(
        shown(&new.description),
        [
            "Generates an outgoing call to a <Extension>/<Context>/<Priority> or <Application>/<Data>"
        ]
    );
    let context = new.parameter("exten").unwrap();
    assert_eq!(
        shown(&context.about),
        ["Extension to use (requires 'Context' and 'Priority')"]
    );
    assert_eq!(new.origin, Origin::Server);
}

// A list names its events; one page must not run into the next.
#[test]
fn pages_one_below_the_other_are_told_apart() {
    let text = "\
[Syntax]
Action: Status
[ActionID:] <value>
[AllVariables:] <value>

[Synopsis]
List channel status. 

[Arguments]
ActionID
    ActionID for this transaction. Will be returned.
AllVariables
    If set to \"true\", the Status event will include all channel variables for
    the requested channel(s).
    true
    false

[Privilege]
system,call,reporting,all

[List Responses]
Event: Status
[Synopsis]
Raised in response to a Status command.

[Syntax]
Event: Status
Channel: <value>

[Final Response]
Event: StatusComplete
[Syntax]
Event: StatusComplete
Items: <value>

[Syntax]
Action: Ping
[ActionID:] <value>

[Synopsis]
Keepalive command. 

[Later Section]
Of a version to come.

[Description]
Not available

";
    let pages = read(text);
    let status = &pages[0];
    assert_eq!(keys(status), "ActionID AllVariables=true|false");
    assert_eq!(status.items, ["Status"]);
    assert_eq!(status.completion.as_deref(), Some("StatusComplete"));
    let all = status.parameter("AllVariables").unwrap();
    assert_eq!(all.about.len(), 1, "{:?}", all.about);
    let ping = &pages[1];
    assert_eq!(
        (ping.name.as_str(), &*ping.synopsis.terminal()),
        ("Ping", "Keepalive command.")
    );
    assert!(ping.description.is_empty() && ping.items.is_empty());
    assert_eq!(pages.len(), 2);
}

// 1.4 has no sections, and some of its pages no documentation; the built-in
// table fills in and is named as the source.
#[test]
fn plain_text_is_read() {
    let text = "\
Action: Setvar
Synopsis: Set Channel Variable
Privilege: call,all
Description: Set a global or local channel variable.
Variables: (Names marked with * are required)
\tChannel: Channel to set variable for
\t*Variable: Variable name
\t*Value: Value

Action: Events
Synopsis: Control Event Flow
Privilege: <none>
Description: Enable/Disable sending of events to this manager
  client.
Variables:
\tEventMask: 'on' if all events should be sent,
\t\t'off' if no events should be sent,
\t\t'system,call,log' to select which flags events should have to be sent.

Action: Ping
Synopsis: Keepalive command
Privilege: <none>
Description: A 'Ping' action will ellicit a 'Pong' response.  Used to keep the   manager connection open.
Variables: NONE

Action: Hangup
Synopsis: Hangup Channel
Privilege: call,all

";
    let pages = read(text);
    let all: Vec<(&str, String)> = pages.iter().map(|p| (p.name.as_str(), keys(p))).collect();
    assert_eq!(
        all,
        [
            ("Setvar", "Channel Variable! Value!".to_owned()),
            ("Events", "EventMask!".to_owned()),
            ("Ping", String::new()),
            ("Hangup", keys(table::page("Hangup").unwrap())),
        ]
    );
    assert_eq!(
        shown(&pages[0].description),
        ["Set a global or local channel variable."]
    );
    assert_eq!(pages[0].privileges, ["call"]);
    assert_eq!(pages[1].parameters[0].about.len(), 1);
    let origins: Vec<Origin> = pages.iter().map(|page| page.origin).collect();
    let (server, ours) = (Origin::Server, Origin::BuiltIn);
    assert_eq!(origins, [server, server, server, ours]);
}

// The items of a list are values; their descriptions, and lists inside those,
// are not.
#[test]
fn values_are_told_from_text() {
    for (text, about, values) in [
        (
            "    in - Set muting on the audio stream that comes in from the channel to the\n    PBX.\n    all - Both.",
            0,
            "in|all",
        ),
        ("    Desired state.\n    on\n    off", 1, "on|off"),
        ("    Digest to use. Valid values are:\n    MD5", 1, "MD5"),
        ("    Timeout", 1, ""),
        ("    To pause or not (true/false or 1/0).", 1, "true|false"),
        (
            "    Set to 'true' to pause or 'false' to unpause.",
            1,
            "true|false",
        ),
        (
            "    If this parameter is \"all\", all are muted. See 'x'.",
            1,
            "all",
        ),
        ("    on - All.\n    system,call,... - Some.", 1, "on"),
        (
            "    Options:\n    NewCat - One of\n        allowdups - Twice.\n    Other",
            4,
            "",
        ),
    ] {
        let lines: Vec<&str> = text.split('\n').collect();
        let (found, choices) = Wrapped::Words.argument(&lines);
        let found_values = shown(choices.iter().map(|one| &one.value));
        assert_eq!(
            (found.len(), found_values.join("|").as_str()),
            (about, values),
            "{text}"
        );
    }
}

// 16 prints VarSet once for each module that documents it; 22 has an event
// without syntax; an unknown one is answered by a sentence.
#[test]
fn events_are_read_and_put_together() {
    let read = |text: &str| {
        let lines: Vec<&[u8]> = text.split('\n').map(str::as_bytes).collect();
        event(&lines).pages.pop()
    };
    let twice = "Event: VarSet\n[Synopsis]\nOf a channel.\n\n[Syntax]\nEvent: VarSet\n\
        Variable: <value>\n\nEvent: VarSet\n[Synopsis]\nOf a frame.\n\n[Syntax]\nEvent: VarSet\n\
        Variable: <value>\nValue: <value>\n\n[See Also]\nSet()\n";
    let page = read(twice).unwrap();
    assert_eq!(keys(&page), "Variable! Value!");
    assert_eq!(
        (page.synopsis.terminal().as_ref(), shown(&page.description)),
        ("Of a channel.", vec!["Of a frame.".to_owned()])
    );
    let bare = "Event: Rename\n\n  -= Info about Manager Event 'Rename' =- \n\n[Synopsis]\nx\n\n\
        [Syntax]\nNot available\n";
    assert_eq!(read(bare).unwrap().name, "Rename");
    assert_eq!(read("Could not find event 'X'"), None);
    let names: Vec<&[u8]> = vec![b" AgentCalled Alarm Alarm _EOF_"];
    assert_eq!(event_names(&names), ["AgentCalled", "Alarm"]);
}

// Nothing that a server prints may crash amish.
#[test]
fn garbage_is_no_page() {
    for text in [
        "",
        "[Syntax]",
        "[Syntax]\nAction: ",
        "Action: \nSynopsis:",
        "\u{1b}[",
        "[]",
        "[Arguments]\n\nX",
    ] {
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            read(&text[..cut]);
            event(&[&text.as_bytes()[..cut]]);
        }
    }
    assert_eq!(
        read("\u{1b}[1;32m[Syntax]\u{1b}[0m\nAction: X\n")[0].name,
        "X"
    );
}
