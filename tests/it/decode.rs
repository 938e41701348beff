//! `--decode`: what of a capture is shown, and what is refused.

use crate::program::{Done, amish};
use crate::pty::Pty;

const TELNET: &[u8] = include_bytes!("../transcripts/reported/telnet-lf.text");
const AGENTS: &[u8] = include_bytes!("../transcripts/reported/agents-callstarted-lf.ami");
const CHANNELS: &[u8] = include_bytes!("../transcripts/reported/chanvariable-colon.ami");
const CALLS: &str = "Event: Newchannel\r\nChannel: A\r\n\r\nEvent: Hangup\r\nChannel: A\r\n\
    Cause: 17\r\n\r\nResponse: Success\r\nPing: Pong\r\n\r\nEvent: Hangup\r\nChannel: B\r\n\
    Cause: 16\r\n\r\n";

fn decode(capture: &[u8], args: &str) -> Done {
    let done = amish(&format!("--decode capture {args}"));
    done.file("capture", capture).run()
}

/// What the events of `out`, packets in json, say of their channel.
fn channels(done: &Done) -> Vec<&str> {
    let after = done.out.split(r#""Channel":""#).skip(1);
    after.filter_map(|rest| rest.split('"').next()).collect()
}

// An option that is taken and does nothing shows what was not asked for, and
// nobody notices.
#[test]
fn options_choose_what_is_shown_of_a_capture() {
    let shown = |args: &str, code: i32| {
        let done = decode(CALLS.as_bytes(), &format!("-o json {args}"));
        assert_eq!(done.code, code, "{args}: {}", done.err);
        let packets = done.out.lines().count();
        (channels(&done).join(" "), packets)
    };
    let is = |channels: &str, packets| (channels.to_owned(), packets);
    assert_eq!(shown("--filter Hangup", 0), is("A B", 2));
    assert_eq!(shown("--filter Cause=16", 0), is("B", 1));
    assert_eq!(shown("--filter !Hangup", 0), is("A", 2));
    assert_eq!(shown("--filter DBGet*", 0), is("", 0));
    assert_eq!(shown("--count 2", 0), is("A A", 2));
    assert_eq!(shown("--filter Hangup --count 1", 0), is("A", 1));
    assert_eq!(shown("--until Hangup", 0), is("A A", 2));
    assert_eq!(
        shown("--filter Newchannel --until Cause=16", 0),
        is("A B", 2)
    );
    assert_eq!(shown("--until Bridge", 7), is("A A B", 4));
    let rows = decode(CALLS.as_bytes(), "-o tsv --filter Hangup");
    assert_eq!(
        rows.out,
        "Event\tChannel\tCause\nHangup\tA\t17\nHangup\tB\t16\n"
    );
}

// What only a connection can obey must not look as if it had been obeyed.
#[test]
fn options_of_a_connection_are_refused_with_a_capture() {
    for option in [
        "-u x",
        "--secret-file x",
        "--secret-command x",
        "--no-login",
        "--plaintext",
        "--tls",
        "--cacert x",
        "--tls-name x",
        "--insecure",
        "-t 3",
        "--connect-timeout 3",
        "--for 3s",
        "--reconnect",
        "--no-reconnect",
        "--buffer 1MiB",
        "--keep-going",
        "--window 2",
        "--strict",
        "--dry-run",
        "--no-check",
        "--trace x",
        "-v",
        "--demo",
        "-e",
        "-f x",
        "-c Ping",
    ] {
        let done = decode(CALLS.as_bytes(), option);
        assert_eq!((done.code, &*done.out), (2, ""), "{option}");
        assert!(done.err.contains("--decode"), "{option}: {}", done.err);
    }
    let columns = decode(CALLS.as_bytes(), "-o json --fields Cause");
    assert_eq!((columns.code, &*columns.out), (2, ""), "{}", columns.err);
    // These are kept without a connection.
    let kept = "-q --color=never --no-pager --no-shell --yes --read-only -o packet --fields *";
    assert_eq!(decode(CALLS.as_bytes(), kept).code, 0);
}

// `-o table` was read and packets were printed.
#[test]
fn a_capture_is_shown_as_tables() {
    let done = decode(CALLS.as_bytes(), "-o table");
    assert_eq!((done.code, &*done.err), (0, ""));
    let tables = [
        "Newchannel\nChannel\n───────\nA\n1 event\n",
        "Hangup\nChannel  Cause\n──────────────────────\nA        17 User busy\n\
         B        16 Normal clearing\n2 events\n",
        "Response\nResponse  Ping\n──────────────\nSuccess   Pong\n1 response\n",
    ];
    // A rule is ASCII or not, depending on the locale.
    let unruled = |text: &str| text.replace(['─', '-'], "");
    assert_eq!(unruled(&done.out), unruled(&tables.join("\n")));
    let agents = decode(AGENTS, "-o table").out;
    assert!(
        agents.contains("7001   Ann   AGENT_ONCALL  SIP/1234-00000060"),
        "{agents}"
    );
    let text = "Response: Success\r\nMessage: Command output follows\r\nOutput: one\r\n\
        Output:   two\r\n\r\n";
    assert_eq!(decode(text.as_bytes(), "-o table").out, "one\n  two\n");
    let chosen = decode(CALLS.as_bytes(), "-o table --fields Cause --filter Hangup").out;
    assert!(
        chosen.contains("17 User busy") && !chosen.contains("Newchannel"),
        "{chosen}"
    );
    // Whoever names columns gets some, also in a pipe.
    let chosen = decode(CALLS.as_bytes(), "--fields Cause --filter Hangup");
    assert_eq!((chosen.code, &*chosen.err), (0, ""));
    assert!(chosen.out.starts_with("Hangup\nCause\n"), "{chosen:?}");
    // Unasked, the order of the capture counts.
    assert!(
        decode(CALLS.as_bytes(), "")
            .out
            .starts_with("Event: Newchannel\nChannel: A\n\n")
    );
}

// Nearly every capture ends within a packet, because it was stopped: that is
// told, and no failure.
#[test]
fn a_capture_that_is_cut_at_its_end_says_so() {
    let cut = &CALLS[..CALLS.len() - 9];
    for form in ["packet", "json", "tsv", "table"] {
        let done = decode(cut.as_bytes(), &format!("-o {form}"));
        assert_eq!(done.code, 0, "{form}: {}", done.err);
        assert!(
            done.err.contains("bytes are not a whole packet"),
            "{}",
            done.err
        );
    }
    // What is behind the last packet that was wanted is not looked at.
    assert_eq!(decode(cut.as_bytes(), "--count 2").err, "");
}

// A capture that went through a program of Windows was one text without a frame:
// nothing was shown, with exit code 0. A BOM hid the first packet.
#[test]
fn what_windows_puts_into_a_capture_is_taken_out() {
    let plain = decode(CALLS.as_bytes(), "-o json");
    let doubled = CALLS.replace("\r\n", "\r\r\n");
    for capture in [doubled, format!("\u{feff}{CALLS}")] {
        let done = decode(capture.as_bytes(), "-o json");
        assert_eq!((done.code, &*done.out, &*done.err), (0, &*plain.out, ""));
    }
}

// A wrong file was printed as one packet without a frame, with exit code 0.
#[test]
fn what_is_no_ami_is_said() {
    let long = "no colon, no packet\n".repeat(200_000);
    for (foreign, word) in [
        (&b"root:x:0:0:root:/root:/bin/bash\n"[..], "this is not AMI"),
        (b"\x7fELF\x02\x01\0\0\r\n\r\nx\r\n\r\n", "this is not AMI"),
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", "this is not AMI"),
        (b"Action: Ping\r\nActionID: 1\r\n\r\n", "this is not AMI"),
        (long.as_bytes(), "this is not AMI"),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "tcpflow"),
    ] {
        for form in ["packet", "json", "tsv", "table"] {
            let done = decode(foreign, &format!("-o {form}"));
            assert_eq!((done.code, &*done.out), (2, ""), "{form}: {}", done.err);
            assert!(
                done.err.contains("capture: ") && done.err.contains(word),
                "{}",
                done.err
            );
        }
    }
    // Nothing is no mistake, and a server may have sent no more than this.
    for little in [
        &b""[..],
        b"Asterisk Call Manager/5.0.1\r\n",
        b"Event: A\r\n\r\n",
    ] {
        assert_eq!(decode(little, "").code, 0);
    }
    let long = format!(
        "Response: Success\r\nJSON: {}\r\n\r\n",
        "x".repeat(3_000_000)
    );
    assert_eq!(decode(long.as_bytes(), "-o raw").out.len(), long.len());
    let unframed = b"Asterisk Call Manager/5.0.1\r\nrow of a table\r\n\r\n";
    assert_eq!(decode(unframed, "").out, "row of a table\n\n");
}

// Copied from telnet, a conversation has LF at its line ends and what was typed
// in between, with a secret.
#[test]
fn text_copied_from_telnet_is_read() {
    let began = "Trying 127.0.0.1...\nConnected to localhost.\nEscape character is '^]'.\n";
    let text = String::from_utf8_lossy(TELNET);
    // A copy often ends with the last line that has text.
    let cut = text.trim_end();
    let crlf = text.replace('\n', "\r\n");
    for copy in [&*text, cut, &crlf, &format!("{began}{text}")] {
        let done = decode(copy.as_bytes(), "-o json");
        assert_eq!(done.code, 0, "{}", done.err);
        assert_eq!(
            done.out,
            concat!(
                r#"{"_kind":"response","Response":"Success","ActionID":"1","#,
                r#""Message":"Authentication accepted"}"#,
                "\n",
                r#"{"_kind":"response","Response":"Success","ActionID":"2","#,
                r#""EventList":"start","Message":"Queue status will follow"}"#,
                "\n",
                r#"{"_kind":"event","Event":"QueueStatusComplete","ActionID":"2","#,
                r#""EventList":"Complete","ListItems":"0"}"#,
                "\n",
            ),
            "{copy:?}"
        );
        assert_eq!(done.err, "amish: 2 Actions among them were left out\n");
        assert_eq!(decode(copy.as_bytes(), "-q").err, "");
    }
}

// As the servers sent them.
#[test]
fn keys_are_read_as_the_server_meant_them() {
    let agents = decode(
        AGENTS,
        "-o tsv --fields CallStarted,LoggedInTime --filter Agents",
    );
    assert_eq!(
        agents.out,
        "CallStarted\tLoggedInTime\n1443613421\t1443608760\n"
    );
    let channels = decode(CHANNELS, "-o json").out;
    for wanted in [
        r#""ChanVariable(IAX2/192.0.2.1:4569-123)":["CDR(dst)=100","FOO=bar"]"#,
        r#""ChanVariable(SIP/[2001:db8::1]:5060-00000001)":"X=1: 2""#,
    ] {
        assert!(channels.contains(wanted), "{channels}");
    }
    assert_eq!(decode(AGENTS, "-o raw").out.as_bytes(), &AGENTS[29..]);
}

// A terminal breaks a word in the middle, and the rest begins at the edge.
#[test]
fn notes_on_a_capture_are_broken_between_words() {
    let amish = env!("CARGO_BIN_EXE_amish");
    let script = format!(
        "printf 'Event: A\\r\\nB: c\\r\\n\\r\\nEvent: X\\r\\nY' >capture; {amish} --decode capture"
    );
    let pty = Pty::program("/bin/sh", &["-c", &script], &[], 40, 12);
    assert_eq!(pty.exit_code(), 0);
    pty.wait_line("amish: the last 11 bytes are not a whole");
    pty.wait_line("       packet and were left out");
}

// A capture does not tell what time it is, so a moment in it has no age.
#[test]
fn a_moment_in_a_capture_is_a_time_without_an_age() {
    let program = amish("--decode capture -o table").env("TZ", "UTC");
    let agents = program.file("capture", AGENTS).run().out;
    let moments = "2015-09-30 11:43:41  2015-09-30 10:26:00";
    assert!(agents.contains(moments), "{agents}");
    assert!(!agents.contains(" ago"), "{agents}");
}

/// The packets of a capture that somebody reported, in json.
fn reported(name: &str) -> Vec<serde_json::Value> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("tests/transcripts/reported").join(name);
    let done = decode(&std::fs::read(path).expect(name), "-o json");
    assert_eq!((done.code, &*done.err), (0, ""), "{name}");
    let lines = done.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("json")
}

// CoreShowChannelMap of 18.19 to 18.23 ends in CRLF LF, and TestEvent in one
// empty line too many: the next packet was lost, or began with a blank.
#[test]
fn the_packet_behind_an_odd_end_is_whole() {
    let map = reported("channelmap-lf-end.ami");
    assert_eq!(map.len(), 4, "{map:?}");
    let channels = ["PJSIP/101-00000001", "PJSIP/102-00000002"];
    assert_eq!(map[1]["Channel"], serde_json::json!(channels));
    assert_eq!(map[2]["ActionID"], "m1");
    assert_eq!(
        (&map[3]["Response"], &map[3]["ActionID"]),
        (&"Success".into(), &"m2".into())
    );
    let test = reported("testevent-extra-blank.ami");
    let names: Vec<_> = test.iter().map(|packet| &packet["Event"]).collect();
    assert_eq!(names, ["TestEvent", "VarSet"]);
}

// Keys, names and values that others have stumbled over: a Response header in an
// event, JSON as a value, keys with slashes, a mask in a name, text that is not
// UTF-8.
#[test]
fn events_that_others_have_misread_are_events() {
    let zoo = reported("events-zoo.ami");
    assert_eq!(zoo.len(), 26);
    assert!(
        zoo.iter().all(|packet| packet["_kind"] == "event"),
        "{zoo:?}"
    );
    let of = |name: &str| {
        zoo.iter()
            .find(|packet| packet["Event"] == name)
            .expect(name)
    };
    assert_eq!(of("ChallengeResponseFailed")["Response"], "x");
    assert_eq!(of("UserEvent")["body"], r#"{"a":1,"b":"x: y"}"#);
    assert_eq!(of("Rename")["Newname"], "SIP/1-00000001<MASQ>");
    assert_eq!(of("AOC-D")["Currency/Amount/Cost"], "10");
    assert_eq!(of("DongleNewUSSDBase64")["Message"], "aGk=");
    let russian = reported("cp1251.ami");
    assert_eq!(russian[0]["CallerIDName"], "\u{fffd}".repeat(7));
    let raw = include_bytes!("../transcripts/reported/cp1251.ami");
    let shown = decode(raw, "-o table").out;
    assert!(shown.contains(r"\xc2\xe8\xf2\xe0\xeb\xe8\xe9"), "{shown}");
}

// Where a link has lost bytes, what stands between is told as it came, one whole
// packet behind it is right again, and no second `Event:` renames a packet.
#[test]
fn lost_bytes_cost_the_packets_that_they_were_in() {
    let packets = reported("lost-bytes.ami");
    let kinds: Vec<_> = packets.iter().map(|packet| &packet["_kind"]).collect();
    assert_eq!(kinds, ["event", "unframed", "event", "event"]);
    assert_eq!(packets[2]["Event"], "VarSet");
    assert_eq!(packets[2]["Value"], "1");
    assert_eq!(
        packets[3]["Event"],
        serde_json::json!(["Hangup", "Newchannel"])
    );
    let lost = include_bytes!("../transcripts/reported/lost-bytes.ami");
    let named = |name: &str| decode(lost, &format!("-o json --filter {name}")).out;
    assert!(named("Hangup").contains("SIP/1-1"));
    assert_eq!(named("Newchannel"), "");
}
