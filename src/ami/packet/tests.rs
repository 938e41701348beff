use super::*;

fn packet(text: &str) -> Packet {
    Packet::new(text.as_bytes().into())
}

fn pairs(packet: &Packet) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let headers = packet.headers();
    headers.map(|h| (text(h.key), text(h.value))).collect()
}

fn stray(packet: &Packet) -> Vec<&[u8]> {
    packet.stray_lines().collect()
}

// A UserEvent holds whatever its sender wrote, an OriginateResponse event a
// Response header: only the first line says what a packet is.
#[test]
fn the_first_line_alone_decides() {
    let event = packet("Event: UserEvent\r\nEvent: Spoof\r\nResponse: Error\r\n\r\n");
    assert_eq!(
        (event.kind(), event.name()),
        (Kind::Event, &b"UserEvent"[..])
    );
    assert!(event.is_event("userevent"));
    assert!(!event.is_event("Spoof"));
    for (text, kind) in [
        ("RESPONSE: Success\r\n\r\n", Kind::Response),
        ("response:Success\r\n\r\n", Kind::Response),
        (" Event : E\r\n\r\n", Kind::Event),
        ("Response Success\r\n\r\n", Kind::Unframed),
        ("Events: Off\r\nResponse: Success\r\n\r\n", Kind::Unframed),
        ("\nEvent: E\r\n\r\n", Kind::Unframed),
        (" \rResponse: Success\r\n\r\n", Kind::Unframed),
        ("no colon\r\n\r\n", Kind::Unframed),
        ("\r\n", Kind::Unframed),
        ("", Kind::Unframed),
    ] {
        assert_eq!(packet(text).kind(), kind, "{text:?}");
    }
}

#[test]
fn headers_keep_order_repeats_and_spelling() {
    let packet = packet(concat!(
        "Event: X\r\nVariable: A=1\r\nEmpty:\r\nBlank: \r\nvariable:B=2\r\n",
        "Reg-Contact : sip:x:1\r\nTwo:  blanks \r\nNamed Callgroup: 1\r\n: none\r\n\r\n",
    ));
    let expected = [
        ("Event", "X"),
        ("Variable", "A=1"),
        ("Empty", ""),
        ("Blank", ""),
        ("variable", "B=2"),
        ("Reg-Contact", "sip:x:1"),
        ("Two", " blanks "),
        ("Named Callgroup", "1"),
        ("", "none"),
    ];
    let expected = expected.map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(pairs(&packet), expected);
    assert_eq!(packet.get("VARIABLE"), Some(&b"A=1"[..]));
    assert_eq!(packet.all("variable").count(), 2);
    let hashes: Vec<u32> = packet.all("Variable").map(|h| h.key_hash()).collect();
    assert_eq!(hashes[0], hashes[1]);
    assert_eq!(packet.get("Absent"), None);
}

// protocol: `Value: one␊two␍␊three␊␊Response: Success␊four␍␊` is one value of
// Getvar. Matching must see its first line only.
#[test]
fn a_line_without_a_key_continues_the_value_above() {
    let text =
        "Response: Success\r\nValue: one\ntwo\r\nthree\n\nResponse: Success\nfour\r\nB: 1\r\n\r\n";
    let packet = packet(text);
    let value = "one\\ntwo\\r\\nthree\\n\\nResponse: Success\\nfour";
    assert_eq!(pairs(&packet)[1], ("Value".into(), value.into()));
    assert_eq!(packet.get("Value"), Some(&b"one\ntwo"[..]));
    assert_eq!(packet.get("B"), Some(&b"1"[..]));
    assert!(stray(&packet).is_empty());
}

// A lone CR is data, as in `Output: two␍␍␊`: only CRLF ends a line.
#[test]
fn a_lone_carriage_return_does_not_end_the_first_line() {
    let packet = packet("Response: Success\r\nA: one\rtwo\r\r\nmore\r\n\r\n");
    assert_eq!(packet.get("A"), Some(&b"one\rtwo\r"[..]));
    assert_eq!(pairs(&packet)[1].1, "one\\rtwo\\r\\r\\nmore");
}

// Grafted on ActionID or EventList, foreign text would change what matches.
#[test]
fn lines_below_a_header_that_matches_are_stray() {
    for key in NEVER_CONTINUED {
        let packet = packet(&format!("Event: E\r\n{key}: x\r\nloose\r\nend\r\n\r\n"));
        assert_eq!(packet.get(key).map(<[u8]>::len), Some(1), "{key}");
        assert_eq!(stray(&packet), [&b"loose"[..], b"end"], "{key}");
    }
    let unframed = packet("first\r\nsecond\r\n\r\n");
    assert_eq!(stray(&unframed), [&b"first"[..], b"second"]);
    assert_eq!(unframed.lines().count(), 2);
}

#[test]
fn a_control_byte_before_the_colon_is_no_key() {
    let packet = packet("Event: E\r\nA: x\r\n\nActionID: forged\r\nB\t: y\r\n\r\n");
    assert_eq!(packet.get("ActionID"), None);
    let joined = "x\\r\\n\\nActionID: forged\\r\\nB\\t: y";
    assert_eq!(pairs(&packet)[1].1, joined);
}

#[test]
fn bytes_that_are_not_utf_8_pass() {
    let packet = Packet::new(b"Event: E\r\nN\xe4me: J\xfcrgen\r\n\r\n"[..].into());
    let header = packet.headers().nth(1).expect("the second");
    assert_eq!(
        (header.key, header.value),
        (&b"N\xe4me"[..], &b"J\xfcrgen"[..])
    );
    assert_eq!(packet.text("E"), None);
}

// Without an ActionID the text may begin with a line that looks like one
// header; after one of each, what looks like a header is text.
#[test]
fn the_text_of_follows_begins_behind_its_headers() {
    for (head, body) in [
        ("Response: Follows\r\n", "text\n"),
        (
            "Response: Follows\r\nPrivilege: Command\r\n",
            "Privilege: x\n",
        ),
        ("Response: Follows\r\nActionID: 1\r\n", "ActionID: 2\nx"),
        (
            "Response: Follows\r\nprivilege: Command\r\nactionid: 1\r\n",
            "",
        ),
        (
            "Response: Follows\r\nActionID: 1\r\nPrivilege: Command\r\n",
            "ActionID: 2\r\n",
        ),
        (
            "Response: Follows\r\nPrivilege: Command\r\n",
            "a\r\n\r\nb\r\n",
        ),
    ] {
        let text = format!("{head}{body}--END COMMAND--\r\n\r\n");
        let end = head.len() + body.len();
        let packet = Packet::follows(text.as_bytes().into(), end);
        assert_eq!(packet.body(), Some(body.as_bytes()), "{text:?}");
        assert_eq!(packet.headers().len(), head.matches("\r\n").count());
    }
    let empty = Packet::follows(
        b"Response: Follows\r\n--END COMMAND--\r\n\r\n"[..].into(),
        19,
    );
    assert_eq!(empty.body(), Some(&b""[..]));
}

// The text may hold empty lines; the packet's lines do not end there.
#[test]
fn lines_are_all_lines() {
    let text = b"Response: Follows\r\na\r\n\r\nb\r\n--END COMMAND--\r\n\r\n";
    let packet = Packet::follows(text[..].into(), 27);
    let lines: Vec<&[u8]> = packet.lines().collect();
    assert_eq!(
        lines,
        [
            &b"Response: Follows"[..],
            b"a",
            b"",
            b"b",
            b"--END COMMAND--"
        ]
    );
}

// Keys are read eight bytes at a time; borrows and carries between them must
// not show.
#[test]
fn a_key_is_found_as_byte_by_byte() {
    for filler in [b'a', 0xff, 0x80, b';', b' '] {
        for length in 0..18 {
            for byte in 0..=255 {
                let mut line = vec![filler; length];
                line.extend([byte, 0x7e, b':', b'v', b'\r', b'\n']);
                let stop = line.iter().position(|b| *b == b':' || b.is_ascii_control());
                let expected = stop.filter(|at| line[*at] == b':');
                assert_eq!(colon_of(&line, 0), expected, "{}", line.escape_ascii());
            }
        }
    }
    assert_eq!(colon_of(b"", 0), None);
    assert_eq!(colon_of(b"no end", 3), None);
}
