//! What Tab inserts from a hostile server, and what Enter then does.

use super::{Hostile, Page, Serving, after_tab, text};
use crate::evils;
use crate::pty::{Key, Pty, hint, typed};

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];
/// Written by hostile texts that are obeyed.
const FILE: &str = "EVIL";

/// A shell whose user trusts the server too much.
struct Shell {
    // Dropped before the server, which waits for its clients.
    pty: Pty,
    server: Serving,
}

impl Shell {
    fn on(server: Hostile) -> Shell {
        Shell::with(server, &[])
    }

    fn with(server: Hostile, options: &[&str]) -> Shell {
        let server = server.serve();
        let target = server.target();
        let args = [&["-u", "me", &*target], options].concat();
        let pty = Pty::spawn(&args, &SECRET, 160, 40);
        pty.wait_typed(&format!("me@{target}>"));
        Shell { pty, server }
    }

    /// Types `line`, presses Tab this many times, and waits until the last one
    /// is answered. Returns the row of the cursor without the hint.
    fn tab(&mut self, line: &str, times: usize) -> String {
        self.pty.type_text(line);
        for number in 0..times {
            self.pty.key(Key::Tab);
            let mark = format!("~{number}~");
            after_tab(&mut self.pty, &mark);
            self.pty.type_text(&"\x7f".repeat(mark.len()));
            self.pty
                .wait_for("the mark gone", |screen| !screen.contents().contains(&mark));
        }
        self.pty.look(typed)
    }

    /// Waits until it has the page of QueueRemove with its valid key: a hint
    /// drawn earlier does not change.
    fn learns(&mut self) {
        self.pty.until("no page", |pty| {
            pty.type_text("QueueRemove ");
            pty.wait_for("a hint", |screen| !hint(screen).is_empty());
            let known = pty.look(|screen| hint(screen).contains("Zebra="));
            pty.key(Key::Ctrl('u'));
            pty.wait_for("no hint", |screen| hint(screen).is_empty());
            known
        });
    }

    /// Enters the line and leaves. Checks that nothing hostile was done, and
    /// that only this Action with these keys was sent.
    #[track_caller]
    fn nothing_happens(mut self, what: &str, action: &str, keys: &[&str]) {
        self.pty.key(Key::Enter);
        // Whatever the line has become, this ends the shell: at the prompt, at
        // the CLI prompt, and within a packet.
        self.pty.type_line("quit");
        self.pty.key(Key::Ctrl('d'));
        self.pty.key(Key::Ctrl('d'));
        self.pty.exit_code();
        let files = self.pty.home().read_dir().unwrap();
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        let written: Vec<String> = names.filter(|name| name.starts_with(FILE)).collect();
        assert!(
            written.is_empty(),
            "{what}: {written:?} was written{}",
            self.pty.picture()
        );
        let own = [
            "Challenge",
            "Login",
            "ListCommands",
            "Command",
            "Logoff",
            "Ping",
            "Events",
            "CoreSettings",
        ];
        let lists = ["QueueStatus", "CoreShowChannels", "DBGetTree"];
        for request in self.server.heard() {
            let name = request.get("Action").unwrap_or_default();
            if name == action && action != "Command" {
                let mut sent = request
                    .lines
                    .iter()
                    .filter_map(|line| line.split(':').next());
                let known =
                    |key: &str| ["Action", "ActionID"].contains(&key) || keys.contains(&key);
                assert!(sent.all(known), "{what}: {request:?}");
            } else {
                assert!(
                    own.contains(&name) || lists.contains(&name),
                    "{what}: {request:?}"
                );
            }
        }
    }
}

fn parameter(key: impl AsRef<[u8]>) -> (Vec<u8>, Vec<u8>, Vec<Vec<u8>>) {
    (text(key), text("What it is."), Vec::new())
}

/// Pages with these keys and a valid one, which shows that they have arrived.
fn documented(keys: &[&[u8]]) -> Hostile {
    let mut parameters = vec![parameter("Zebra")];
    parameters.extend(keys.iter().map(parameter));
    let honest = Hostile::honest();
    let action_page = Page {
        parameters,
        ..honest.action_page
    };
    Hostile {
        action_page,
        ..honest
    }
}

// A line end in a name would turn the rest into a line of its own, hidden by CR
// and ESC M.
#[test]
fn a_parameter_with_a_line_end_is_not_inserted() {
    for key in [
        &b"Zoo\n!id>EVIL #"[..],
        b"Zoo\r\x1bM!id>EVIL #",
        b"Zoo=x\n!id>EVIL #",
        b"Zoo\n/save EVIL\n",
        b"\n!id>EVIL #",
        b"!id>EVIL #",
    ] {
        let mut shell = Shell::on(documented(&[key]));
        shell.learns();
        let shown = shell.tab("QueueRemove Zo", 1);
        assert!(!shown.contains("EVIL"), "{key:?}: {shown}");
        shell.pty.key(Key::Ctrl('u'));
        shell.tab("QueueRemove ", 2);
        shell.nothing_happens(
            &format!("{key:?}"),
            "QueueRemove",
            &["Zebra", "Queue", "Interface"],
        );
    }
}

// Even read-only and without local commands there is /save, which writes files.
#[test]
fn a_parameter_is_no_command_of_amish_either() {
    let key = b"Zoo\n/save EVIL";
    let mut shell = Shell::with(documented(&[key]), &["--no-shell", "--read-only"]);
    shell.learns();
    shell.tab("QueueRemove Zo", 1);
    shell.nothing_happens("/save", "QueueRemove", &["Zebra", "Queue", "Interface"]);
}

// The empty line is completed with names of Actions, and its first word decides
// what a line is.
#[test]
fn an_action_that_is_none_is_not_inserted() {
    for (name, evil) in evils::chosen() {
        let server = Hostile {
            actions: vec![(text(evil), text("What it does."))],
            ..Hostile::honest()
        };
        let mut shell = Shell::on(server);
        shell.tab("", 1);
        // A single word may be the name of an Action.
        shell.nothing_happens(name, String::from_utf8_lossy(evil).trim(), &[]);
    }
}

#[test]
fn an_action_that_runs_a_local_command_is_not_inserted() {
    for name in [
        "!id>EVIL;#",
        "!id>EVIL",
        "/save EVIL",
        "Ping\n!id>EVIL",
        "Ping | tee EVIL",
        "|id>EVIL",
    ] {
        let server = Hostile {
            actions: vec![(text(name), text("What it does."))],
            ..Hostile::honest()
        };
        let first = name.chars().next().unwrap().to_string();
        let mut shell = Shell::on(server.clone());
        shell.tab("", 1);
        shell.nothing_happens(name, "Ping", &[]);
        // `!` alone opens a shell, and it was typed by the user, so it is not
        // entered.
        let shown = Shell::on(server).tab(&first, 1);
        assert!(!shown.contains(FILE), "{name}: {shown}");
    }
}

// The values of a list follow a key, where a blank would end them.
#[test]
fn a_value_is_one_word() {
    for (name, evil) in evils::chosen() {
        let server = Hostile {
            items: vec![[b"zoo", *evil].concat()],
            ..Hostile::honest()
        };
        let mut shell = Shell::on(server);
        shell.tab("QueueStatus Queue=zo", 1);
        shell.nothing_happens(name, "QueueStatus", &["Queue"]);
    }
}

// A CLI command extends to the end of its line, but `|` is not part of it.
#[test]
fn cli_completion_builds_no_pipe() {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| vec![text(word)])
            .collect::<Vec<_>>()
    };
    for candidates in [
        &["|", "tee", FILE][..],
        &["|tee", FILE],
        &["core", "|", "tee", FILE],
        &["core\n!id>EVIL"],
        &["core\r!id>EVIL"],
        &["core\n/save", FILE],
    ] {
        let server = Hostile {
            candidates: words(candidates),
            ..Hostile::honest()
        };
        let mut shell = Shell::on(server);
        shell.tab("cli core ", candidates.len());
        shell.nothing_happens(&format!("{candidates:?}"), "Command", &[]);
    }
}

// At the CLI prompt the first word may be a command of amish only if the user
// types it.
#[test]
fn cli_completion_is_no_command_of_amish() {
    for candidates in [
        &["/save", FILE][..],
        &["!id>EVIL"],
        &["/save\u{a0}EVIL", FILE],
        &["|", "tee", FILE],
    ] {
        let server = Hostile {
            candidates: candidates.iter().map(|word| vec![text(word)]).collect(),
            ..Hostile::honest()
        };
        let mut shell = Shell::on(server);
        shell.pty.type_line("/cli");
        shell.pty.wait_for("the CLI prompt", |screen| {
            screen.contents().contains("*CLI>")
        });
        shell.tab("", candidates.len());
        shell.nothing_happens(&format!("{candidates:?}"), "Command", &[]);
    }
}
