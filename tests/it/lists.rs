//! Lists and other answers as servers of other versions send them, and answers
//! that do not come whole.

use crate::program::{Done, amish};
use crate::scripted::{Conversation, Scripted};

/// amish against a server of this version of AMI, until it leaves.
fn against(
    version: &'static str,
    args: &str,
    lines: &[&str],
    script: impl Fn(&mut Conversation) + Send + 'static,
) -> Done {
    let server = Scripted::start(move |conversation| {
        conversation.greet(version);
        script(conversation);
        conversation.carry_on();
    });
    let args = format!("-u me {} {args}", server.target());
    let run = amish(&args).env("AMISH_SECRET", "secret");
    let lines = lines.iter();
    lines.fold(run, |run, line| run.arg("-c").arg(line)).run()
}

// CoreShowChannelMap of 18.19 to 18.23, 20.4 to 20.8 and 21.0 to 21.3 ends its
// packets in CRLF LF. The next ones were swallowed, and the list was called empty.
#[test]
fn packets_that_end_in_a_bare_line_feed_are_packets() {
    let map = |conversation: &mut Conversation| {
        conversation.expect("CoreShowChannelMap");
        conversation.answer("Success", "EventList: start\nMessage: Result will follow");
        let id = conversation.id().to_owned();
        for channel in ["PJSIP/101-1", "PJSIP/102-2"] {
            let item =
                format!("Event: CoreShowChannelMap\r\nActionID: {id}\r\nChannel: {channel}\r\n\n");
            conversation.send(item);
        }
        let end = format!(
            "Event: CoreShowChannelMapComplete\r\nActionID: {id}\r\nEventList: Complete\r\nListItems: 2\r\n\n"
        );
        conversation.send(end);
    };
    let lines = ["CoreShowChannelMap", "Ping"];
    let done = against("7.0.3", "-o tsv", &lines, map);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("PJSIP/101-1\n"), "{done:?}");
    assert!(done.out.contains("PJSIP/102-2\n"), "{done:?}");
    assert!(done.out.contains("Pong"), "{done:?}");
}

// The server's own count says whether all of a list came.
#[test]
fn a_list_is_compared_with_the_count_of_the_server() {
    for (came, counts) in [(0, 2), (1, 2), (3, 1)] {
        let list = move |conversation: &mut Conversation| {
            conversation.expect("QueueStatus");
            conversation.answer("Success", "EventList: start\nMessage: will follow");
            for _ in 0..came {
                conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: q");
            }
            conversation.packets(&format!(
                "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: {counts}"
            ));
        };
        let told = format!("counts {counts} items, and {came} came");
        for form in ["table", "packet"] {
            let done = against("11.0.0", &format!("-o {form} QueueStatus"), &[], list);
            // DBGetTree of 16 always counts one.
            let is_whole = came >= counts;
            assert_eq!(done.code, if is_whole { 0 } else { 6 }, "{done:?}");
            assert_eq!(done.err.contains(&told), !is_whole, "{done:?}");
            assert!(!done.out.contains("is empty"), "{done:?}");
            assert!(!done.out.contains("No queues"), "{done:?}");
        }
    }
}

// A list whose end got lost is not whole either, although the next answer came.
#[test]
fn a_list_without_its_end_is_not_whole() {
    let done = against(
        "11.0.0",
        "-o json --keep-going --window 2",
        &["QueueStatus", "Ping"],
        |conversation| {
            conversation.expect("QueueStatus");
            conversation.answer("Success", "EventList: start\nMessage: will follow");
            conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: q");
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
        },
    );
    assert_eq!(done.code, 6, "{done:?}");
    assert!(done.err.contains("the list has no end"), "{done:?}");
}

// A list that the server breaks off ended with exit code 0, and in json and packet
// form nothing told that it is a part.
#[test]
fn a_list_that_the_server_breaks_off_is_not_whole() {
    for form in ["table", "json", "tsv", "packet"] {
        let args = format!("-o {form} QueueStatus");
        let done = against("11.0.0", &args, &[], |conversation| {
            conversation.expect("QueueStatus");
            conversation.answer("Success", "EventList: start\nMessage: will follow");
            conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: q");
            conversation.packets(
                "Event: QueueStatusComplete\nActionID: $ID\nEventList: cancelled\nListItems: 1",
            );
        });
        assert_eq!(done.code, 6, "{done:?}");
        assert!(done.err.contains("the server broke it off"), "{done:?}");
        assert!(done.out.contains('q'), "{done:?}");
    }
}

fn channels_of_1_6_0(conversation: &mut Conversation) {
    conversation.expect("CoreShowChannels");
    conversation.answer("Success", "EventList: start\nMessage: Channels will follow");
    for (channel, uid) in [("SIP/101-1", "1.1"), ("SIP/102-2", "1.2")] {
        conversation.packets(&format!(
            "Channel: {channel}\nUniqueID: {uid}\nContext: default\nExtension: 102\nPriority: 1\n\
             ChannelState: 6\nChannelStateDesc: Up\nApplication: Dial\nDuration: 00:00:07"
        ));
    }
    conversation.packets(
        "Event: CoreShowChannelsComplete\nEventList: Complete\nListItems: 2\nActionID: $ID",
    );
}

// The items of CoreShowChannels in 1.6.0 have neither Event nor ActionID.
#[test]
fn items_that_are_headers_only_are_rows() {
    let done = against("1.1", "-o table CoreShowChannels", &[], channels_of_1_6_0);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("2 channels"), "{done:?}");
    let done = against(
        "1.1",
        "-o tsv --fields Channel,UniqueID CoreShowChannels",
        &[],
        channels_of_1_6_0,
    );
    assert_eq!(
        done.out, "Channel\tUniqueID\nSIP/101-1\t1.1\nSIP/102-2\t1.2\n",
        "{done:?}"
    );
    let done = against("1.1", "-o json CoreShowChannels", &[], channels_of_1_6_0);
    assert!(done.out.contains("\"Channel\":\"SIP/102-2\""), "{done:?}");
    assert_eq!(done.err, "", "{done:?}");
}

// A proxy sends to several clients what each of them asked for.
#[test]
fn anothers_list_does_not_get_into_ours() {
    let done = against("5.0.4", "-o tsv QueueStatus", &[], |conversation| {
        conversation.expect("QueueStatus");
        conversation.answer("Success", "EventList: start\nMessage: will follow");
        conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: ours");
        conversation.packets("Event: QueueParams\nActionID: other\nQueue: theirs");
        conversation.packets(
            "Event: QueueStatusComplete\nActionID: other\nEventList: Complete\nListItems: 1",
        );
        conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: too");
        conversation.packets(
            "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 2",
        );
    });
    assert_eq!(done.code, 0, "{done:?}");
    assert!(!done.out.contains("theirs"), "{done:?}");
    assert!(
        done.out.contains("ours\n") && done.out.contains("too\n"),
        "{done:?}"
    );
}

// What came of a text is worth as much as what came of a list.
#[test]
fn what_came_of_an_answer_is_shown() {
    let follows = "Response: Follows\r\nPrivilege: Command\r\nActionID: $ID\r\nfirst line\nsecond";
    let output = "Response: Success\r\nActionID: $ID\r\nMessage: Command output follows\r\nOutput: first line\r\nOutput: second";
    for (version, text) in [("1.1", follows), ("11.0.0", output)] {
        let begin = move |conversation: &mut Conversation| {
            conversation.expect("Command");
            // In two writes, of which the second is far too short.
            let text = text.replace("$ID", conversation.id());
            let (first, second) = text.split_at(text.len() - 4);
            conversation.send(first);
            conversation.send(second);
        };
        let server = Scripted::start(move |conversation| {
            conversation.greet(version);
            begin(conversation);
            conversation.expect("Logoff");
        });
        let run = amish(&format!("-u me {} -t 0.5 -x", server.target()));
        let done = run
            .arg("core show help")
            .env("AMISH_SECRET", "secret")
            .run();
        assert_eq!(done.code, 6, "{done:?}");
        assert_eq!(done.out, "first line\nsecond\n", "{done:?}");
        assert!(done.err.contains("half way"), "{done:?}");
        // The same if the link ends.
        let server = Scripted::start(move |conversation| {
            conversation.greet(version);
            begin(conversation);
        });
        let run = amish(&format!("-u me {} -x", server.target()));
        let done = run
            .arg("core show help")
            .env("AMISH_SECRET", "secret")
            .run();
        assert_eq!(done.code, 6, "{done:?}");
        assert_eq!(done.out, "first line\nsecond\n", "{done:?}");
    }
}

// DBGet of 1.6 has no end, and silence was waited for as long as for an answer.
// A Ping behind it, whose answer carries no ActionID there, is certain.
#[test]
fn a_list_without_an_end_mark_ends_at_a_fence() {
    for pong in [
        "Response: Success\nPing: Pong",
        "Response: Success\nActionID: $ID\nPing: Pong",
    ] {
        let done = against(
            "1.1",
            "-o tsv",
            &["DBGet Family=a Key=b", "UserEvent UserEvent=x"],
            move |conversation| {
                conversation.expect("DBGet");
                conversation.answer("Success", "Message: Result will follow");
                conversation
                    .packets("Event: DBGetResponse\nFamily: a\nKey: b\nVal: c\nActionID: $ID");
                conversation.expect("Ping");
                conversation.packets(pong);
                conversation.expect("UserEvent");
                conversation.answer("Success", "Message: Event Sent");
            },
        );
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("a\tb\tc\n"), "{done:?}");
        assert_eq!(done.err, "", "{done:?}");
    }
}

// QueueRule of 1.6.2 sends no Response; without rules, nothing but empty lines.
#[test]
fn an_answer_without_a_response_ends_at_a_fence() {
    for (rules, shown) in [
        ("", ""),
        (
            "RuleList: r\r\nRule: 10,5,0\r\n",
            "RuleList: r\nRule: 10,5,0\n",
        ),
    ] {
        let done = against("1.1", "-o packet QueueRule", &[], move |conversation| {
            conversation.expect("QueueRule");
            conversation.send(format!("{rules}\r\n\r\n"));
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
        });
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!(done.out.trim_end(), shown.trim_end(), "{done:?}");
        assert_eq!(done.err, "", "{done:?}");
    }
}

// Events is answered without ActionID from 1.6.0 to before 1.8.5.
#[test]
fn events_is_answered_without_actionid_by_old_servers() {
    let lines = [
        "Events EventMask=call",
        "DBGet Family=a Key=b",
        "Events EventMask=off",
    ];
    let done = against("1.1", "-t 5 -o json", &lines, |conversation| {
        conversation.expect("Events");
        conversation.packets("Response: Success\nEvents: On");
        conversation.expect("DBGet");
        conversation.answer("Success", "Message: Result will follow");
        conversation.packets("Event: DBGetResponse\nActionID: $ID\nVal: c");
        conversation.expect("Ping");
        conversation.packets("Response: Success\nPing: Pong");
        conversation.expect("Events");
        conversation.packets("Response: Success\nEvents: Off");
    });
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.err, "", "{done:?}");
    assert_eq!(done.out.matches("\"Events\":").count(), 2, "{done:?}");
}

// A variable that the dialplan or a caller filled can hold an empty line and what
// looks like the answer to a Command, up to 13.
#[test]
fn a_forged_follows_hides_no_answer() {
    for head in [
        "",
        "ActionID: $ID\n",
        "Privilege: Command\nActionID: forged\n",
    ] {
        let done = against(
            "1.3",
            "-t 5 -o json",
            &["Getvar Variable=X", "Ping"],
            move |conversation| {
                conversation.expect("Getvar");
                conversation.answer("Success", "Variable: X\nValue: a");
                conversation.packets(&format!(
                    "Response: Follows\n{head}\nEvent: Hangup\nPrivilege: call,all"
                ));
            },
        );
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("Pong"), "{done:?}");
    }
}
