//! Searches for the secret everywhere that amish leaves anything.

use crate::program::{Amish, amish, finish};
use crate::pty::{Key, Pty};
use crate::scripted::{Conversation, Scripted};
use crate::servers::simulator_with;
use crate::support::Watched;
use amish::simulator::{Config, User};
use std::path::Path;
use std::sync::Arc;

/// Occurs nowhere else.
pub const SECRET: &str = "s3kr1t-Zebra-42";

/// A server that answers as `login` says, and the keys that it received: with a
/// key and its challenge the secret can be guessed.
pub fn server(login: &'static str) -> (Scripted, Arc<Watched<Vec<String>>>) {
    let keys = Watched::new(Vec::new());
    let seen = keys.clone();
    let server = Scripted::start(move |conversation: &mut Conversation| {
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        while let Some(request) = conversation.hear() {
            if let Some(key) = request.get("Key") {
                seen.change(|seen| seen.push(key.to_owned()));
            }
            match request.get("Action").unwrap_or_default() {
                "Challenge" => conversation.answer("Success", "Challenge: 123456789"),
                "Login" => conversation.answer(login, "Message: as it is"),
                "Logoff" => conversation.answer("Goodbye", ""),
                _ => conversation.answer("Success", "Ping: Pong"),
            }
        }
    });
    (server, keys)
}

/// Whether any of `hidden` occurs in `text`.
fn found(text: &[u8], hidden: &[String]) -> bool {
    let is_in = |word: &String| text.windows(word.len()).any(|part| part == word.as_bytes());
    hidden.iter().any(is_in)
}

/// Every file below `folder`, except those that are meant to contain it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if !path.ends_with("given") && !path.ends_with("config.toml") {
            all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    all
}

#[track_caller]
pub fn assert_nowhere(what: &str, out: &[u8], home: &Path, keys: &Watched<Vec<String>>) {
    let mut hidden = keys.look().clone();
    hidden.push(SECRET.to_owned());
    assert!(
        !found(out, &hidden),
        "{what}: {}",
        String::from_utf8_lossy(out)
    );
    for (path, text) in files(home) {
        assert!(
            !found(&text, &hidden),
            "{what}: {path}: {}",
            String::from_utf8_lossy(&text)
        );
    }
}

/// amish with the secret from `source`.
fn from(source: &str, target: &str, args: &str) -> Amish {
    let given = |option: &str| amish(&format!("{option} -u me {target} {args}"));
    match source {
        "environment" => given("").env("AMISH_SECRET", SECRET),
        "file" => given("--secret-file given").file("given", SECRET),
        "command" => {
            let run = amish("--secret-command")
                .arg("cat given")
                .file("given", SECRET);
            let words = ["-u", "me", target]
                .into_iter()
                .chain(args.split_whitespace());
            words.fold(run, Amish::arg)
        }
        _ => {
            let text = format!("[profile.p]\ntarget = \"me@{target}\"\nsecret = \"{SECRET}\"\n");
            amish(&format!("p {args}")).file(".config/amish/config.toml", text)
        }
    }
}

// Whatever the source, and whatever the result.
#[test]
fn no_source_of_the_secret_leaves_it_anywhere() {
    for source in ["environment", "file", "command", "profile"] {
        for (login, args, input) in [
            ("Success", "--trace t Ping", ""),
            ("Success", "-v -o json Ping", ""),
            ("Success", "-v --trace t", "Ping\nNoSuchThing\n"),
            ("Success", "-e --count 1 --for 1s", ""),
            ("Error", "-v --trace t Ping", ""),
            ("Success", "--dry-run", "Ping\n"),
            ("Success", "--no-such-option", ""),
            ("Success", "-c", ""),
        ] {
            let (server, keys) = server(login);
            let run = from(source, &server.target(), args);
            let (child, home) = run.spawn();
            let line = format!("/proc/{}/cmdline", child.id());
            // It may have ended already.
            let line = std::fs::read(line).unwrap_or_default();
            let done = finish(child, input.as_bytes());
            let all = [done.out.as_bytes(), done.err.as_bytes(), &line].concat();
            assert_nowhere(&format!("{source}: {args}"), &all, home.path(), &keys);
        }
    }
}

// A user who logs in by hand types it, and expects the same.
#[test]
fn a_secret_in_a_script_is_in_nothing_but_the_script() {
    let line = format!("Login Username=me Secret={SECRET}\nPing\n");
    let packet = format!("Action: Login\nUsername: me\nSecret: {SECRET}\n\nPing\n");
    let wrong = format!("Login Username=me Secret={SECRET} 'x\n");
    let secrets = format!("Login Username=me Secret={SECRET}\r{SECRET}\n");
    for (input, login) in [
        (&line, "Success"),
        (&packet, "Error"),
        (&wrong, "Success"),
        (&secrets, "Success"),
    ] {
        for args in ["", "-v --trace t", "--dry-run", "-o json"] {
            let (server, keys) = server(login);
            let run = amish(&format!("{} {args}", server.target()));
            let (child, home) = run.spawn();
            let done = finish(child, input.as_bytes());
            let all = [done.out, done.err].concat();
            assert_nowhere(
                &format!("{input:?} {args}"),
                all.as_bytes(),
                home.path(),
                &keys,
            );
        }
    }
}

// A part of a secret is another secret; it was sent, and a ban may follow.
#[test]
fn a_secret_that_cannot_be_taken_whole_is_refused_before_a_login() {
    let long = "x".repeat(4096);
    for (typed, wrong) in [
        // What is beyond is not known, so that taking back one key is no cure.
        (
            format!("{long}xx\x7f\r").into_bytes(),
            "is longer than 4096 bytes",
        ),
        (b"s\xff\r".to_vec(), "is not UTF-8 text"),
    ] {
        let (server, keys) = server("Success");
        let mut pty = Pty::spawn(&["-u", "me", &server.target()], &[], 100, 24);
        pty.wait_line("Secret for me:");
        pty.wait_silent();
        pty.type_bytes(&typed);
        pty.wait_line(&format!("the secret that was typed {wrong}: not logged in"));
        assert_eq!(pty.exit_code(), 2);
        assert!(keys.look().is_empty(), "{wrong}");
    }
    let (server, _) = server("Success");
    let mut pty = Pty::spawn(&[&server.target()], &[], 100, 24);
    pty.wait_line("User:");
    pty.type_bytes(b"m\xff\r");
    pty.wait_line("the user that was typed is not UTF-8 text: not logged in");
    let pbx = simulator_with(Config {
        users: vec![User::new("long", &long, "all", "all")],
        ..Config::default()
    });
    let target = format!("long@{}", pbx.addr());
    let mut pty = Pty::spawn(&[&target], &[], 100, 24);
    pty.wait_line("Secret for long:");
    pty.wait_silent();
    pty.type_text(&format!("{long}x\x15{long}\r"));
    pty.wait_typed(&format!("{target}>"));
}

// When asked for on the terminal, it is neither echoed nor remembered.
#[test]
fn a_secret_that_is_asked_for_is_shown_nowhere() {
    let (server, keys) = server("Success");
    let target = server.target();
    let mut pty = Pty::spawn(&["-u", "me", "--trace", "t", &target], &[], 80, 24);
    pty.wait_line("Secret for me:");
    pty.wait_silent();
    pty.type_line(SECRET);
    pty.wait_typed(&format!("me@{target}>"));
    pty.type_line("Ping");
    pty.wait_line("Pong");
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    assert_nowhere("asked", &pty.bytes(), pty.home(), &keys);
}

// The editor shows what is typed; nothing keeps it after the line.
#[test]
fn a_secret_typed_in_the_shell_stays_in_its_line() {
    let (server, keys) = server("Success");
    let target = server.target();
    let mut pty = Pty::spawn(&["--no-login", "--trace", "t", &target], &[], 80, 24);
    pty.wait_typed(&format!("{target}>"));
    pty.type_line(&format!("Login Username=me Secret={SECRET}"));
    pty.wait_typed(&format!("me@{target} (events)>"));
    pty.type_line("Action: Login");
    pty.wait_typed("…");
    pty.type_line("Username: me");
    pty.type_line(&format!("Secret: {SECRET}"));
    pty.type_line("");
    pty.wait_typed(&format!("me@{target} (events)>"));
    let typed = String::from_utf8_lossy(&pty.bytes())
        .matches(SECRET)
        .count();
    pty.type_line("/history");
    pty.type_line("Ping");
    pty.wait_line("Pong");
    let shown = String::from_utf8_lossy(&pty.bytes())
        .matches(SECRET)
        .count();
    assert_eq!(shown, typed, "/history shows it");
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    assert_nowhere("typed", b"", pty.home(), &keys);
}
