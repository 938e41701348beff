//! `LINE | cmd`, `LINE &` and `!cmd`.

use super::*;

fn at_prompt(line: &str) -> (String, Then) {
    let mut statements = parse(line.as_bytes(), Place::Shell).expect("it can be read");
    let one = statements.remove(0);
    assert!(statements.is_empty());
    (short(&one.command), one.then)
}

// Splitting too early passes text to a local shell, too late to the server.
#[test]
fn a_tail_is_a_word_by_itself_outside_of_quotes() {
    let pipe = |command: &str| Then::Pipe(command.to_owned());
    let behind = |line: &str| Then::Behind(line.to_owned());
    for (line, command, then) in [
        ("QueueStatus | grep -c x", "QueueStatus", pipe("grep -c x")),
        (
            "QueueStatus a |  wc -l | cat & ",
            "QueueStatus {a}",
            // In the background it would read nothing.
            pipe("wc -l | cat"),
        ),
        (
            "QueueStatus  a &",
            "QueueStatus {a}",
            behind("QueueStatus  a"),
        ),
        (
            "cli core show channels | grep 'a | b'",
            "cli <core show channels>",
            pipe("grep 'a | b'"),
        ),
        (
            "cli core show channels &",
            "cli <core show channels>",
            behind("cli core show channels"),
        ),
        (
            "cli database put a b \"x | y\"",
            "cli <database put a b \\\"x | y\\\">",
            Then::Show,
        ),
        ("Ping | a &&", "Ping", pipe("a &&")),
        ("Ping | a \\&", "Ping", pipe("a \\&")),
        ("help | less", "Builtin(Help([]))", pipe("less")),
        (
            "Getvar Variable='a | b' | cat",
            "Getvar Variable={a | b}",
            pipe("cat"),
        ),
        ("DBPut a b '|'", "DBPut {a} {b} {|}", Then::Show),
        ("DBPut a b \"&\"", "DBPut {a} {b} {&}", Then::Show),
        ("DBPut a b|c", "DBPut {a} {b|c}", Then::Show),
        ("DBPut a |b c|", "DBPut {a} {|b} {c|}", Then::Show),
        ("DBPut a & b", "DBPut {a} {&} {b}", Then::Show),
        (
            "Originate Channel=a Data=x&y",
            "Originate Channel={a} Data={x&y}",
            Then::Show,
        ),
        ("!ls -l | wc &", "!<ls -l | wc &>", Then::Show),
        ("  !", "!<>", Then::Show),
    ] {
        assert_eq!(at_prompt(line), (command.to_owned(), then), "{line}");
    }
}

// A raw packet is sent unchanged.
#[test]
fn a_raw_packet_has_no_tail() {
    let (packet, then) = at_prompt("action: UserEvent\nx: a | b &\n");
    assert_eq!(
        (&*packet, then),
        ("action: UserEvent|x: a | b &||", Then::Show)
    );
}

#[test]
fn a_tail_needs_a_line_and_a_command() {
    for (line, words) in [
        ("| cat", "a | needs"),
        ("QueueStatus |", "the | at the end needs"),
        ("&", "& needs"),
    ] {
        let error = parse(line.as_bytes(), Place::Shell).expect_err(line);
        assert!(error.to_string().contains(words), "{line}: {error}");
    }
}

// Sent silently as words of the Action they would do something else than at the
// prompt.
#[test]
fn a_script_has_no_tails() {
    for line in [
        "QueueStatus | cat",
        "-QueueStatus | cat",
        "QueueStatus &",
        "cli core show channels | cat",
        "!ls",
    ] {
        let error = parse(line.as_bytes(), Place::Script).expect_err(line);
        assert!(error.to_string().contains("prompt"), "{line}: {error}");
    }
    for line in [
        "echo a | b &",
        "DBPut a b '|'",
        "fail a & b &",
        "DBPut a b x|y",
    ] {
        assert!(parse(line.as_bytes(), Place::Script).is_ok(), "{line}");
    }
}
