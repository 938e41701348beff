//! Lists of old servers, which mark less, and lists with a proxy in between.

use super::*;

/// An Action that was sent as a fence, as a link does.
fn fence(rig: &mut Rig) {
    assert!(rig.router.wants_fence(rig.now));
    rig.router.fence();
    rig.send("Ping", "fence");
}

// A proxy may send to every client what any of them asked for: neither the items
// nor the end of another's list are ours.
#[test]
fn anothers_items_and_end_are_not_ours() {
    let mut rig = Rig::new("5.0.4");
    rig.send("QueueStatus", "a");
    let said = rig.feed(concat!(
        "Response: Success\nActionID: a\nEventList: start\n\n",
        "Event: QueueMember\nActionID: a\n\n",
        "Event: QueueParams\nActionID: b\n\n",
        "Event: QueueStatusComplete\nActionID: b\nEventList: Complete\nListItems: 1\n\n",
        "Event: QueueEntry\n\n",
        // A caller's name may hold anything.
        "Event: QueueEntry\nActionID: a\nCallerIDName: x\nActionID: b",
    ));
    assert_eq!(said, ["event QueueParams", "event QueueStatusComplete"]);
    let end = "Event: QueueStatusComplete\nActionID: a\nEventList: Complete\nListItems: 3";
    assert_eq!(
        rig.feed(end),
        ["1 Complete Success+QueueMember+QueueEntry+QueueEntry+QueueStatusComplete"]
    );
}

// CoreShowChannels of 1.6.0 sends headers without Event and ActionID.
#[test]
fn headers_without_a_frame_are_items_of_the_open_list() {
    let mut rig = Rig::new("1.1");
    rig.send("CoreShowChannels", "c");
    rig.send("IAXnetstats", "n");
    let said = rig.feed(concat!(
        "Response: Success\nActionID: c\nEventList: start\n\n",
        "Channel: SIP/1-1\nUniqueID: 1.1\n\nChannel: SIP/2-1\nUniqueID: 1.2\n\n",
        "Event: CoreShowChannelsComplete\nActionID: c\nEventList: Complete\nListItems: 2",
    ));
    let item = |at: usize| said[0].matches('+').count() == at;
    assert!(
        said[0].starts_with("1 Complete Success+") && item(3),
        "{said:?}"
    );
    assert!(rig.feed("loose text of a table").is_empty());
    assert_eq!(rig.after(2), ["2 Idle "]);
    assert_eq!(rig.feed("Channel: SIP/1-1"), ["unsolicited SIP/1-1"]);
}

// VoicemailUserEntry of 1.6 to 13 has its ActionID in front.
#[test]
fn an_actionid_may_stand_before_the_event() {
    let mut rig = Rig::new("1.3");
    rig.send("VoicemailUsersList", "v");
    let said = rig.feed(concat!(
        "Response: Success\nActionID: v\nMessage: Voicemail user list will follow\n\n",
        "ActionID: v\nEvent: VoicemailUserEntry\nVoiceMailbox: 100\n\n",
        "ActionID: w\nEvent: VoicemailUserEntry\nVoiceMailbox: 900\n\n",
        "Event: VoicemailUserEntryComplete\nActionID: v",
    ));
    let whole = "1 Complete Success+VoicemailUserEntry+VoicemailUserEntryComplete";
    assert_eq!(said, ["event VoicemailUserEntry", whole]);
}

// IAXpeers of 1.4: an ActionID and a table, without a Response.
#[test]
fn text_behind_our_actionid_is_the_answer() {
    let mut rig = Rig::new("1.0");
    rig.send("IAXpeers", "p");
    assert!(
        rig.feed("ActionID: p\nName/Username Host\nbranch (Unspecified)")
            .is_empty()
    );
    rig.now += LULL;
    fence(&mut rig);
    assert_eq!(
        rig.feed("Response: Pong\nActionID: fence"),
        ["1 Unmarked ", "2 Response Pong"]
    );
    assert_eq!(rig.feed("ActionID: other\ntext"), ["unsolicited "]);
}

// DBGet of 1.6 has no end, that of 1.8 with the same banner has one. The answer
// to a Ping behind it, which 1.6.0 sends without ActionID, is certain.
#[test]
fn a_fence_ends_what_has_no_end() {
    for pong in [
        "Response: Success\nPing: Pong",
        "Response: Success\nActionID: fence",
    ] {
        let mut rig = Rig::new("1.1");
        rig.send("DBGet", "d");
        assert!(!rig.router.wants_fence(rig.now + PATIENCE), "it may block");
        let get = "Response: Success\nActionID: d\nMessage: Result will follow\n\nEvent: DBGetResponse\nActionID: d";
        assert!(rig.feed(get).is_empty());
        assert_eq!(rig.router.deadline(), Some(rig.now + LULL));
        assert!(!rig.router.wants_fence(rig.now));
        rig.now += LULL;
        fence(&mut rig);
        assert!(!rig.router.wants_fence(rig.now + PATIENCE), "one is enough");
        assert!(rig.after(20).is_empty(), "silence says nothing any more");
        assert_eq!(
            rig.feed(pong),
            ["1 Unmarked Success+DBGetResponse", "2 Response Success"]
        );
        assert!(rig.router.is_quiet());
    }
}

// A Ping behind an Action that blocks would stall, and end a WaitEvent.
#[test]
fn nothing_is_sent_behind_an_action_that_may_block() {
    let mut rig = Rig::new("1.1");
    rig.send("WaitEvent", "w");
    assert!(!rig.router.wants_fence(rig.now + PATIENCE));
    rig.send("QueueRule", "r");
    assert!(!rig.router.wants_fence(rig.now + PATIENCE));
    rig.feed("Response: Success\nActionID: w\nMessage: Waiting for Event completed.");
    assert!(!rig.router.wants_fence(rig.now + PATIENCE));
}

// QueueRule of 1.6.2 is answered by an empty line if there are no rules.
#[test]
fn queuerule_of_old_servers_has_no_response() {
    let mut rig = Rig::new("1.1");
    rig.send("QueueRule", "r");
    assert!(rig.feed("RuleList: one\nRule: 10,5,0").is_empty());
    rig.now += LULL;
    fence(&mut rig);
    assert_eq!(
        rig.feed("Response: Success\nActionID: fence"),
        ["1 Unmarked one", "2 Response Success"]
    );
    let newer = "Response: Success\nActionID: q\nRuleList: one";
    rig.send("QueueRule", "q");
    assert_eq!(rig.feed(newer), ["3 Response Success"]);
}

// Events is answered without ActionID up to 1.8.4, and Ping in 1.6.0 and 1.6.1:
// to the Action whose turn it is, also behind a list without an end.
#[test]
fn answers_without_actionid_of_old_servers() {
    let mut rig = Rig::new("1.1");
    rig.send("DBGet", "d");
    rig.send("Events", "e");
    rig.send("Command", "c");
    let get = "Response: Success\nActionID: d\nMessage: Result will follow\n\nEvent: DBGetResponse\nActionID: d";
    assert!(rig.feed(get).is_empty());
    assert_eq!(
        rig.feed("Response: Success\nEvents: On"),
        ["1 Unmarked Success+DBGetResponse", "2 Response Success"]
    );
    assert_eq!(
        rig.feed("Response: Success\nEvents: On"),
        ["unsolicited Success"]
    );
}

// The rest of the bytes at the end of a read: the beginning of an answer is shown
// if the rest never comes.
#[test]
fn what_came_of_a_text_is_handed_out() {
    let mut rig = Rig::new("1.1");
    rig.send("Command", "c");
    let bytes = b"Response: Follows\r\nPrivilege: Command\r\nActionID: c\r\none\ntwo";
    rig.router.begin(&bytes[..30], true);
    rig.router.begin(bytes, true);
    let mut part = None;
    rig.router.expire(rig.now + PATIENCE, &mut |routed| {
        if let Routed::TimedOut(_, reply) = routed {
            part = reply;
        }
    });
    let part = part.expect("a part");
    assert_eq!(part.output(), Some(vec![&b"one"[..], b"two"]));
    assert_eq!(part.ending, Ending::Cut);
    // Another's beginning is not ours.
    rig.send("Ping", "p");
    assert!(matches!(&rig.router.end()[..], [(_, None)]));
}

// 1.4 and 1.6.0 carry UserEvent out without a word, and 1.8 has the banner of
// 1.6.0: silence proves nothing, the answer to a later Action does.
#[test]
fn a_fence_tells_that_a_userevent_is_not_answered() {
    for version in ["1.0", "1.1"] {
        let mut rig = Rig::new(version);
        rig.send("UserEvent", "u");
        assert!(!rig.router.wants_fence(rig.now));
        rig.now += LULL;
        fence(&mut rig);
        assert!(rig.after(20).is_empty(), "a slow server");
        let event = "Event: UserEvent\nPrivilege: user,all\nActionID: u";
        assert_eq!(rig.feed(event), ["event UserEvent"]);
        assert_eq!(
            rig.feed("Response: Pong\nActionID: fence"),
            ["1 Unanswered ", "2 Response Pong"]
        );
        assert!(rig.router.is_quiet());
    }
    let mut answered = Rig::new("1.1");
    answered.send("UserEvent", "u");
    answered.now += LULL;
    fence(&mut answered);
    let sent = "Response: Success\nActionID: u\nMessage: Event Sent";
    assert_eq!(answered.feed(sent), ["1 Response Success"]);
    let mut newer = Rig::new("11.0.0");
    newer.send("UserEvent", "u");
    assert!(!newer.router.wants_fence(newer.now + PATIENCE));
}

// A list of millions is shown as it comes; at its end only what was not shown
// before is left, and how it ended.
#[test]
fn a_list_that_flows_is_handed_out_as_it_comes() {
    let mut rig = Rig::new("11.0.0");
    rig.send("QueueStatus", "id");
    rig.router.flow();
    let begin = "Response: Success\nActionID: id\nEventList: start";
    assert_eq!(rig.feed(begin), ["1 part Success"]);
    let item = "Event: Item\nActionID: id";
    assert_eq!(rig.feed(item), ["1 part Item"]);
    let event = "Event: Hangup\nPrivilege: call,all";
    assert_eq!(rig.feed(event), ["event Hangup"]);
    let end = "Event: QueueStatusComplete\nActionID: id\nEventList: Complete\nListItems: 1";
    let shown = "1 Complete Success+Item+QueueStatusComplete";
    assert_eq!(rig.feed(end), [shown]);
    // Another answer than a list is whole.
    rig.send("Ping", "p");
    rig.router.flow();
    assert_eq!(rig.feed("Response: Pong\nActionID: p"), ["2 Response Pong"]);
}

// What was shown is not shown again when it is late.
#[test]
fn of_a_list_that_flows_only_the_rest_is_late() {
    let mut rig = Rig::new("11.0.0");
    let ticket = rig.send("QueueStatus", "id");
    rig.router.flow();
    rig.feed("Response: Success\nActionID: id\nEventList: start");
    rig.feed("Event: Item\nActionID: id");
    rig.router.abandon(ticket);
    assert!(rig.feed("Event: Other\nActionID: id").is_empty());
    let end = "Event: QueueStatusComplete\nActionID: id\nEventList: Complete";
    assert_eq!(rig.feed(end), ["1 late Complete Other+QueueStatusComplete"]);
}

// What was given up is not shown as a late reply without a packet.
#[test]
fn a_userevent_that_was_given_up_ends_in_silence() {
    let mut rig = Rig::new("1.0");
    let ticket = rig.send("UserEvent", "u");
    rig.router.abandon(ticket);
    assert!(!rig.router.wants_fence(rig.now + PATIENCE));
    rig.send("Ping", "p");
    assert_eq!(rig.feed("Response: Pong\nActionID: p"), ["2 Response Pong"]);
    assert!(rig.router.is_quiet());
}
