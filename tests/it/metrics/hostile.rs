//! Names that a server chose, in the figures.

use super::scraped::judged_by_promtool;
use crate::program::amish;
use crate::scripted::{Conversation, Scripted};
use std::fmt::Write;

/// A server with these queues, as they come on the wire.
fn with_queues(queues: Vec<String>) -> Scripted {
    Scripted::logged_in(move |talk: &mut Conversation| {
        while let Some(request) = talk.hear() {
            match request.get("Action").unwrap_or_default() {
                "QueueStatus" => {
                    talk.answer("Success", "EventList: start");
                    let mut list = String::new();
                    for queue in &queues {
                        write!(
                            list,
                            "Event: QueueParams\r\nQueue: {queue}\r\nCalls: 3\r\n\r\n"
                        )
                        .unwrap();
                        write!(
                            list,
                            "Event: QueueMember\r\nQueue: {queue}\r\nStatus: 99999999999999999999\r\n\r\n"
                        )
                        .unwrap();
                    }
                    talk.send(list);
                    talk.packets("Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete");
                }
                "ListCommands" => talk.answer("Success", "QueueStatus: x (Priv: <none>)"),
                "Logoff" => return talk.answer("Goodbye", ""),
                _ => talk.answer("Success", "Ping: Pong"),
            }
        }
    })
}

fn of_scripted(server: &Scripted) -> String {
    let target = server.target();
    let done = amish(&format!("-u me {target} metrics"));
    let done = done.env("AMISH_SECRET", "secret").run();
    assert_eq!(done.code, 0, "{done:?}");
    done.out.replace(&target, "pbx")
}

// Whoever may name a queue must not be able to write lines into the figures of others,
// or act on the terminal of who looks at them.
#[test]
fn names_of_queues_are_only_names() {
    let evil = [
        "say \"hi\"",
        "back\\slash",
        "a\nb{} 1\namish_up{pbx=\"office\"} 0",
        "\u{1b}]0;owned\u{7}",
        "\",queue=\"other",
        "Ü\u{202e}x",
        "",
    ];
    let server = with_queues(evil.map(str::to_owned).to_vec());
    let text = of_scripted(&server);
    judged_by_promtool(&text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("amish_queue_waiting"))
        .collect();
    assert_eq!(lines.len(), evil.len(), "{lines:#?}");
    assert!(
        lines.iter().all(|line| line.ends_with("\"} 3")),
        "{lines:#?}"
    );
    let quoted = r#"amish_queue_waiting{pbx="pbx",queue="say \"hi\""} 3"#;
    assert!(lines.contains(&quoted), "{lines:#?}");
    let acts = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!text.contains(acts), "{text}");
    // The number of a state that no Asterisk has is no member less.
    let other = r#"amish_queue_members{pbx="pbx",queue="",state="other"} 1"#;
    assert!(text.contains(other), "{text}");
}

// Every queue is fifteen series for ever; ten thousand names would be a database full,
// and a name of a megabyte a scrape of a gigabyte.
#[test]
fn ten_thousand_queues_are_a_thousand() {
    let name = |n: usize| format!("q{n}{}", "x".repeat(500));
    let server = with_queues((0..10_000).map(name).collect());
    let text = of_scripted(&server);
    judged_by_promtool(&text);
    let waiting = text
        .lines()
        .filter(|line| line.starts_with("amish_queue_waiting{"));
    assert_eq!(waiting.count(), 1_000);
    // 20,000 items name the queues that there is no room for.
    assert!(text.contains("amish_queues_left_out{pbx=\"pbx\"} 9000\n"));
    assert!(text.lines().all(|line| line.len() < 300));
}
