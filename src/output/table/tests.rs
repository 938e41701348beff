use super::super::tests::{PLAIN, frames};
use super::*;

/// The replies of a recording, at a width.
fn shown(bytes: &[u8], width: usize) -> String {
    let mut replies: Vec<Reply> = Vec::new();
    for packet in frames(bytes) {
        match (packet.kind(), replies.last_mut()) {
            (ami::Kind::Event, Some(last)) if packet.get("EventList").is_some() => {
                last.completion = Some(packet);
                last.ending = Ending::Complete;
            }
            (ami::Kind::Event, Some(last)) => last.items.push(packet),
            _ => replies.push(Reply::single(packet)),
        }
    }
    let mut out = Vec::new();
    for each in &replies {
        reply(&mut out, each, &Fields::Chosen, &Look { width, ..PLAIN });
    }
    String::from_utf8(out).unwrap()
}

const CALLS: &[u8] = b"Response: Success\r\nEventList: start\r\nMessage: Channels will follow\r\n\r\n\
    Event: CoreShowChannel\r\nActionID: 1\r\nChannel: Local/200@default-00000005;1\r\nChannelStateDesc: Up\r\n\
    CallerIDNum: 1001\r\nCallerIDName: Caller 1\r\nConnectedLineNum: <unknown>\r\nContext: default\r\nExten: 100\r\n\
    Priority: 3\r\nApplication: Wait\r\nApplicationData: 30\r\nDuration: 00:00:03\r\nBridgeId: \r\n\r\n\
    Event: CoreShowChannel\r\nActionID: 1\r\nChannel: PJSIP/bob-1\r\nChannelStateDesc: Ringing\r\n\
    CallerIDNum: 1002\r\nCallerIDName: \x1b[2JEve\r\nContext: default\r\nExten: 200\r\nPriority: 1\r\n\
    Application: AppDial\r\nApplicationData: (Outgoing Line)\r\nDuration: 01:00:07\r\nBridgeId: \r\n\r\n\
    Event: CoreShowChannelsComplete\r\nEventList: Complete\r\nListItems: 2\r\n\r\n";

// Columns that do not fit must be named, and a caller's name must not clear the
// screen.
#[test]
fn a_list_fits_its_screen() {
    insta::assert_snapshot!(shown(CALLS, 120), @r"
    Channel                       State    Caller             Extension         Time  Application
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    Local/200@default-00000005;1  Up       Caller 1 <1001>    100@default:3     0:03  Wait(30)
    PJSIP/bob-1                   Ringing  \x1b[2JEve <1002>  200@default:1  1:00:07  AppDial((Outgoing Line))
    2 channels
    ");
    insta::assert_snapshot!(shown(CALLS, 60), @r"
    Channel                       State    Caller           Time
    ────────────────────────────────────────────────────────────
    Local/200@default-00000005;1  Up       Caller 1 <1…     0:03
    PJSIP/bob-1                   Ringing  \x1b[2JEve…   1:00:07
    2 channels; no room for Extension, Application (/x or
    --fields '*' shows all)
    ");
}

/// The event lists `items`, as text of lines that end in LF.
fn list(items: &str) -> Vec<u8> {
    let text = format!(
        "Response: Success\nEventList: start\n\n{items}\nEvent: EndComplete\nEventList: Complete\n\n"
    );
    text.replace('\n', "\r\n").into_bytes()
}

// What a call is and how long it lasts matters longer than its application.
#[test]
fn narrow_channels_keep_their_state_and_time() {
    insta::assert_snapshot!(shown(CALLS, 80), @r"
    Channel                       State    Caller             Extension         Time
    ────────────────────────────────────────────────────────────────────────────────
    Local/200@default-00000005;1  Up       Caller 1 <1001>    100@default:3     0:03
    PJSIP/bob-1                   Ringing  \x1b[2JEve <1002>  200@default:1  1:00:07
    2 channels; no room for Application (/x or --fields '*' shows all)
    ");
    insta::assert_snapshot!(shown(CALLS, 60), @r"
    Channel                       State    Caller           Time
    ────────────────────────────────────────────────────────────
    Local/200@default-00000005;1  Up       Caller 1 <1…     0:03
    PJSIP/bob-1                   Ringing  \x1b[2JEve…   1:00:07
    2 channels; no room for Extension, Application (/x or
    --fields '*' shows all)
    ");
    insta::assert_snapshot!(shown(CALLS, 40), @r"
    Channel                       State
    ─────────────────────────────────────
    Local/200@default-00000005;1  Up
    PJSIP/bob-1                   Ringing
    2 channels; no room for Caller,
    Extension, Time, Application (/x or
    --fields '*' shows all)
    ");
}

// Whether an agent can be called matters longer than what all have in common.
#[test]
fn narrow_members_keep_their_status() {
    let member = |name: &str, calls: u32, status: u8, paused: u8| {
        format!(
            "Event: QueueMember\nQueue: support\nName: {name}\nLocation: Local/{calls}@default-out\n\
             Penalty: 0\nMembership: dynamic\nCallsTaken: {calls}\nStatus: {status}\nPaused: {paused}\n\n"
        )
    };
    let items = member("Alice", 500, 2, 0) + &member("Bob", 7, 1, 1);
    insta::assert_snapshot!(shown(&list(&items), 80), @r"
    Queue    Member  Status      Paused  Interface              Calls  Penalty
    ──────────────────────────────────────────────────────────────────────────
    support  Alice   in use              Local/500@default-out    500        0
    support  Bob     not in use  paused  Local/7@default-out        7        0
    2 members; no room for Membership (/x or --fields '*' shows all)
    ");
    insta::assert_snapshot!(shown(&list(&items), 60), @r"
    Queue    Member  Status      Paused  Interface         Calls
    ────────────────────────────────────────────────────────────
    support  Alice   in use              Local/500@defau…    500
    support  Bob     not in use  paused  Local/7@default…      7
    2 members; no room for Penalty, Membership (/x or --fields
    '*' shows all)
    ");
    insta::assert_snapshot!(shown(&list(&items), 40), @r"
    Queue    Member  Status      Paused
    ───────────────────────────────────
    support  Alice   in use
    support  Bob     not in use  paused
    2 members; no room for Interface, Calls,
    Penalty, Membership (/x or --fields '*'
    shows all)
    ");
}

// Which phone is away, and where it was.
#[test]
fn narrow_peers_and_endpoints_keep_what_they_are_looked_up_for() {
    let peer = |name: &str, address: &str, status: &str, words: &str| {
        format!(
            "Event: PeerEntry\nChanneltype: SIP\nObjectName: {name}\nIPaddress: {address}\n\
             IPport: 5060\nDynamic: yes\nStatus: {status}\nDescription: {words}\n\n"
        )
    };
    let peers = peer(
        "alice",
        "192.0.2.101",
        "OK (12 ms)",
        "front desk, ground floor",
    ) + &peer("bob", "192.0.2.7", "UNREACHABLE", "");
    insta::assert_snapshot!(shown(&list(&peers), 80), @r"
    Peer   Technology  Status       Address           Description
    ──────────────────────────────────────────────────────────────────────────
    alice  SIP         OK (12 ms)   192.0.2.101:5060  front desk, ground floor
    bob    SIP         UNREACHABLE  192.0.2.7:5060
    2 peers; no room for Dynamic (/x or --fields '*' shows all)
    ");
    insta::assert_snapshot!(shown(&list(&peers), 60), @r"
    Peer   Status       Address           Description
    ────────────────────────────────────────────────────────────
    alice  OK (12 ms)   192.0.2.101:5060  front desk, ground fl…
    bob    UNREACHABLE  192.0.2.7:5060
    2 peers; no room for Technology, Dynamic (/x or --fields '*'
    shows all)
    ");
    insta::assert_snapshot!(shown(&list(&peers), 40), @r"
    Peer   Status       Address
    ────────────────────────────────────
    alice  OK (12 ms)   192.0.2.101:5060
    bob    UNREACHABLE  192.0.2.7:5060
    2 peers; no room for Technology,
    Dynamic, Description (/x or --fields '*'
    shows all)
    ");
    let endpoint = |name: &str, state: &str, contact: &str| {
        format!(
            "Event: EndpointList\nObjectName: {name}\nTransport: transport-udp\nAor: {name}\n\
             Contacts: {contact}\nDeviceState: {state}\nActiveChannels: \n\n"
        )
    };
    let endpoints = endpoint("alice", "Not in use", "alice/sip:alice@192.0.2.101:5060,")
        + &endpoint("bob", "Unavailable", "");
    insta::assert_snapshot!(shown(&list(&endpoints), 80), @r"
    Endpoint  State        AOR    Contacts                           Transport
    ──────────────────────────────────────────────────────────────────────────────
    alice     Not in use   alice  alice/sip:alice@192.0.2.101:5060,  transport-udp
    bob       Unavailable  bob                                       transport-udp
    2 endpoints
    ");
    insta::assert_snapshot!(shown(&list(&endpoints), 60), @r"
    Endpoint  State        AOR    Contacts
    ────────────────────────────────────────────────────────────
    alice     Not in use   alice  alice/sip:alice@192.0.2.101:5…
    bob       Unavailable  bob
    2 endpoints; no room for Transport (/x or --fields '*' shows
    all)
    ");
    insta::assert_snapshot!(shown(&list(&endpoints), 40), @r"
    Endpoint  State        AOR
    ────────────────────────────
    alice     Not in use   alice
    bob       Unavailable  bob
    2 endpoints; no room for Contacts,
    Transport (/x or --fields '*' shows all)
    ");
}

// Queues, members and callers each have their own table; an empty list is one
// line.
#[test]
fn each_kind_has_its_table() {
    let queues = b"Response: Success\r\nEventList: start\r\n\r\n\
        Event: QueueParams\r\nQueue: support\r\nStrategy: ringall\r\nCalls: 1\r\nHoldtime: 75\r\nTalkTime: 0\r\n\r\n\
        Event: QueueMember\r\nQueue: support\r\nName: Alice\r\nLocation: Local/200@default\r\nPenalty: 0\r\n\
        CallsTaken: 12\r\nStatus: 2\r\nPaused: 0\r\n\r\n\
        Event: QueueMember\r\nQueue: support\r\nName: Bob\r\nLocation: Local/500@default\r\nPenalty: 5\r\n\
        CallsTaken: 3\r\nStatus: 1\r\nPaused: 1\r\nPausedReason: lunch\r\n\r\n\
        Event: QueueEntry\r\nQueue: support\r\nPosition: 1\r\nChannel: PJSIP/eve-1\r\nCallerIDNum: 7\r\nWait: 9\r\n\r\n\
        Event: QueueStatusComplete\r\nEventList: Complete\r\nListItems: 4\r\n\r\n\
        Response: Success\r\nEventList: start\r\n\r\n\
        Event: QueueStatusComplete\r\nEventList: Complete\r\nListItems: 0\r\n\r\n";
    insta::assert_snapshot!(shown(queues, 80), @r"
    Queue    Strategy  Calls  Hold  Talk
    ────────────────────────────────────
    support  ringall       1  1:15  0:00
    1 queue

    Queue    Member  Status      Paused  Interface          Calls  Penalty  Reason
    ──────────────────────────────────────────────────────────────────────────────
    support  Alice   in use              Local/200@default     12        0
    support  Bob     not in use  paused  Local/500@default      3        5  lunch
    2 members

    Queue    Position  Caller  Wait  Channel
    ────────────────────────────────────────────
    support         1  7       0:09  PJSIP/eve-1
    1 caller
    No queues.
    ");
}

// Replies that are not lists: status, message, headers.
#[test]
fn other_replies_are_aligned() {
    let replies = b"Response: Success\r\nActionID: 1\r\nVariable: A\r\nValue: one\ntwo\r\n\r\n\
        Response: Error\r\nMessage: No such channel\n\r\n\r\n\
        Response: Success\r\nMessage: Mailbox Status\r\nMailbox: 100@default\r\nWaiting: 0\r\n\r\n\
        Response: Error\r\nMessage: Command output follows\r\nOutput: No such command\r\nOutput: \tx\x1b\r\n\r\n";
    insta::assert_snapshot!(shown(replies, 80), @r"
    Success
      Variable  A
      Value     one\ntwo
    Error  No such channel
    Success  Mailbox Status
      Mailbox  100@default
      Waiting  0
    No such command
            x\x1b
    ");
}

// A file is read as a file, and an empty list is no error.
#[test]
fn a_file_and_an_empty_list_read_as_such() {
    let replies = b"Response: Success\r\nActionID: 1\r\nCategory-000000: general\r\nLine-000000-000000: persistentmembers=yes\r\n\
        Category-000001: desk\r\nIsTemplate-000001: 1\r\nTemplates-000001: \"a,b\"\r\nLine-000001-000000: member=Local/500@default/n,0,Dora\r\n\r\n\
        Response: Error\r\nMessage: No endpoints found\n\r\n\r\n\
        Response: Error\r\nMessage: No active conferences.\r\n\r\n";
    insta::assert_snapshot!(shown(replies, 80), @r"
        [general]
        persistentmembers=yes

        [desk](!,a,b)
        member=Local/500@default/n,0,Dora
        No endpoints found.
        No active conferences.
        ");
}

// Items of an unknown kind are a table if that fits, else packets.
#[test]
fn unknown_kinds_show_what_they_have() {
    let list = b"Response: Success\r\nEventList: start\r\n\r\n\
        Event: Tree\r\nActionID: 1\r\nKind: oak\r\nEmpty: \r\nHeight: 12\r\n\r\n\
        Event: Tree\r\nActionID: 1\r\nKind: elm\r\nEmpty: \r\nNote: felled in May\r\n\r\n\
        Event: TreeComplete\r\nEventList: Complete\r\n\r\n";
    insta::assert_snapshot!(shown(list, 80), @r"
    Kind  Height  Note
    ───────────────────────────
    oak   12
    elm           felled in May
    2 items
    ");
    insta::assert_snapshot!(shown(list, 16), @r"
    Tree
      Kind    oak
      Empty
      Height  12

    Tree
      Kind   elm
      Empty
      Note   felled in May
    ");
}

// IAXnetstats answers with a bare table, which may contain colons.
#[test]
fn unframed_text_is_left_as_it_is() {
    let mut items = frames(b"\r\nIAX2/a:1   12  3\r\nIAX2/b   1  \x1b\r\n\r\n");
    let reply_to = |items| {
        let mut out = Vec::new();
        let bare = Reply {
            response: None,
            items,
            completion: None,
            ending: Ending::Idle,
            flown: None,
        };
        reply(&mut out, &bare, &Fields::Chosen, &PLAIN);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(
        reply_to(std::mem::take(&mut items)),
        "IAX2/a:1   12  3\nIAX2/b   1  \\x1b\n"
    );
    assert_eq!(reply_to(items), "The list is empty.\n");
}
