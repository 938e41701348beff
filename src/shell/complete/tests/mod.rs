//! Lines with a cursor, and what Tab does with them.

mod evil;
mod live;

use super::files::Entry;
use super::*;
use crate::catalog::{Catalog, Choice, Name, Page, Parameter, Value};
use crate::peer_text::PeerText;
use crate::shell::background;

/// What Tab offers at the `¦` of a line, separated by blanks.
type Row = (&'static str, &'static str);

/// Current values on the server: `text:about`, with `~` for a blank.
const THERE: &[(&str, &str)] = &[
    ("Queues", "support:3~members,~2~waiting sales Front~Desk"),
    (
        "Channels",
        "PJSIP/alice-00000001:Up PJSIP/bob-00000002 Local/200@default-00000003;1",
    ),
    ("Members(\"support\")", "PJSIP/alice Local/200@default"),
    ("Members(\"\")", "PJSIP/alice PJSIP/bob Local/200@default"),
    ("Endpoints", "alice bob trunk"),
    ("SipPeers", "desk"),
    ("IaxPeers", "branch"),
    ("Contexts", "default parkedcalls"),
    ("Extensions(\"default\")", "100 110 200 _X."),
    ("Functions", "CALLERID CHANNEL"),
    ("Cli(\"core show ch\")", "channel channels channeltypes"),
    ("Cli(\"\")", "core queue"),
];

fn peer(text: &str) -> PeerText<'static> {
    PeerText::new(text.as_bytes().to_vec())
}

fn parameter(key: &str, required: bool, repeatable: bool, choices: &[&str]) -> Parameter {
    let choice = |value: &&str| Choice {
        value: peer(value),
        about: PeerText::default(),
    };
    Parameter {
        key: Name::of_key(key.as_bytes()).unwrap(),
        required,
        repeatable,
        choices: choices.iter().map(choice).collect(),
        about: vec![peer(&format!("{key} of it"))],
    }
}

fn page(name: &str, parameters: Vec<Parameter>) -> Page {
    Page {
        parameters,
        ..Page::of(Name::of_action(name.as_bytes()).unwrap())
    }
}

fn catalog() -> Catalog {
    let bare = [
        "AgentLogoff",
        "Bridge",
        "BridgeDestroy",
        "Command",
        "ConfbridgeKick",
        "DAHDIHangup",
        "DBGet",
        "DBPut",
        "DialplanExtensionAdd",
        "DialplanExtensionRemove",
        "Events",
        "ExtensionState",
        "GetConfig",
        "Hangup",
        "Login",
        "MailboxCount",
        "MeetmeMute",
        "ModuleCheck",
        "ModuleLoad",
        "Park",
        "ParkedCalls",
        "PJSIPQualify",
        "PJSIPShowEndpoint",
        "PresenceState",
        "QueueChangePriorityCaller",
        "QueueRemove",
        "QueueRule",
        "QueueStatus",
        "QueueWithdrawCaller",
        "Redirect",
        "Setvar",
        "SIPnotify",
        "SIPshowpeer",
        "Status",
        "VoicemailUserStatus",
    ];
    let bare = bare.map(|name| page(name, Vec::new()));
    Catalog::default().and(bare).and([
        page(
            "QueueAdd",
            vec![
                parameter("ActionID", false, false, &[]),
                parameter("Queue", true, false, &[]),
                parameter("Interface", true, false, &[]),
                parameter("Penalty", false, false, &[]),
                parameter("Paused", false, false, &["yes", "no"]),
            ],
        ),
        page(
            "Originate",
            vec![
                parameter("ActionID", false, false, &[]),
                parameter("Channel", true, false, &[]),
                parameter("Variable", false, true, &[]),
                parameter("Async", false, false, &["true", "false"]),
            ],
        ),
        page(
            "Getvar",
            vec![
                parameter("Channel", false, false, &[]),
                parameter("Variable", true, false, &[]),
            ],
        ),
        page(
            "UserEvent",
            vec![
                parameter("UserEvent", true, false, &[]),
                parameter("Header1", false, false, &[]),
                parameter("HeaderN", false, true, &[]),
            ],
        ),
        page(
            "UpdateConfig",
            vec![
                parameter("SrcFilename", true, false, &[]),
                parameter("Action-000000", false, true, &["NewCat", "DelCat"]),
                parameter("Cat-000000", false, true, &[]),
            ],
        ),
        page(
            "Frob",
            vec![
                parameter("Key-XXXXXX", false, false, &[]),
                parameter("Unit(0)", false, false, &[]),
            ],
        ),
        page(
            "QueuePause",
            vec![
                parameter("Interface", true, false, &[]),
                parameter("Paused", true, false, &["true", "false"]),
                parameter(
                    "Reason",
                    false,
                    false,
                    &["lunch break", "it's over", "say \"hi\""],
                ),
            ],
        ),
    ])
}

/// What the server has sent so far; Found is not fresh for anything else.
fn there(kind: &Kind) -> background::Found {
    let row = THERE.iter().find(|(own, _)| format!("{kind:?}") == *own);
    let value = |word: &str| {
        let (text, about) = word.split_once(':').unwrap_or((word, ""));
        Value {
            text: peer(&text.replace('~', " ")),
            about: peer(about),
        }
    };
    let values = row.map(|(_, values)| values.split(' ').map(value).collect());
    background::Found {
        fresh: values.is_some(),
        values: values.unwrap_or_default(),
    }
}

/// The entries of a folder.
fn folder(name: &str) -> Vec<Entry> {
    let names: &[&str] = match name {
        "" => &[".hidden", "calls.ami", "lib/", "my calls"],
        "lib/" => &["more.ami"],
        _ => &[],
    };
    let entry = |name: &&str| Entry {
        name: name.trim_end_matches('/').to_owned(),
        is_folder: name.ends_with('/'),
    };
    names.iter().map(entry).collect()
}

#[track_caller]
fn holds(rows: &[Row]) {
    let catalog = catalog();
    let profiles = [
        Offer::value("office", "pbx"),
        Offer::value("outpost", "10.0.0.7"),
    ];
    let known = Known {
        catalog: &catalog,
        profiles: &profiles,
        values: &there,
        files: &folder,
    };
    let mut wrong = String::new();
    for (line, wanted) in rows {
        let position = line.find('¦').expect("a cursor");
        let buffer = line.replacen('¦', "", 1);
        let found = complete(&buffer, position, &known);
        let texts = found.candidates.iter().map(|one| one.text().to_owned());
        let asks = found.unknown.iter().map(|kind| format!("?{kind:?}"));
        let all: Vec<String> = texts.chain(asks).collect();
        let said = format!("{}>{}", &buffer[found.start..position], all.join(" "));
        if said != *wanted {
            wrong += &format!("{line:?}, {said:?}\n");
        }
    }
    assert_eq!(wrong, "");
}

// Names in any case, wherever one may begin: this is how people learn the
// protocol.
#[rustfmt::skip]
#[test]
fn names() {
    holds(&[
        ("coreshowchannels¦", "coreshowchannels>CoreShowChannels"),
        ("CoreShowCh¦", "CoreShowCh>CoreShowChannelMap CoreShowChannels"),
        ("PIN¦", "PIN>Ping"),
        ("  pin¦", "pin>Ping"),
        ("\tpin¦", "pin>Ping"),
        ("Ping\npin¦", "pin>Ping"),
        ("Ping\nping¦\nPing", "ping>Ping"),
        ("action: pin¦", "pin>Ping"),
        ("ACTION:  pin¦", "pin>Ping"),
        ("variable: x\naction:pin¦", "pin>Ping"),
        ("Action: Ping\n\npin¦", "pin>Ping"),
        ("Action: Ping\n\nAction: pin¦", "pin>Ping"),
        ("help pin¦", "pin>Ping"),
        ("help queuea¦", "queuea>QueueAdd"),
        ("help ping pin¦", "pin>"),
        ("hel¦", "hel>help"),
        ("qui¦", "qui>quit"),
        ("cl¦", "cl>cli"),
        ("pin¦ ActionID=1", "pin>Ping"),
        ("pin¦g", "pin>Ping"),
        ("queuead¦ Queue=a", "queuead>QueueAdd"),
        ("'pin¦", "pin>"),
        ("\"pin¦", "pin>"),
        ("a=b¦", "b>"),
        ("nosuch¦", "nosuch>"),
        ("#pin¦", "#pin>"),
        ("/doctor origin¦", "origin>Originate"),
    ]);
}

// Required keys first, ActionID last, and none twice unless repeatable. A bare
// word may be typed there too.
#[rustfmt::skip]
#[test]
fn keys() {
    holds(&[
        ("QueueAdd ¦", ">Queue= Interface= Penalty= Paused= StateInterface= ActionID= support sales 'Front Desk'"),
        ("queueadd ¦", ">Queue= Interface= Penalty= Paused= StateInterface= ActionID= support sales 'Front Desk'"),
        ("QueueAdd p¦", "p>Penalty= Paused="),
        ("QueueAdd P¦ Queue=x", "P>Penalty= Paused= PJSIP/alice PJSIP/bob PJSIP/trunk"),
        ("QueueAdd Queue=a ¦", ">Interface= Penalty= Paused= StateInterface= ActionID= PJSIP/alice PJSIP/bob PJSIP/trunk SIP/desk IAX2/branch Local/200@default"),
        ("QueueAdd queue=a i¦", "i>Interface= IAX2/branch"),
        ("QueueAdd ¦ Queue=a", ">Interface= Penalty= Paused= StateInterface= ActionID= PJSIP/alice PJSIP/bob PJSIP/trunk SIP/desk IAX2/branch Local/200@default"),
        ("QueueAdd a ¦", ">Interface= Penalty= Paused= StateInterface= ActionID= PJSIP/alice PJSIP/bob PJSIP/trunk SIP/desk IAX2/branch Local/200@default"),
        ("QueueAdd a b ¦", ">Penalty= Paused= StateInterface= ActionID="),
        ("QueueAdd Queue=a Interface=b ¦", ">Penalty= Paused= StateInterface= ActionID="),
        ("QueueAdd Queue=a Interface=b Penalty=1 Paused=no StateInterface= MemberName=x Reason=y ¦", ">ActionID="),
        ("QueueAdd I¦ Penalty=1", "I>Interface="),
        ("QueueAdd Action¦", "Action>ActionID="),
        ("Originate Variable=a Var¦", "Var>Variable="),
        ("Originate Channel=a ¦", ">Variable= Async= ActionID= default parkedcalls"),
        ("Originate c¦", "c>Channel="),
        ("Ping ¦", ">"),
        ("Ping a¦", "a>"),
        ("NoSuch ¦", ">"),
        ("UserEvent ¦", ">UserEvent="),
        ("UpdateConfig SrcFilename=a DstFilename=b ¦", ">Action-000000= Cat-000000="),
        ("UpdateConfig Action-000000=newcat A¦", "A>Action-000001= ?ConfigFiles"),
        ("Frob ¦", ">Key-000000= Unit(0)="),
        ("Frob Key-000000=1 Unit(0)=2 ¦", ">Key-000001= Unit(1)="),
        ("Hangup ¦", ">PJSIP/alice-00000001 PJSIP/bob-00000002 Local/200@default-00000003;1"),
        ("Hangup Ch¦", "Ch>"),
        ("Getvar ¦", ">Variable= Channel= CALLERID( CHANNEL( PJSIP/alice-00000001 PJSIP/bob-00000002 Local/200@default-00000003;1"),
        ("Getvar Channel=x ¦", ">Variable= CALLERID( CHANNEL("),
        ("Action: QueueAdd\nqueue: a\np¦", "p>Penalty:  Paused: "),
        ("Action: QueueAdd\n¦\nqueue: a", ">Interface:  Penalty:  Paused:  StateInterface:  ActionID: "),
        ("Action: QueueAdd\nQ¦", "Q>Queue: "),
        ("x: QueueAdd\nA¦", "A>Action: "),
        ("x: y\n¦", ">Action: "),
        ("queue: a\nAction: QueueAdd\nI¦", "I>Interface: "),
        ("Ping\n\nAction: QueueAdd\nQueue: x\n\nQueueAdd P¦", "P>Penalty= Paused="),
    ]);
}

// Documented values, in quotes if the language needs them, or in the quote that
// was opened.
#[rustfmt::skip]
#[test]
fn choices() {
    holds(&[
        ("QueueAdd Paused=¦", ">yes no"),
        ("QueueAdd paused=Y¦", "Y>yes"),
        ("QueueAdd Paused=¦ Queue=a", ">yes no"),
        ("QueueAdd Paused=y¦es", "y>yes"),
        ("QueuePause Interface=a t¦", "t>true"),
        ("QueuePause a t¦", "t>true"),
        ("QueuePause a ¦", ">Paused= Reason= true false"),
        ("QueuePause a true support l¦", "l>'lunch break'"),
        ("QueuePause a true support 'l¦", "'l>'lunch break'"),
        ("QueuePause Reason=l¦", "l>'lunch break'"),
        ("QueuePause Reason=L¦", "L>'lunch break'"),
        ("QueuePause Reason=\"l¦", "\"l>\"lunch break\""),
        ("QueuePause Reason=\"l¦\"", "\"l>\"lunch break\""),
        ("QueuePause Reason='l¦'", "'l>'lunch break'"),
        ("QueuePause Reason='lunch b¦", "'lunch b>'lunch break'"),
        ("QueuePause Reason=\"lunch b¦", "\"lunch b>\"lunch break\""),
        ("QueuePause Reason='say¦", "'say>'say \"hi\"'"),
        ("QueuePause Reason=\"say¦", "\"say>\"say \\\"hi\\\"\""),
        ("QueuePause Reason=\"say \\\"h¦", "\"say \\\"h>\"say \\\"hi\\\"\""),
        ("QueuePause Reason=say¦", "say>'say \"hi\"'"),
        ("QueuePause Reason='it¦", "'it>\"it's over\""),
        ("QueuePause Reason=\"it¦", "\"it>\"it's over\""),
        ("QueuePause Reason=it¦", "it>\"it's over\""),
        ("Action: QueuePause\nReason: l¦", "l>lunch break"),
        ("Action: QueuePause\nReason: ¦", ">lunch break it's over say \"hi\""),
        ("Action: QueuePause\nPaused:t¦", "t>true"),
        ("Originate Async=¦", ">true false"),
        ("Events ¦", ">on off system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message"),
        ("Events EventMask=¦", ">on off system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message"),
        ("Events EventMask=call,a¦", "a>agent agi aoc"),
        ("Events EventMask='call,a¦", "a>agent agi aoc"),
        ("Events call,cd¦", "cd>cdr"),
        ("Login Events=sy¦", "sy>system"),
        ("Action: Events\nEventMask: call,d¦", "d>dtmf dialplan"),
    ]);
}
