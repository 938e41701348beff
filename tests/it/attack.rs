//! A server, or strangers whose text it passes on, that try to take over the
//! terminal: in names, values, keys, texts and words of every kind, in every
//! form.

use crate::calm::assert_calm_shell;
use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};

/// Every C0 byte except NUL, LF and CR, DEL, and sequences that have been used
/// against terminals. `MARK` shows that the text was printed at all.
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

/// A server whose banner is already an attack.
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

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];
const FORMS: [&str; 4] = ["table", "packet", "raw", "json"];

// A whole session, in each form.
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
        assert_calm_shell(form, &pty.bytes());
    }
}

/// Answers the queries of Tab and of the background thread.
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

// Offers and hints are drawn unasked.
#[test]
fn nothing_of_a_hostile_server_reaches_a_list_or_a_hint_as_it_is() {
    let server = Scripted::logged_in(offer);
    let target = server.target();
    // Wide, so that nothing is cut off before it could do harm.
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
    assert_calm_shell("lists and hints", &pty.bytes());
}

// Outside the shell the same is printed on the same terminal.
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
            // Wide, so that nothing is cut off before it could do harm.
            let pty = Pty::spawn(&args, &SECRET, 4000, 50);
            pty.exit_code();
            let shown = String::from_utf8_lossy(&pty.bytes()).contains("MARK");
            assert!(shown, "{form} {words:?}");
            assert_calm_shell(format!("{form} {words:?}"), &pty.bytes());
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
        assert_calm_shell("an error", &pty.bytes());
    }
    let name = "\u{202e}\x1b]0;x\x07\u{9b}5m.invalid";
    let pty = Pty::spawn(&["-u", name, name, "Ping"], &SECRET, 100, 50);
    assert_ne!(pty.exit_code(), 0);
    assert_calm_shell("a target's name", &pty.bytes());
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
