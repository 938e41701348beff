//! CLI mode: the prompt of `asterisk -r` over AMI.

use crate::pty::{Key, Pty};
use crate::servers::{Server, real_servers_with, servers};

fn shell(server: &Server, home: Option<&std::path::Path>) -> (Pty, String) {
    let target = server.address.to_string();
    let history = home.map(|home| home.join("history"));
    let history = history.as_deref().and_then(std::path::Path::to_str);
    let env = [
        ("AMISH_SECRET", server.secret),
        ("AMISH_USER", server.user),
        ("AMISH_HISTFILE", history.unwrap_or_default()),
    ];
    let mut pty = Pty::spawn(&["--color", "never", &*target], &env, 100, 40);
    pty.wait_typed(&format!("{}@{target}> ", server.user));
    pty.type_line("/cli");
    let prompt = format!("{target}*CLI> ");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

// What an operator does on the console all day, and the way back.
#[test]
fn each_line_is_a_cli_command_until_it_is_left() {
    for server in servers() {
        for leaving in ["/cli", "exit", "quit"] {
            let (mut pty, prompt) = shell(&server, None);
            pty.type_line("core show uptime");
            pty.wait_line("System uptime");
            pty.wait_typed(&prompt);
            pty.type_line("/whoami");
            pty.wait_line(server.user);
            pty.wait_typed(&prompt);
            pty.type_line("core show uptime | tr a-z A-Z");
            pty.wait_line("SYSTEM UPTIME");
            pty.wait_typed(&prompt);
            pty.type_line(leaving);
            pty.wait_typed(&format!("{}@{}> ", server.user, server.address));
            pty.type_line("Ping");
            pty.wait_line("Pong");
            pty.key(Key::Ctrl('d'));
            assert_eq!(pty.exit_code(), 0);
        }
    }
}

// On the console the key answers at once, and the line stays.
#[test]
fn a_question_mark_shows_what_may_follow() {
    for server in servers() {
        let (mut pty, prompt) = shell(&server, None);
        pty.type_text("core show ?");
        pty.wait_line("core show uptime");
        pty.wait_typed(&format!("{prompt}core show "));
        pty.type_text("uptime\r");
        pty.wait_line("System uptime");
    }
}

// Arrow up must not offer an Action at the CLI prompt, or a CLI command at the
// other.
#[test]
fn cli_mode_has_a_history_of_its_own() {
    let server = servers().remove(0);
    let home = tempfile::tempdir().unwrap();
    let (mut pty, prompt) = shell(&server, Some(home.path()));
    pty.type_line("core show uptime");
    pty.wait_line("System uptime");
    pty.type_line("/cli");
    let own = format!("{}@{}> ", server.user, server.address);
    pty.wait_typed(&own);
    pty.key(Key::Up);
    pty.wait_typed(&format!("{own}/cli"));
    pty.key(Key::Enter);
    pty.wait_typed(&prompt);
    pty.key(Key::Up);
    pty.wait_typed(&format!("{prompt}/cli"));
    pty.key(Key::Up);
    pty.wait_typed(&format!("{prompt}core show uptime"));
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(read("history"), "/cli\n");
    assert_eq!(read("history_cli"), "core show uptime\n/cli\n");
}

// The server's refusal has two words; if there is another way, it must be
// named.
#[test]
fn what_ami_keeps_from_the_cli_is_explained() {
    for server in real_servers_with(&["module-load"]) {
        let (mut pty, prompt) = shell(&server, None);
        for (line, words) in [
            (
                "module load res_d_none",
                "ModuleLoad Module=res_d_none LoadType=load",
            ),
            ("logger mute", "the live console"),
            ("core shw channels", "No such command"),
            ("core show help core stop", "core stop gracefully"),
            ("core restart ?", "core restart gracefully"),
        ] {
            pty.type_line(line);
            pty.wait_line(words);
            pty.wait_typed(&prompt);
        }
        pty.type_line("module unload res_d_none");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line("y");
        pty.wait_line("ModuleLoad Module=res_d_none LoadType=unload");
        pty.wait_typed(&prompt);
    }
}
