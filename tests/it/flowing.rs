//! Lists that are shown as they come, in the forms that show each packet by
//! itself.

use crate::program::amish;
use crate::scripted::{Conversation, Scripted};
use crate::support::BOUND;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::channel;

const FORMS: [&str; 3] = ["json", "packet", "raw"];

fn begun(conversation: &mut Conversation) {
    conversation.expect("QueueStatus");
    conversation.answer("Success", "EventList: start\nMessage: will follow");
    conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: first");
}

// A list of a million items must not be waited for, nor kept.
#[test]
fn an_item_is_shown_before_the_next_one_comes() {
    for form in FORMS {
        let (shown, is_shown) = channel();
        let server = Scripted::logged_in(move |conversation| {
            begun(conversation);
            is_shown.recv_timeout(BOUND).unwrap();
            conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: second");
            conversation.packets(
                "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 2",
            );
            conversation.carry_on();
        });
        let args = format!("-u demo -o {form} {} QueueStatus", server.target());
        let run = amish(&args).env("AMISH_SECRET", "demo");
        let (mut child, _home) = run.spawn();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains("first") {
            assert_ne!(out.read_line(&mut text).unwrap(), 0, "{form}: {text}");
        }
        shown.send(()).unwrap();
        out.read_to_string(&mut text).unwrap();
        assert!(child.wait().unwrap().success(), "{form}: {text}");
        let words = ["will follow", "first", "second", "QueueStatusComplete"];
        let places = words.map(|word| text.match_indices(word).map(|(at, _)| at).collect());
        let places: Vec<usize> = places.into_iter().flat_map(|at: Vec<usize>| at).collect();
        assert!(places.len() == 4 && places.is_sorted(), "{form}: {text}");
    }
}

// How a list ended counts as before, although most of it was shown by then.
#[test]
fn the_end_of_a_list_is_judged_although_it_was_shown() {
    let ends: [(&str, i32, &str); 3] = [
        (
            "Response: Error\nActionID: $ID\nMessage: broke off",
            3,
            "the server answered Error: broke off",
        ),
        (
            "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 9",
            6,
            "counts 9 items, and 1 came",
        ),
        ("", 6, "the connection ended in the middle of the answer"),
    ];
    for (end, code, words) in ends {
        for form in FORMS {
            let server = Scripted::logged_in(move |conversation| {
                begun(conversation);
                if !end.is_empty() {
                    conversation.packets(end);
                    conversation.carry_on();
                }
            });
            let args = format!("-u demo -o {form} {} QueueStatus", server.target());
            let done = amish(&args).env("AMISH_SECRET", "demo").run();
            assert_eq!(done.code, code, "{form}: {done:?}");
            assert!(done.err.contains(words), "{form}: {done:?}");
            assert_eq!(done.out.matches("first").count(), 1, "{form}: {done:?}");
            assert_eq!(
                done.out.matches("will follow").count(),
                1,
                "{form}: {done:?}"
            );
        }
    }
}

// A script looks back at what it was answered.
#[test]
fn a_script_knows_a_header_of_a_list_that_was_shown() {
    let server = Scripted::logged_in(move |conversation| {
        begun(conversation);
        conversation.packets(
            "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 1",
        );
        conversation.carry_on();
    });
    let args = format!("-u demo -o json {}", server.target());
    let run = amish(&args).env("AMISH_SECRET", "demo");
    let lines = ["QueueStatus", "set name = Queue", "echo found $name"];
    let run = lines.iter().fold(run, |run, line| run.arg("-c").arg(line));
    let done = run.run();
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("found first"), "{done:?}");
}
