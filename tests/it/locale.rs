//! Where the locale is not UTF-8, as in most containers, amish draws in ASCII.

use crate::program::amish;
use crate::pty::{Key, Pty};
use crate::shell::pbx;

// Lines and dots were shown as three odd characters each.
#[test]
fn lines_and_dots_are_ascii_where_the_locale_is() {
    let long = "x".repeat(300);
    let put = format!("DBPut f k {long}");
    for (variable, locale, is_ascii) in [
        ("LC_ALL", "C", true),
        ("LC_ALL", "POSIX", true),
        ("LC_CTYPE", "de_DE.ISO-8859-1", true),
        ("LC_ALL", "de_DE.UTF-8", false),
        ("LC_CTYPE", "en_US.utf8", false),
        ("LANG", "C", true),
        ("LANG", "", true),
        // An empty one does not count: LANG does.
        ("LC_ALL", "", false),
    ] {
        let lines = [
            "help",
            "ListCommands",
            &put,
            "QueueStatus",
            "help QueueAdd",
            "/doctor",
        ];
        let run = lines.iter().fold(amish("--demo -o table"), |run, line| {
            run.arg("-c").arg(line)
        });
        let done = run.env("LANG", "C.UTF-8").env(variable, locale).run();
        let all = format!("{}{}", done.out, done.err);
        assert_eq!(all.is_ascii(), is_ascii, "{variable}={locale}: {all}");
        assert_eq!(all.contains("----"), is_ascii, "{all}");
    }
}

#[test]
fn the_shell_draws_in_ascii_and_names_stay() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("LC_ALL", "C"),
    ];
    let mut pty = Pty::spawn(&["-o", "table", "--no-pager", &target], &env, 60, 8);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    // A hint that is cut, a list of candidates that is cut, an open packet.
    pty.type_text("QueueAdd ");
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    pty.key(Key::Tab);
    pty.wait_line(" more");
    pty.key(Key::Ctrl('c'));
    pty.type_text("Action: Ping\r");
    pty.wait_typed("...");
    pty.type_text("\r");
    pty.wait_line("Pong");
    for line in ["ListCommands", "QueueStatus", "/events user"] {
        pty.type_line(line);
        pty.wait_for("its end", |_| true);
    }
    let prompt = prompt.replace("> ", " (events)> ");
    pty.wait_typed(&prompt);
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(written.is_ascii(), "{written}");
    pbx.emit("UserEvent", "user", &[("UserEvent", "Müller")]);
    pty.wait_line("Müller");
    pbx.emit("UserEvent", "user", &[("UserEvent", &"long ".repeat(40))]);
    pty.wait_line("...");
}
