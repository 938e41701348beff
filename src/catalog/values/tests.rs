//! Real servers' answers, and the values in them.

use super::*;
use crate::ami::{Action, Ending, Frame, Framer, Reply};

/// The packets of `text` as the answer to one Action.
fn reply(text: &str) -> Reply {
    let mut framer = Framer::new();
    framer.feed(b"banner\r\n");
    framer.feed(text.as_bytes());
    let mut packets = std::iter::from_fn(|| framer.next_frame()).filter_map(|frame| match frame {
        Frame::Packet(packet) => Some(packet),
        _ => None,
    });
    let response = packets.next();
    let mut items: Vec<_> = packets.collect();
    let completion = items.pop();
    Reply {
        response,
        items,
        completion,
        ending: Ending::Complete,
        flown: None,
    }
}

/// A list of these items.
fn list(items: &[&str]) -> Reply {
    let items: String = items.iter().map(|item| format!("{item}\n\n")).collect();
    let text = format!("Response: Success\nMessage: it follows\n\n{items}Event: Complete\n\n");
    reply(&text.replace('\n', "\r\n"))
}

/// The output of a CLI command.
fn output(lines: &[&str]) -> Reply {
    let lines: String = lines
        .iter()
        .map(|line| format!("Output: {line}\n"))
        .collect();
    let text = format!("Response: Success\nMessage: Command output follows\n{lines}\n");
    reply(&text.replace('\n', "\r\n"))
}

/// `text  about` of each value that the source number `source` reads.
fn read(kind: &Kind, source: usize, reply: &Reply) -> Vec<String> {
    let sources = kind.sources();
    let values = sources[source].values(reply).expect("it is known");
    let row = |value: &Value| format!("{}  {}", value.text.terminal(), value.about.terminal());
    values.iter().map(row).collect()
}

fn question(kind: &Kind, source: usize) -> Action {
    kind.sources().swap_remove(source).question
}

// Descriptions are what users choose by.
#[test]
fn lists_tell_names_and_states() {
    let queues = list(&[
        "Event: QueueParams\nQueue: support\nCalls: 2",
        "Event: QueueMember\nQueue: support\nName: Alice\nLocation: PJSIP/alice\nStatus: 1\nPaused: 1",
        "Event: QueueMember\nQueue: support\nName: Bob\nLocation: PJSIP/bob\nStatus: 6\nPaused: 0",
        "Event: QueueEntry\nQueue: support\nPosition: 1\nChannel: PJSIP/c-1\nCallerIDNum: 77\nWait: 9",
        "Event: QueueParams\nQueue: sales\nCalls: 0",
        "Event: QueueMember\nQueue: sales\nName: Bob\nLocation: PJSIP/bob\nStatus: 1\nPaused: 0",
    ]);
    let told = |kind: &Kind| read(kind, 0, &queues);
    assert_eq!(
        told(&Kind::Queues),
        [
            "support  2 members, 2 waiting",
            "sales  1 member, 0 waiting"
        ]
    );
    assert_eq!(
        told(&Kind::Members("support".to_owned())),
        [
            "PJSIP/alice  Alice, not in use, paused",
            "PJSIP/bob  Bob, ringing"
        ]
    );
    assert_eq!(
        told(&Kind::Callers("support".to_owned())),
        ["PJSIP/c-1  77, position 1, waits 9 s"]
    );
    for (kind, item, wanted) in [
        (
            Kind::Channels,
            "Event: CoreShowChannel\nChannel: PJSIP/a-1\nChannelStateDesc: Up\nCallerIDNum: 100\nApplication: Queue\nApplicationData: support",
            "PJSIP/a-1  Up, 100, Queue(support)",
        ),
        // 1.8 writes CallerIDnum.
        (
            Kind::Channels,
            "Event: CoreShowChannel\nChannel: SIP/a-1\nChannelStateDesc: Ring\nCallerIDnum: 100\nApplication: \nApplicationData: ",
            "SIP/a-1  Ring, 100",
        ),
        (
            Kind::Endpoints,
            "Event: EndpointList\nObjectName: alice\nDeviceState: Not in use\nActiveChannels: ",
            "alice  not in use",
        ),
        (
            Kind::Endpoints,
            "Event: EndpointList\nObjectName: alice\nDeviceState: In use\nActiveChannels: PJSIP/alice-1,PJSIP/alice-2",
            "alice  in use, 2 channels",
        ),
        (
            Kind::Bridges,
            "Event: BridgeListItem\nBridgeUniqueid: 361d\nBridgeType: basic\nBridgeNumChannels: 2",
            "361d  basic, 2 channels",
        ),
        (
            Kind::Agents,
            "Event: Agents\nAgent: 1001\nName: Alice\nStatus: AGENT_LOGGEDOFF",
            "1001  Alice, logged off",
        ),
        (
            Kind::IaxPeers,
            "Event: PeerEntry\nObjectName: branch\nIPaddress: (null)\nStatus: Unmonitored",
            "branch  unmonitored",
        ),
        (
            Kind::ParkingLots,
            "Event: Parkinglot\nName: default\nStartSpace: 701\nStopSpace: 720",
            "default  701 to 720",
        ),
        (
            Kind::ParkedCalls,
            "Event: ParkedCall\nParkingSpace: 701\nParkeeChannel: PJSIP/a-1\nParkinglot: default",
            "701  PJSIP/a-1, default",
        ),
        (
            Kind::Conferences,
            "Event: ConfbridgeListRooms\nConference: 800\nParties: 1\nLocked: Yes",
            "800  1 participant, locked",
        ),
        (
            Kind::Mailboxes,
            "Event: VoicemailUserEntry\nVMContext: default\nVoiceMailbox: 100\nFullname: Alice\nNewMessageCount: 3",
            "100@default  Alice, 3 new",
        ),
        (
            Kind::Devices,
            "Event: DeviceStateChange\nDevice: Custom:desk\nState: NOT_INUSE",
            "Custom:desk  not in use",
        ),
        (
            Kind::Hints,
            "Event: ExtensionStatus\nExten: 200\nContext: default\nHint: Custom:desk\nStatus: 0\nStatusText: Idle",
            "200  default, Custom:desk, idle",
        ),
    ] {
        assert_eq!(read(&kind, 0, &list(&[item])), [wanted], "{kind:?}");
    }
}

// An extension is offered once, with its first application; a hint cannot be
// called.
#[test]
fn the_dialplan_tells_extensions_and_steps() {
    let steps = list(&[
        "Event: ListDialplan\nContext: default\nExtension: 200\nPriority: hint\nApplication: Custom:desk",
        "Event: ListDialplan\nContext: default\nExtension: 200\nPriority: 1\nApplication: Answer\nAppData: ",
        "Event: ListDialplan\nContext: default\nExtension: 200\nPriority: 2\nApplication: Playback\nAppData: hi",
    ]);
    let extensions = Kind::Extensions("default".to_owned());
    assert_eq!(read(&extensions, 0, &steps), ["200  Answer()"]);
    let priorities = Kind::Priorities("default".to_owned(), "200".to_owned());
    assert_eq!(
        read(&priorities, 0, &steps),
        ["1  Answer()", "2  Playback(hi)"]
    );
    let both = output(&[" 100@default 200@default 100@other _EOF_"]);
    assert_eq!(read(&extensions, 1, &both), ["100  ", "200  "]);
}

// The same tree in both forms: with DBGetTree and without it.
#[test]
fn the_database_tells_families_and_keys() {
    let tree = list(&[
        "Event: DBGetTreeResponse\nKey: /cidname/100\nVal: Alice",
        "Event: DBGetTreeResponse\nKey: /cidname/a/b\nVal: x: y",
        "Event: DBGetTreeResponse\nKey: /test/key\nVal: 1",
    ]);
    let shown = output(&[
        "/cidname/100                                      : Alice                    ",
        "/cidname/a/b                                      : x: y                     ",
        "/test/key                                         : 1                        ",
        "3 results found.",
    ]);
    for (source, reply) in [(0, &tree), (1, &shown)] {
        let families = read(&Kind::Families, source, reply);
        assert_eq!(families, ["cidname  2 keys", "test  1 key"]);
        let keys = read(&Kind::Keys("cidname".to_owned()), source, reply);
        assert_eq!(keys, ["100  Alice", "a/b  x: y"]);
    }
}

// Blanks separate the words, and an empty prefix counts as a word. 1.x repeats
// words.
#[test]
fn the_servers_completion_is_read() {
    let said = |line: &str| read(&Kind::Cli(String::new()), 0, &output(&[line]));
    assert_eq!(said(" core queue _EOF_"), ["core  ", "queue  "]);
    assert_eq!(
        said("chan channel channels channel _EOF_"),
        ["channel  ", "channels  "]
    );
    assert!(said("_EOF_").is_empty());
    let old = "Response: Follows\r\nPrivilege: Command\r\n core queue _EOF_--END COMMAND--\r\n\r\n";
    let old = read(&Kind::Cli(String::new()), 0, &reply(old));
    assert_eq!(old, ["core  ", "queue  "]);
    let files = output(&["/etc/asterisk/ /etc/asterisk/a.conf /etc/asterisk/b.conf _EOF_"]);
    assert_eq!(
        read(&Kind::ConfigFiles, 0, &files),
        ["a.conf  ", "b.conf  "]
    );
}

// A name that cannot be typed would become another when typed.
#[test]
fn what_cannot_be_typed_is_left_out() {
    let named = |name: &str| list(&[&format!("Event: QueueParams\nQueue: {name}\nCalls: 0")]);
    assert!(read(&Kind::Queues, 0, &named("a\u{1b}[2J")).is_empty());
    assert!(read(&Kind::Queues, 0, &named("")).is_empty());
    assert_eq!(read(&Kind::Queues, 0, &named("Zürich")).len(), 1);
}

#[test]
fn questions_are_quoted_as_the_console_quotes_them() {
    let asked = question(&Kind::Cli(r#"core show "a\b "#.to_owned()), 0);
    let wanted = r#"_command matchesarray "core show \"a\\b " """#;
    assert_eq!(asked.get("Command"), Some(wanted.as_bytes()));
    // A line end would begin another Action.
    assert!(Kind::Keys("a\nb".to_owned()).sources().is_empty());
    // Before 14 a server says so with Success, and the next source is tried.
    let unknown = output(&["No such command 'core show functions' (type 'core show help')"]);
    let first = Kind::Functions.sources().swap_remove(0);
    assert!(first.values(&unknown).is_none());
}

// A hostile server's list of queues once made Tab take seconds, and unlimited
// memory.
#[test]
fn a_list_of_values_has_a_bound() {
    let name = |n: usize| {
        format!(
            "Event: QueueParams\nQueue: q{n}\nCalls: {}",
            "9".repeat(900)
        )
    };
    let mut items: Vec<String> = (0..12_000).map(name).collect();
    let long = "q".repeat(1_001);
    items.insert(0, format!("Event: QueueParams\nQueue: {long}\nCalls: 1"));
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let values = Kind::Queues.sources()[0].values(&list(&items)).unwrap();
    assert_eq!(values.len(), 10_000);
    assert!(values[0].text.is("q0"));
    assert!(values.iter().all(|one| one.about.bytes().len() <= 200));
    let words: String = (0..20_000).map(|n| format!(" w{n}")).collect();
    let words = output(&[&words]);
    let said = Kind::Cli(String::new()).sources()[0].values(&words);
    assert_eq!(said.unwrap().len(), 10_000);
}
