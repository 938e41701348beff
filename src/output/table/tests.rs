use super::super::tests::{PLAIN, frames};
use super::*;

/// The replies of a recorded conversation, at a width.
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

// What does not fit is named, not lost in silence; and a caller's name
// cannot clear the screen.
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
    Channel                       State    Caller
    ────────────────────────────────────────────────────────
    Local/200@default-00000005;1  Up       Caller 1 <1001>
    PJSIP/bob-1                   Ringing  \x1b[2JEve <1002>
    2 channels; no room for Extension, Time, Application (/x or
    --fields '*' shows all)
    ");
}

// Queues, members and callers are kinds of their own; an empty list is
// said in a line.
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

// Status, message, headers: what is not a list.
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

// A kind that amish does not know shows what it has: as a table where that
// fits, else packet by packet.
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

// IAXnetstats answers with a bare table, which may hold colons.
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
