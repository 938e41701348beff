//! What a hostile server claims that it can do: too much, names that are
//! commands, and pages that would be shown for another server; or nothing.

use crate::pty::{Pty, rows};
use crate::scripted::{Conversation, Scripted};
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

const VERSION: &str = "Output: Asterisk 22.10.1 built by x on y";

fn shell(server: &Scripted, cache: &Path) -> Pty {
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("XDG_CACHE_HOME", cache.to_str().unwrap()),
    ];
    let pty = Pty::spawn(&["--no-pager", &server.target()], &env, 120, 40);
    pty.wait_typed(&format!("demo@{}> ", server.target()));
    pty
}

/// Lists Command and `listed`, and answers queries for documentation until the
/// client leaves, with `page` for each name.
fn document(conversation: &mut Conversation, listed: &str, page: impl Fn(&str) -> String) {
    conversation.expect("ListCommands");
    let list = format!("Command: x  (Priv: command,all)\n{listed}");
    conversation.answer("Success", &list);
    while let Some(request) = conversation.hear() {
        let Some(command) = request.get("Command").map(str::to_owned) else {
            return conversation.answer("Goodbye", "Message: Thanks for all the fish.");
        };
        let asked = command.strip_prefix("manager show command ");
        let output = match asked {
            Some(names) => names.split(' ').map(&page).collect(),
            None if command == "core show version" => VERSION.to_owned(),
            None => "Output: _EOF_\n".to_owned(),
        };
        let output = output.trim_end();
        conversation.answer(
            "Success",
            &format!("Message: Command output follows\n{output}"),
        );
    }
}

fn keys(name: &str, keys: &[&str]) -> String {
    let keys = keys.iter().map(|key| format!("Output: [{key}:] <value>\n"));
    let keys: String = keys.collect();
    format!("Output: [Syntax]\nOutput: Action: {name}\n{keys}Output: \n")
}

fn size(folder: &Path) -> u64 {
    let entries = folder.read_dir().into_iter().flatten();
    let sizes = entries.map(|entry| {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => size(&entry.path()),
            false => entry.metadata().unwrap().len(),
        }
    });
    sizes.sum()
}

// Forty answers of 4 MB once took 388 MiB of memory and a cache file as large,
// and a million Actions made Tab take seconds.
#[test]
fn a_server_that_documents_without_end_is_cut_short() {
    let home = tempfile::tempdir().unwrap();
    let many: String = (0..20_000)
        .map(|n| format!("Act{n:05}: {}  (Priv: <none>)\n", "x".repeat(300)))
        .collect();
    let server = Scripted::logged_in(move |conversation| {
        document(conversation, many.trim_end(), |name| {
            let line = format!("Output: {}\n", "word ".repeat(200));
            keys(name, &["K"]) + "Output: [Description]\n" + &line.repeat(400) + "Output: \n"
        });
    });
    let mut pty = shell(&server, home.path());
    // A notice waits until the line ends.
    pty.until("no notice", |pty| {
        pty.type_line("");
        // Not so many that the notice is never read.
        std::thread::sleep(Duration::from_millis(10));
        String::from_utf8_lossy(&pty.bytes()).contains("documents more than")
    });
    pty.type_line("help Hangup");
    pty.wait_line("Channel*");
    pty.type_line("!grep VmHWM /proc/$PPID/status");
    pty.wait_line("VmHWM:");
    let shown = pty.look(rows);
    let peak = shown.iter().rev().find_map(|row| {
        let number = row.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?;
        number.trim().parse::<u64>().ok()
    });
    assert!(peak.unwrap() < 160 * 1024, "{peak:?} kB");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    let kept = size(home.path());
    assert!(kept < 5 * 1024 * 1024, "{kept}");
}

// Both claim the same version, and have nothing else in common.
#[test]
fn one_server_does_not_document_another() {
    let home = tempfile::tempdir().unwrap();
    let listed = "Frob: x  (Priv: <none>)";
    let hostile = Scripted::logged_in(move |conversation| {
        document(conversation, listed, |name| keys(name, &["Evil"]));
    });
    let honest = Scripted::logged_in(move |conversation| {
        document(conversation, listed, |name| keys(name, &["Honest"]));
    });
    for (server, key) in [(&hostile, "Evil"), (&honest, "Honest"), (&hostile, "Evil")] {
        let mut pty = shell(server, home.path());
        pty.type_line("help Frob");
        pty.wait_line(key);
        let shown = pty.look(rows).join("\n");
        assert!(key == "Evil" || !shown.contains("Evil"), "{shown}");
        pty.type_line("quit");
        assert_eq!(pty.exit_code(), 0);
    }
}

// A name is inserted by completion and run by Enter: `!id` once ran a local
// command, and `/save` wrote a file.
#[test]
fn what_is_no_name_is_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let server = Scripted::logged_in(|conversation| {
        let listed = "!id;#: x  (Priv: <none>)\n/save EVIL: x  (Priv: <none>)\n\
             Fr|ob: x  (Priv: <none>)\nFrob: x  (Priv: <none>)";
        document(conversation, listed, |name| {
            keys(name, &["!id>EVIL #", "Fine", "/save EVIL"])
        });
    });
    let mut pty = shell(&server, home.path());
    pty.type_line("help Frob");
    pty.wait_line("Fine");
    pty.type_line("help");
    pty.wait_line("Frob");
    pty.type_text("Frob ?");
    pty.wait_line("[Fine=…]");
    pty.type_text("\t");
    pty.wait_typed(&format!("demo@{}> Frob Fine=", server.target()));
    let shown = pty.look(rows).join("\n");
    for evil in ["!id", "EVIL", "Fr|ob"] {
        assert!(!shown.contains(evil), "{evil}: {shown}");
    }
}

// Otherwise the user is stuck at a prompt that does not come back.
#[test]
fn a_server_that_does_not_answer_is_left_with_ctrl_c() {
    let home = tempfile::tempdir().unwrap();
    let (asked, is_asked) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", "Command: x  (Priv: command,all)");
        while let Some(request) = conversation.hear() {
            match request.get("Command") {
                Some(command) if command.ends_with("\"Foo\"") => asked.send(()).unwrap(),
                Some("core show version") => conversation.answer("Success", VERSION),
                Some(_) => conversation.answer("Success", "Output: _EOF_"),
                None => conversation.answer("Success", ""),
            }
        }
    });
    let mut pty = shell(&server, home.path());
    pty.type_line("help event Foo");
    is_asked.recv().unwrap();
    pty.type_text("\x03");
    pty.wait_line("stopped waiting: the server has not answered about Foo");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}
