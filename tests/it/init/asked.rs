//! `init` on a terminal, step by step.

use crate::program::amish;
use crate::pty::{Key, Pty, rows};
use crate::servers::{Spawned, simulator, simulator_with, spawn, spawnable};
use crate::suspend::job_with;
use amish::simulator::{Config, User};
use std::io::Write;
use std::path::PathBuf;

/// High enough for all of it.
pub fn begun(args: &[&str]) -> Pty {
    let words: Vec<&str> = ["init"].iter().chain(args).copied().collect();
    Pty::spawn(&words, &[("LANG", "C.UTF-8")], 120, 120)
}

pub fn file(pty: &Pty, name: &str) -> PathBuf {
    pty.home().join("config/amish").join(name)
}

fn is_written(pty: &Pty) -> bool {
    pty.home().join("config/amish").exists()
}

/// The rows of the screen that have `text`.
fn count(pty: &Pty, text: &str) -> usize {
    pty.look(|screen| rows(screen).iter().filter(|row| row.contains(text)).count())
}

/// Waits for `question` on the row of the cursor.
#[track_caller]
pub fn at(pty: &Pty, question: &str) {
    pty.wait_for(question, |screen| {
        let (row, _) = screen.cursor_position();
        rows(screen)[usize::from(row)].contains(question)
    });
    pty.wait_silent();
}

/// Answers it there.
#[track_caller]
pub fn answer(pty: &mut Pty, question: &str, typed: &str) {
    at(pty, question);
    pty.type_line(typed);
}

/// Runs `args` with the configuration that was written.
pub fn ping(pty: &Pty, args: &str) -> i32 {
    let home = pty.home().join("config");
    amish(args)
        .env("XDG_CONFIG_HOME", home.to_str().unwrap())
        .run()
        .code
}

// The way of somebody who has a user: Enter wherever the default is right, and a
// wrong answer is asked again with the reason.
#[test]
fn it_leads_from_a_target_to_a_profile_that_works() {
    let pbx = simulator_with(Config {
        users: vec![User::new("ann", "s3cret", "all", "all")],
        ..Config::default()
    });
    let mut pty = begun(&[]);
    answer(&mut pty, "Target", "127.0.0.1:70000");
    pty.wait_line("'70000' is not a port");
    answer(&mut pty, "Target", "127.0.0.1:1");
    pty.wait_line("✗ wrong   address  cannot connect to 127.0.0.1:1: connection refused");
    answer(&mut pty, "Target", &pbx.addr().to_string());
    pty.wait_line("✓ ok      address");
    answer(&mut pty, "Name of the profile [local]", "help");
    pty.wait_line("amish help is a command");
    answer(&mut pty, "Name of the profile [local]", "office");
    answer(&mut pty, "Number or word [watch]", "5");
    pty.wait_line("a number from 1 to 4");
    answer(&mut pty, "Number or word [watch]", "4");
    answer(&mut pty, "User of AMI [amish]", "ann");
    answer(&mut pty, "Secret of ann, hidden", "wr0ng");
    pty.wait_line("✗ wrong   login");
    pty.wait_line("permit = 127.0.0.1/255.255.255.255");
    answer(&mut pty, "Enter tries again", "o");
    answer(&mut pty, "User of AMI [ann]", "");
    answer(&mut pty, "Secret of ann, hidden", "s3cret");
    pty.wait_line("✓ ok      events");
    assert!(!is_written(&pty), "before the last question");
    answer(&mut pty, "Write it? [yes]", "");
    pty.wait_line("amish office -e=call");
    assert_eq!(pty.exit_code(), 0);
    let shown = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(
        !shown.contains("s3cret") && !shown.contains("wr0ng"),
        "{shown}"
    );
    let logins = pbx.received();
    let logins = logins.iter().filter(|one| one.contains("Action: Login"));
    assert_eq!(logins.count(), 2, "one for each secret that was typed");
    assert_eq!(ping(&pty, "office Ping"), 0);
}

// An editor is open on the same file, or another init runs in the next window.
#[test]
fn what_others_write_while_it_asks_is_kept() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let asked = || {
        let mut pty = begun(&[&target, "--name", "office", "--rights", "all"]);
        answer(&mut pty, "User of AMI", "demo");
        answer(&mut pty, "Secret of demo", "demo");
        at(&pty, "Write it?");
        std::fs::create_dir_all(pty.home().join("config/amish")).unwrap();
        pty
    };
    let other = "# mine\n[profile.other]\ntarget = \"10.0.0.1\"\n";
    let mut pty = asked();
    std::fs::write(file(&pty, "config.toml"), other).unwrap();
    pty.type_line("");
    assert_eq!(pty.exit_code(), 0, "{}", pty.picture());
    let text = std::fs::read_to_string(file(&pty, "config.toml")).unwrap();
    assert!(text.starts_with(other), "{text}");
    assert_eq!(ping(&pty, "office Ping"), 0);

    for text in ["[profile.office]\ntarget = \"10.0.0.1\"\n", "[profile.\n"] {
        let mut pty = asked();
        std::fs::write(file(&pty, "config.toml"), text).unwrap();
        pty.type_line("");
        assert_eq!(pty.exit_code(), 2, "{}", pty.picture());
        let found = std::fs::read_to_string(file(&pty, "config.toml")).unwrap();
        assert_eq!(found, text);
        assert!(!file(&pty, "office.secret").exists());
    }
}

// A terminal beside another one: a word a line is not read.
#[test]
fn a_narrow_terminal_has_the_words_of_a_check_below_it() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    for columns in [20, 40] {
        let args = ["init", &target, "--name", "office", "--rights", "all"];
        let mut pty = Pty::spawn(&args, &[("LANG", "C.UTF-8")], columns, 120);
        pty.wait_line("User of AMI");
        pty.wait_silent();
        let screen = pty.look(rows);
        let mut lines = screen.iter().map(|row| row.trim_end());
        assert!(
            lines.any(|row| row == "  ✓ ok      address"),
            "{}",
            pty.picture()
        );
        let words: Vec<&str> = lines.take_while(|row| row.starts_with("    ")).collect();
        assert!(
            words.len() <= usize::from(120 / columns),
            "{}",
            pty.picture()
        );
        assert!(words.concat().contains("127.0.0.1"), "{}", pty.picture());
        pty.key(Key::Ctrl('d'));
        assert_eq!(pty.exit_code(), 130);
    }
}

// A look at the lines for another PBX than the one on this machine.
#[test]
fn a_dry_run_asks_for_the_target_too() {
    let mut pty = begun(&["--dry-run", "--rights", "watch", "--name", "office"]);
    answer(&mut pty, "Target", "pbx.example.com");
    answer(&mut pty, "User of AMI", "");
    answer(&mut pty, "hidden [makes one", "");
    assert_eq!(pty.exit_code(), 0);
    pty.wait_line("target = \"pbx.example.com\"");
    assert!(!is_written(&pty));
}

// Whoever is not sure leaves, at any question.
#[test]
fn ctrl_c_leaves_and_nothing_is_written() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let questions = [
        "Name of the profile",
        "Number or word",
        "User of AMI",
        "Secret of",
    ];
    for stop in 0..questions.len() {
        let mut pty = begun(&[&target]);
        for question in &questions[..stop] {
            answer(&mut pty, question, "");
        }
        let question = questions[stop];
        at(&pty, question);
        pty.key(Key::Ctrl('c'));
        assert_eq!(pty.exit_code(), 130, "{question}");
        assert!(!is_written(&pty), "{question}");
        pty.wait_line("stopped: nothing was written");
    }
}

/// The lines on the screen from `[user]` to `write`.
fn section(pty: &Pty, user: &str) -> String {
    let screen = pty.look(rows);
    let mut lines = screen.iter().map(|row| row.trim_end());
    let head = format!("[{user}]");
    lines.find(|row| *row == head).expect("its section");
    let end = lines.clone().position(|row| row.starts_with("write = "));
    let lines = lines.take(end.expect("its end") + 1);
    lines.fold(head + "\n", |all, row| all + row + "\n")
}

fn paste(server: &Spawned, lines: &str) {
    let conf = server.folder().join("manager.conf");
    let mut conf = std::fs::OpenOptions::new().append(true).open(conf).unwrap();
    write!(conf, "\n{lines}").unwrap();
    server.cli("manager reload");
}

// From nothing to a user with the least rights on a real server: what is printed is
// pasted as it is, and then all is well.
#[test]
fn what_it_prints_works_when_it_is_pasted() {
    for server in spawnable(&["manager-conf-of-today"]) {
        let own = spawn(&server.name);
        let target = own.address.to_string();
        for (rights, action) in [
            ("watch", "CoreShowChannels"),
            ("act", "UserEvent UserEvent=x"),
            ("stream", "Ping"),
            ("all", "DBPut Family=a Key=b Val=c"),
        ] {
            let where_and_what = format!("{} {rights}", own.name);
            let mut pty = begun(&[&target, "--rights", rights, "--name", "office"]);
            answer(&mut pty, "User of AMI [amish]", rights);
            answer(&mut pty, "hidden [makes one", "");
            answer(&mut pty, "Enter tests them", "");
            // The lines are not there yet.
            pty.wait_line("✗ wrong   login");
            paste(&own, &section(&pty, rights));
            answer(&mut pty, "Enter tries again", "");
            answer(&mut pty, "Write it?", "");
            assert_eq!(pty.exit_code(), 0, "{where_and_what}{}", pty.picture());
            for mark in ["address", "login", "rights", "events"] {
                let marks = count(&pty, &format!("✓ ok      {mark}"));
                assert_eq!(marks, 1, "{where_and_what} {mark}{}", pty.picture());
            }
            assert_eq!(count(&pty, "note "), 0, "too much{}", pty.picture());
            let code = ping(&pty, &format!("office {action}"));
            assert_eq!(code, 0, "{where_and_what}");
        }
    }
}

// Too few rights: the very lines, and the check again after the reload.
#[test]
fn missing_rights_are_given_by_the_lines_that_it_prints() {
    for server in spawnable(&["manager-conf-of-today"]) {
        let own = spawn(&server.name);
        paste(
            &own,
            "[amish]\nsecret = s3cret\nread = system\nwrite = reporting\n",
        );
        let target = own.address.to_string();
        let mut pty = begun(&[&target, "--rights", "act", "--name", "office"]);
        answer(&mut pty, "User of AMI [amish]", "");
        answer(&mut pty, "Secret of amish", "s3cret");
        pty.wait_line("write= lacks call,");
        answer(&mut pty, "Enter tries again", "");
        pty.wait_for("second check", |screen| {
            rows(screen)
                .iter()
                .filter(|row| row.contains("write= lacks"))
                .count()
                == 2
        });
        let screen = pty.look(rows);
        let lines = screen.iter().map(|row| row.trim_end());
        let lines = lines.filter(|row| row.starts_with("read = ") || row.starts_with("write = "));
        let lines: Vec<&str> = lines.take(2).collect();
        paste(&own, &format!("[amish](+)\n{}\n", lines.join("\n")));
        answer(&mut pty, "Enter tries again", "");
        answer(&mut pty, "Write it?", "");
        assert_eq!(pty.exit_code(), 0, "{}{}", own.name, pty.picture());
        assert_eq!(
            ping(&pty, "office UserEvent UserEvent=x"),
            0,
            "{}",
            own.name
        );
    }
}

// Whoever looks up the user in the middle wants their shell, and the question again.
#[test]
fn ctrl_z_at_a_question_gives_the_shell_and_then_the_question_again() {
    let pbx = simulator();
    let mut pty = job_with("", &format!("init {} --rights all", pbx.addr()));
    pty.wait_typed("Name of the profile [local]:");
    pty.wait_silent();
    pty.type_text("off");
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_typed("Name of the profile [local]: off");
    pty.type_line("ice");
    pty.wait_typed("User of AMI [amish]:");
    pty.wait_silent();
    pty.key(Key::Ctrl('d'));
    pty.wait_line("stopped: nothing was written");
    pty.wait_line("ended 130");
}

// The end of what is typed is no answer, least of all the one that writes.
#[test]
fn ctrl_d_leaves_as_ctrl_c_does() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    for question in ["User of AMI", "Secret of demo", "Write it? [yes]"] {
        let mut pty = begun(&[&target, "--name", "office", "--rights", "all"]);
        for (asked, typed) in [("User of AMI", "demo"), ("Secret of demo", "demo")] {
            if asked == question {
                break;
            }
            answer(&mut pty, asked, typed);
        }
        at(&pty, question);
        pty.key(Key::Ctrl('d'));
        assert_eq!(pty.exit_code(), 130, "{question}");
        assert!(!is_written(&pty), "{question}");
        pty.wait_line("stopped: nothing was written");
    }
}
