use super::*;
use crate::ami::{Frame, Framer};

mod lists;
mod slots;

const PATIENCE: Duration = Duration::from_secs(30);

/// A router with its clock, and its output as one line per item.
struct Rig {
    router: Router,
    now: Instant,
    said: Vec<String>,
}

impl Rig {
    fn new(version: &str) -> Rig {
        Rig {
            router: Router::new(format!("Asterisk Call Manager/{version}").as_bytes(), 0),
            now: Instant::now(),
            said: Vec::new(),
        }
    }

    fn send(&mut self, name: &str, id: &str) -> Ticket {
        let mut action = Action::new(name).expect("a name");
        action.push("ActionID", id.as_bytes()).expect("an id");
        self.router.register(&action, PATIENCE, self.now)
    }

    /// Takes packets as written by hand: LF for CRLF, an empty line in between.
    fn feed(&mut self, text: &str) -> Vec<String> {
        let mut framer = Framer::new();
        framer.feed(
            format!("banner\n{text}\n\n")
                .replace('\n', "\r\n")
                .as_bytes(),
        );
        framer.next_frame();
        while let Some(Frame::Packet(packet)) = framer.next_frame() {
            let said = &mut self.said;
            let mut out = |routed| said.push(shape(&routed));
            self.router.feed(packet, self.now, &mut out);
        }
        std::mem::take(&mut self.said)
    }

    fn after(&mut self, seconds: u64) -> Vec<String> {
        self.now += Duration::from_secs(seconds);
        let said = &mut self.said;
        self.router
            .expire(self.now, &mut |routed| said.push(shape(&routed)));
        std::mem::take(&mut self.said)
    }
}

fn shape(routed: &Routed) -> String {
    let text = |packet: &Packet| packet.name().escape_ascii().to_string();
    let reply = |reply: &Reply| {
        let names: Vec<String> = reply.packets().map(text).collect();
        format!("{:?} {}", reply.ending, names.join("+"))
    };
    match routed {
        Routed::Reply(ticket, whole) => format!("{} {}", ticket.0, reply(whole)),
        Routed::Part(ticket, packet) => format!("{} part {}", ticket.0, text(packet)),
        Routed::Late(ticket, whole) => format!("{} late {}", ticket.0, reply(whole)),
        Routed::TimedOut(ticket, None) => format!("{} timed out", ticket.0),
        Routed::TimedOut(ticket, Some(part)) => format!("{} timed out {}", ticket.0, reply(part)),
        Routed::Event(event) => format!("event {}", text(event)),
        Routed::Unsolicited(packet) => format!("unsolicited {}", text(packet)),
    }
}

// OriginateResponse has a Response header and UserEvent any header: neither may
// be taken for an answer.
#[test]
fn an_event_with_our_actionid_is_an_event() {
    let mut rig = Rig::new("11.0.0");
    rig.send("UserEvent", "u-1");
    let event = "Event: UserEvent\nPrivilege: user,all\nActionID: u-1\nResponse: Error\nEventList: Complete";
    assert_eq!(rig.feed(event), ["event UserEvent"]);
    let answer = "Response: Success\nActionID: u-1\nMessage: Event Sent";
    assert_eq!(rig.feed(answer), ["1 Response Success"]);
    assert!(rig.router.is_quiet());
}

#[test]
fn answers_go_by_their_actionid() {
    let mut rig = Rig::new("11.0.0");
    rig.send("Ping", "a");
    rig.send("Ping", "b");
    assert_eq!(
        rig.feed("Response: Success\nActionID: other"),
        ["unsolicited Success"]
    );
    assert_eq!(rig.feed("Response: Success"), ["unsolicited Success"]);
    assert_eq!(
        rig.feed("Response: Success\nActionID: a"),
        ["1 Response Success"]
    );
    assert_eq!(
        rig.feed("Response: Error\nActionID: b"),
        ["2 Response Error"]
    );
    assert_eq!(
        rig.feed("Response: Success\nActionID: a"),
        ["unsolicited Success"]
    );
}

// PeerEntry of IAXpeers carries no ActionID, and lists reuse the names of
// broadcast events: items are told by position.
#[test]
fn a_list_is_what_stands_between_its_ends() {
    let mut rig = Rig::new("11.0.0");
    rig.send("IAXpeers", "p");
    rig.send("Ping", "q");
    let list = concat!(
        "Response: Success\nActionID: p\nEventList: start\nMessage: Peer status list will follow\n\n",
        "Event: PeerEntry\nObjectName: a\n\nEvent: PeerEntry\nEventList: Complete, almost\n\n",
        "Event: DeviceStateChange\nActionID: p\n\n",
        "Event: PeerlistComplete\nActionID: p\nEventList: Complete\nListItems: 3\n\n",
        "Response: Success\nActionID: q\nPing: Pong",
    );
    assert_eq!(
        rig.feed(list),
        [
            "1 Complete Success+PeerEntry+PeerEntry+DeviceStateChange+PeerlistComplete",
            "2 Response Success"
        ]
    );
}

#[test]
fn a_list_may_be_cancelled_or_end_in_an_error() {
    let mut rig = Rig::new("11.0.0");
    rig.send("X", "a");
    rig.send("X", "b");
    let opened =
        |id: &str| format!("Response: Success\nActionID: {id}\nEventList: start\n\nEvent: I");
    assert!(rig.feed(&opened("a")).is_empty());
    let cancelled = "Event: XComplete\nActionID: a\nEventList: cancelled";
    assert_eq!(rig.feed(cancelled), ["1 Cancelled Success+I+XComplete"]);
    assert!(rig.feed(&opened("b")).is_empty());
    let error = "Response: Error\nActionID: b\nMessage: broke off";
    assert_eq!(rig.feed(error), ["2 Error Success+I+Error"]);
}

// A list that lost its end used to absorb all later events.
#[test]
fn an_event_is_no_item() {
    let mut rig = Rig::new("11.0.0");
    rig.send("Status", "s");
    let open = "Response: Success\nActionID: s\nEventList: start\n\nEvent: Status\nPrivilege: Call";
    assert!(rig.feed(open).is_empty());
    let forged = "Event: UserEvent\nPrivilege: user,all\nActionID: s\nEventList: Complete";
    assert_eq!(rig.feed(forged), ["event UserEvent"]);
    assert_eq!(
        rig.feed("Event: Hangup\nPrivilege: call,all"),
        ["event Hangup"]
    );
    let end = "Event: StatusComplete\nActionID: s\nEventList: Complete";
    assert_eq!(rig.feed(end), ["1 Complete Success+Status+StatusComplete"]);
}

// 1.4 has no EventList, 1.8 has it in some lists only, and AgentComplete is a
// broadcast event.
#[test]
fn a_list_without_eventlist_ends_at_a_complete_or_in_silence() {
    let mut rig = Rig::new("1.1");
    for message in [
        "Channel status will follow",
        "Result will follow.",
        "Following are the agents",
        "A listing of all",
    ] {
        let open =
            |id: &str| format!("Response: Success\nActionID: {id}\nMessage: {message}\n\nEvent: I");
        rig.send("X", "a");
        assert!(rig.feed(&open("a")).is_empty(), "{message}");
        assert_eq!(
            rig.feed("Event: AgentComplete\nPrivilege: agent,all"),
            ["event AgentComplete"]
        );
        let ended = rig.feed("Event: XComplete\nActionID: a");
        assert!(
            ended[0].ends_with("Complete Success+I+XComplete"),
            "{ended:?}"
        );
        rig.send("X", "b");
        assert!(rig.feed(&open("b")).is_empty());
        assert!(rig.after(1).is_empty());
        rig.feed("Event: I");
        assert!(rig.after(1).is_empty(), "the silence begins anew");
        assert!(rig.after(1)[0].ends_with("Idle Success+I+I"));
    }
}

// Silence means nothing if the server marks the end.
#[test]
fn a_list_with_eventlist_waits_for_its_end() {
    let mut rig = Rig::new("11.0.0");
    rig.send("X", "a");
    rig.feed("Response: Success\nActionID: a\nEventList: start");
    assert!(rig.after(29).is_empty());
    rig.feed("Event: I\nActionID: a");
    assert!(rig.after(29).is_empty(), "counted anew from each item");
    // The user gets what has come, even if the rest never comes.
    assert_eq!(rig.after(1), ["1 timed out Cut Success+I"]);
    rig.feed("Event: I\nActionID: a");
    let end = rig.feed("Event: XComplete\nActionID: a\nEventList: Complete");
    assert_eq!(end, ["1 late Complete I+XComplete"]);
}

#[test]
fn one_event_may_be_the_whole_list() {
    let mut rig = Rig::new("11.0.0");
    rig.send("FAXStats", "f");
    let fax = "Response: Success\nActionID: f\nMessage: FAXStats event will follow\n\nEvent: FAXStats\nActionID: f";
    assert_eq!(rig.feed(fax), ["1 Single Success+FAXStats"]);
    let get = "Response: Success\nActionID: d\nMessage: Result will follow\n\nEvent: DBGetResponse\nActionID: d";
    let mut oldest = Rig::new("1.0");
    oldest.send("DBGet", "d");
    assert_eq!(oldest.feed(get), ["1 Single Success+DBGetResponse"]);
    let mut old = Rig::new("1.1");
    old.send("dbget", "d");
    assert!(old.feed(get).is_empty());
    let end = "Event: DBGetComplete\nActionID: d";
    assert_eq!(
        old.feed(end),
        ["1 Complete Success+DBGetResponse+DBGetComplete"]
    );
}

#[test]
fn dataget_is_answered_by_an_event_alone() {
    let mut rig = Rig::new("1.1");
    rig.send("DataGet", "d");
    rig.send("DataGet", "e");
    assert_eq!(rig.feed("Event: DataGet Tree"), ["1 Single DataGet Tree"]);
    let denied = "Response: Error\nActionID: e\nMessage: Permission denied";
    assert_eq!(rig.feed(denied), ["2 Response Error"]);
}

// IAXnetstats sends its table unframed, and only an empty line if it is empty.
#[test]
fn text_without_a_frame_ends_in_silence_or_at_the_next_answer() {
    let mut rig = Rig::new("11.0.0");
    rig.send("IAXnetstats", "n");
    assert!(rig.feed("some rows\nmore rows\n\nand more").is_empty());
    assert!(rig.after(1).is_empty());
    assert_eq!(rig.after(1), ["1 Idle +"]);
    rig.send("IAXnetstats", "n");
    assert_eq!(rig.after(2), ["2 Idle "]);
    for id in ["x", "y"] {
        rig.send("Queues", id);
    }
    rig.send("Ping", "z");
    assert_eq!(
        rig.feed("rows\n\nResponse: Success\nActionID: z"),
        ["3 Unmarked ", "4 Unmarked ", "5 Response Success"]
    );
    assert_eq!(rig.feed("rows"), ["unsolicited "]);
    rig.send("IAXnetstats", "d");
    let denied = "Response: Error\nActionID: d\nMessage: Permission denied";
    assert_eq!(rig.feed(denied), ["6 Response Error"]);
}

// WaitEvent is the only Action with events between its Response and its
// Complete.
#[test]
fn waitevent_takes_the_events_it_waited_for() {
    let mut rig = Rig::new("11.0.0");
    rig.send("WaitEvent", "w");
    let came = concat!(
        "Response: Success\nActionID: w\nMessage: Waiting for Event completed.\n\n",
        "Event: Hangup\nPrivilege: call,all\n\n",
        "Event: UserEvent\nPrivilege: user,all\nActionID: w\nEventList: Complete",
    );
    assert!(rig.feed(came).is_empty());
    assert!(rig.after(5).is_empty(), "no silence ends it");
    assert_eq!(
        rig.feed("Event: WaitEventComplete\nActionID: w"),
        ["1 Complete Success+Hangup+UserEvent+WaitEventComplete"]
    );
}

// An endless list must not fill the memory: the first part is handed out as the
// reply, the others as late, and its end is still recognised.
#[test]
fn a_list_without_end_comes_in_parts() {
    let mut rig = Rig::new("11.0.0");
    rig.send("QueueStatus", "id");
    rig.feed("Response: Success\nActionID: id\nEventList: start");
    let mut said = Vec::new();
    for _ in 0..10 {
        // Unwritten pages cost nothing. Each item counts as a little more than an
        // eighth of the limit.
        let mut item = vec![0; 32 * 1024 * 1024];
        item[..14].copy_from_slice(b"Event: Item\r\nX");
        item.extend_from_slice(b"\r\n\r\n");
        let packet = Packet::new(item.into());
        let mut out = |routed| said.push(shape(&routed));
        rig.router.feed(packet, rig.now, &mut out);
    }
    let eight = ["Item"; 8].join("+");
    assert_eq!(
        said,
        [
            format!("1 timed out Full Success+{eight}"),
            "1 late Full Item".to_owned(),
            "1 late Full Item".to_owned(),
        ]
    );
    let end = rig.feed("Event: QueueStatusComplete\nActionID: id\nEventList: Complete");
    assert_eq!(end, ["1 late Complete QueueStatusComplete"]);
    assert!(rig.router.is_quiet());
}

// A list that a person has given up may be shown while they type: what had come
// of it before comes in parts that do not keep them from it.
#[test]
fn what_is_left_of_a_list_that_was_given_up_comes_in_small_parts() {
    let mut rig = Rig::new("11.0.0");
    let ticket = rig.send("QueueStatus", "id");
    rig.feed("Response: Success\nActionID: id\nEventList: start");
    let item = format!(
        "Event: Item\nActionID: id\nX: {}\n\n",
        "x".repeat(400 * 1024)
    );
    assert!(rig.feed(&item.repeat(7)).is_empty());
    rig.router.abandon(ticket);
    assert_eq!(
        rig.feed(&item),
        [
            "1 late Full Success+Item+Item+Item",
            "1 late Full Item+Item+Item",
            "1 late Full Item+Item"
        ]
    );
}
