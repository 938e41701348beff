//! Lists that are shown as they come: in the forms that show each packet by
//! itself, and in rows of chosen fields.

use crate::program::{amish, signal};
use crate::scripted::{Conversation, Scripted};
use crate::support::{BOUND, code_of};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::channel;

const FORMS: [&str; 5] = [
    "json",
    "packet",
    "raw",
    "csv --fields Queue",
    "tsv --fields Event,Queue",
];

fn is_rows(form: &str) -> bool {
    form.contains("--fields")
}

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
        // The Response and the end of a list are no rows.
        let packets = if is_rows(form) { 2 } else { 4 };
        assert!(
            places.len() == packets && places.is_sorted(),
            "{form}: {text}"
        );
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
            let responses = done.out.matches("will follow").count();
            assert_eq!(responses, usize::from(!is_rows(form)), "{form}: {done:?}");
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

// What is gathered, for the answers to a window keep their order, must read as
// what is not; so do exit code and notes.
#[test]
fn rows_are_the_same_whether_a_list_is_gathered_or_not() {
    let lists: [&[&str]; 4] = [
        &[
            "Params\nQueue: a",
            "Member\nQueue: a\nName: A",
            "Params\nQueue: b",
            "Entry\nQueue: b\nPosition: 1",
        ],
        &["Params\nQueue: a", "Params\nQueue: b"],
        &[
            "Entry\nQueue: a",
            "Entry\nQueue: a\nName: late",
            "Entry\nQueue: b",
        ],
        &[],
    ];
    for list in lists {
        for fields in ["Queue,Name", "Queue", "Name", "Nothing,Queue", "Nothing"] {
            let [flown, gathered] = ["", "--keep-going --window 2"].map(|window| {
                let server = Scripted::logged_in(move |conversation| {
                    conversation.expect("QueueStatus");
                    conversation.answer("Success", "EventList: start\nMessage: will follow");
                    for item in list {
                        let (name, headers) = item.split_once('\n').unwrap();
                        conversation.packets(&format!("Event: {name}\nActionID: $ID\n{headers}"));
                    }
                    let end = "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 4";
                    conversation.packets(end);
                    conversation.carry_on();
                });
                let args = format!("-u demo -o csv --fields {fields} {window} {}", server.target());
                let run = amish(&args).env("AMISH_SECRET", "demo");
                run.arg("-c").arg("QueueStatus").run()
            });
            assert!(flown.out.starts_with(fields), "{flown:?}");
            assert_eq!(flown.out, gathered.out, "{fields}: {list:?}");
            assert_eq!(
                (flown.code, &flown.err),
                (gathered.code, &gathered.err),
                "{fields}: {list:?}"
            );
        }
    }
}

// Each kind is a table, so all but the first one wait for the end of a list. Who
// stops waiting for it gets what came.
#[test]
fn what_came_of_a_list_is_shown_when_it_is_stopped() {
    let (over, is_over) = channel::<()>();
    let server = Scripted::logged_in(move |conversation| {
        begun(conversation);
        conversation.packets("Event: QueueMember\nActionID: $ID\nQueue: waits");
        conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: second");
        let _ = is_over.recv_timeout(BOUND);
    });
    let args = format!(
        "-u demo -o csv --fields Queue {} QueueStatus",
        server.target()
    );
    let (mut child, _home) = amish(&args).env("AMISH_SECRET", "demo").spawn();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("second") {
        assert_ne!(out.read_line(&mut text).unwrap(), 0, "{text}");
    }
    signal(&child, Signal::SIGINT);
    out.read_to_string(&mut text).unwrap();
    drop(over);
    assert_eq!(code_of(child.wait().unwrap()), 130, "{text}");
    assert_eq!(text, "Queue\r\nfirst\r\nsecond\r\n\r\nQueue\r\nwaits\r\n");
}
