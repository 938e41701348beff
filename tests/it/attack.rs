//! A server, or strangers through it, that try to take over the terminal: in
//! names, values, keys, texts and words of every kind, in every form.

use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};

/// Every C0 byte but NUL, LF and CR, DEL, and what has been used against
/// terminals. `MARK` shows that it was printed at all.
fn attack() -> Vec<u8> {
    let mut bytes: Vec<u8> = (1..0x20).filter(|b| *b != b'\n' && *b != b'\r').collect();
    bytes.push(0x7f);
    bytes.extend(0x80..=0x9f);
    bytes.extend(
        (0x80..=0x9f_u32)
            .filter_map(char::from_u32)
            .collect::<String>()
            .bytes(),
    );
    for sequence in [
        "\x1b]0;title\x07",
        "\x1b]52;c;cm0gLXJm\x07",
        "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\",
        "\x1b[6n\x1b[c\x1bZ\x05",
        "\x1b[201~\x1b[200~",
        "\x1b[2J\x1b[H\x1b[5mblink\x1bc",
        "\x1bP+q544e\x1b\\",
        "\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{200d}\u{feff}\u{ad}\u{2028}",
        "\u{e0041}\u{e007f}\u{e0100}\u{115f}\u{3164}",
    ] {
        bytes.extend(sequence.bytes());
    }
    // A surrogate, an overlong form, half a character.
    bytes.extend(b"\xed\xa0\x80\xc0\x9b\xe2\x80MARK");
    bytes
}

/// `text` with `@` replaced by the attack, `$ID` by the ActionID, LF by CRLF.
fn hostile(text: &str, id: &str) -> Vec<u8> {
    let text = text.replace("$ID", id).replace('\n', "\r\n") + "\r\n\r\n";
    let mut bytes = Vec::new();
    for (i, part) in text.split('@').enumerate() {
        if i > 0 {
            bytes.extend(attack());
        }
        bytes.extend(part.bytes());
    }
    bytes
}

fn serve(conversation: &mut Conversation) {
    while let Some(request) = conversation.hear() {
        let text = match request.get("Action").unwrap_or_default() {
            "ListCommands" => {
                "Response: Success\nActionID: $ID\nPing: @ (Priv: call,@)\nQ@: evil (Priv: @)\n\
                 Qx: evil (Priv: <none>)\nQ: (Priv: @"
            }
            "CoreShowChannels" => {
                "Response: Success\nActionID: $ID\nEventList: start\nMessage: @ will follow\n\n\
                 Event: CoreShowChannel\nActionID: $ID\nChannel: PJSIP/@-1\nCallerIDName: @\n\
                 ChannelStateDesc: @\nUniqueid: @\n@: @\nno colon @\n\n\
                 Event: CoreShowChannelsComplete\nActionID: $ID\nEventList: Complete\nListItems: 1\nX: @"
            }
            "QueueStatus" => {
                "Response: Success\nActionID: $ID\nEventList: start\nMessage: x\n\n\
                 Event: Odd@\nActionID: $ID\n@: @\n\n\
                 Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete"
            }
            "Command" => "Response: Success\nActionID: $ID\nMessage: @\nOutput: @\nOutput: \ta\t@",
            "Events" => {
                "Response: Success\nActionID: $ID\nEvents: @\n\n\
                 Event: UserEvent\nPrivilege: user,all\nUserEvent: @\n@: @\n\n\
                 Event: Newchannel\nPrivilege: call,@,all\nChannel: @\nCallerIDNum: @\nCallerIDName: @\n\n\
                 Event: Evil@\nPrivilege: user,all\nQueue: @\nInterface: @\nMemberName: @\n\n\
                 Event: Hangup\nPrivilege: call,all\nChannel: @\nCause: @\nCause-txt: @\n\n\
                 Response: Success\nActionID: nobody@\nMessage: @\n\n\
                 Un@framed: @\n@"
            }
            "Status" => "Response: Error\nActionID: $ID\nMessage: Permission denied @",
            "Getvar" => "Response: Error\nActionID: $ID\nMessage: @",
            "Logoff" => "Response: Goodbye\nActionID: $ID\nMessage: @",
            _ => "Response: Success\nActionID: $ID\nMessage: @\nPing: Pong",
        };
        let id = conversation.id().to_owned();
        conversation.send(hostile(text, &id));
    }
}

/// A server whose first line is an attack already.
fn server(login: &'static str) -> Scripted {
    Scripted::start(move |conversation| {
        let mut banner = b"Asterisk Call Manager/11.0.0".to_vec();
        banner.extend(attack());
        banner.extend(b"\r\n");
        conversation.send(banner);
        for text in ["Response: Success\nActionID: $ID\nChallenge: 123", login] {
            if conversation.hear().is_none() {
                return;
            }
            let id = conversation.id().to_owned();
            conversation.send(hostile(text, &id));
        }
        serve(conversation);
    })
}

const ACCEPTED: &str = "Response: Success\nActionID: $ID\nMessage: Authentication accepted @";

/// What amish and its editor themselves send to a terminal: colours, cursor
/// movements, clearing, and marks around pastes and drawings.
fn is_own(sequence: &str) -> bool {
    let Some(body) = sequence.strip_prefix("\x1b[") else {
        return false;
    };
    let (numbers, end) = body.split_at(body.len() - 1);
    let all = |known: &[&str]| numbers.split(';').all(|number| known.contains(&number));
    match end {
        "m" => all(&["", "0", "1", "2", "31", "32", "33", "36", "94"]),
        "h" | "l" => ["?2004", "?2026", "?25"].contains(&numbers),
        "A" | "B" | "C" | "D" | "G" => numbers.chars().all(|c| c.is_ascii_digit()),
        "K" | "J" => ["", "0"].contains(&numbers),
        _ => false,
    }
}

/// What stands in `written` that a terminal would obey or hide, and is not
/// amish's own, with what surrounds it.
fn leaks(written: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = match std::str::from_utf8(written) {
        Ok(text) => text,
        Err(error) => return vec![format!("not UTF-8: {error}")],
    };
    while let Some(at) = rest.find(|c: char| c.is_control() || is_hidden(c)) {
        let from = &rest[at..];
        let first = from.chars().next().map_or(0, char::len_utf8);
        let mut length = first;
        if let Some(body) = from.strip_prefix("\x1b[") {
            let end = body.find(|c: char| c.is_ascii_alphabetic() || c == '~');
            length = end.map_or(2, |end| end + 3);
        }
        if !matches!(&from[..first], "\n" | "\r") && !is_own(&from[..length]) {
            let around: String = from.chars().take(30).collect();
            found.push(format!("{around:?}"));
        }
        rest = &from[length..];
    }
    found
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{3164}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

#[track_caller]
fn assert_harmless(pty: &Pty, what: &str) {
    let written = pty.bytes();
    let leaks = leaks(&written);
    assert!(leaks.is_empty(), "{what}: {leaks:#?}");
}

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];
const FORMS: [&str; 4] = ["table", "packet", "raw", "json"];

// The whole of a session, in each form.
#[test]
fn nothing_of_a_hostile_server_reaches_the_shell_as_it_is() {
    for form in FORMS {
        let server = server(ACCEPTED);
        let target = server.target();
        let mut pty = Pty::spawn(&["-u", "me", "-o", form, &target], &SECRET, 100, 50);
        pty.wait_typed(&format!("me@{target}>"));
        for line in [
            "help",
            "help Ping",
            "help Pong",
            "Getvar Nothing Known=1",
            "CoreShowChannels",
            "QueueStatus",
            "cli core show channels",
            "Status",
            "Ping",
            "/events on",
            "Ping",
            "/doctor",
            "/whoami",
            "/history",
            "/nothing",
        ] {
            pty.type_line(line);
        }
        pty.type_text("Q\t");
        pty.wait_for("candidates", |screen| screen.contents().contains("evil"));
        pty.type_bytes(b"\x15quit\r");
        assert_eq!(pty.exit_code(), 0);
        let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
        let shown = written.matches("MARK").count();
        assert!(shown > 10, "{form}: shown {shown} times only");
        assert_harmless(&pty, form);
    }
}

/// Answers what Tab and the librarian ask.
fn offer(conversation: &mut Conversation) {
    while let Some(request) = conversation.hear() {
        let text = match request.get("Action").unwrap_or_default() {
            "ListCommands" => {
                "Response: Success\nActionID: $ID\nCommand: @ (Priv: <none>)\n\
                 QueueRemove: @ (Priv: @)\nQueueStatus: @ (Priv: <none>)"
            }
            "QueueStatus" => {
                "Response: Success\nActionID: $ID\nEventList: start\nMessage: x\n\n\
                 Event: QueueParams\nActionID: $ID\nQueue: @\nCalls: @\n\n\
                 Event: QueueParams\nActionID: $ID\nQueue: first\nCalls: @\n\n\
                 Event: QueueParams\nActionID: $ID\nQueue: second\nCalls: @\n\n\
                 Event: QueueMember\nActionID: $ID\nQueue: first\nName: @\nLocation: one\n\n\
                 Event: QueueMember\nActionID: $ID\nQueue: first\nName: @\nLocation: two\n\n\
                 Event: QueueMember\nActionID: $ID\nQueue: first\nName: @\nLocation: @\n\n\
                 Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete"
            }
            "Command" => {
                "Response: Success\nActionID: $ID\n\
                 Output:   -= Info about Manager Command 'QueueRemove' =- \nOutput: \n\
                 Output: [Synopsis]\nOutput: @\nOutput: \n\
                 Output: [Syntax]\nOutput: Action: QueueRemove\nOutput: Queue: <@>\n\
                 Output: Interface: <value>\nOutput: [@:] <value>\nOutput: \n\
                 Output: [Arguments]\nOutput: Queue\nOutput:     About @\nOutput: "
            }
            "Logoff" => "Response: Goodbye\nActionID: $ID",
            _ => "Response: Success\nActionID: $ID\nPing: Pong",
        };
        let id = conversation.id().to_owned();
        conversation.send(hostile(text, &id));
    }
}

// What is offered and hinted is drawn without being asked for.
#[test]
fn nothing_of_a_hostile_server_reaches_a_list_or_a_hint_as_it_is() {
    let server = Scripted::logged_in(offer);
    let target = server.target();
    // Wide, so that nothing is cut away before it could do harm.
    let mut pty = Pty::spawn(&["-u", "me", &target], &SECRET, 2000, 50);
    pty.wait_typed(&format!("me@{target}>"));
    for (line, shown) in [
        ("Queue\t", "QueueStatus"),
        ("QueueStatus Queue=\t", "second"),
        ("QueueRemove Queue=first Interface=\t", "two"),
        ("QueueRemove ", "Interface=<"),
        ("QueueRemove Queue=", "About"),
        ("cli \t\x15help QueueRemove\r", "About"),
    ] {
        pty.type_text(line);
        pty.wait_line(shown);
        pty.type_bytes(b"\x15");
    }
    pty.type_bytes(b"quit\r");
    assert_eq!(pty.exit_code(), 0);
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    let shown = written.matches("MARK").count();
    assert!(shown > 5, "shown {shown} times only");
    assert_harmless(&pty, "lists and hints");
}

// Without a shell the same is printed on the same terminal.
#[test]
fn nothing_of_a_hostile_server_reaches_the_terminal_of_a_command() {
    let server = server(ACCEPTED);
    let target = server.target();
    for form in FORMS {
        for words in [
            &["CoreShowChannels"][..],
            &["QueueStatus"],
            &["Status"],
            &["Getvar"],
            &["-x", "core show channels"],
            &["-e", "--count", "4"],
            &["-v", "Ping"],
        ] {
            let args: Vec<&str> = ["-u", "me", "-o", form, &target]
                .iter()
                .chain(words)
                .copied()
                .collect();
            // Wide, so that nothing is cut away before it could do harm.
            let pty = Pty::spawn(&args, &SECRET, 4000, 50);
            pty.exit_code();
            let shown = String::from_utf8_lossy(&pty.bytes()).contains("MARK");
            assert!(shown, "{form} {words:?}");
            assert_harmless(&pty, &format!("{form} {words:?}"));
        }
    }
}

// Errors and advice are read on the same terminal as everything else.
#[test]
fn nothing_of_a_refusal_or_a_stranger_reaches_the_terminal() {
    let refusing = server("Response: Error\nActionID: $ID\nMessage: Authentication failed @");
    let stranger = Scripted::start(|conversation| {
        let mut line = b"220 mail ".to_vec();
        line.extend(attack());
        line.extend(b"\r\n");
        conversation.send(line);
    });
    for server in [refusing, stranger] {
        let target = server.target();
        let pty = Pty::spawn(&["-u", "me", &target, "Ping"], &SECRET, 100, 50);
        assert!([4, 5].contains(&pty.exit_code()));
        assert_harmless(&pty, "an error");
    }
    let name = "\u{202e}\x1b]0;x\x07\u{9b}5m.invalid";
    let pty = Pty::spawn(&["-u", name, name, "Ping"], &SECRET, 100, 50);
    assert_ne!(pty.exit_code(), 0);
    assert_harmless(&pty, "a target's name");
}

// Ten thousand marks on one letter would paint over the rows above.
#[test]
fn a_tower_of_marks_is_no_taller_than_its_row() {
    let server = Scripted::logged_in(|conversation| {
        let tower = format!("a{}", "\u{301}".repeat(10_000));
        conversation.expect("CoreShowChannels");
        conversation.packets(&format!(
            "Response: Success\nActionID: $ID\nEventList: start\nMessage: Channels will follow\n\n\
             Event: CoreShowChannel\nActionID: $ID\nChannel: PJSIP/1\nCallerIDName: {tower}\nUniqueid: 1.1\n\n\
             Event: CoreShowChannelsComplete\nActionID: $ID\nEventList: Complete\nListItems: 1"
        ));
        conversation.carry_on();
    });
    let target = server.target();
    let pty = Pty::spawn(&["-u", "me", &target, "CoreShowChannels"], &SECRET, 80, 24);
    assert_eq!(pty.exit_code(), 0);
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(written.contains("PJSIP/1"), "{written}");
    let marks = written.matches('\u{301}').count();
    assert!(marks < 10, "{marks} marks");
}
