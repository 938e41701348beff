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

// A UserEvent contains whatever its sender wrote, and an OriginateResponse
// event has a Response header: only the first line decides the kind.
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
    assert_eq!(packet.get("Absent"), None);
}

// `Value: one␊two␍␊three␊␊Response: Success␊four␍␊` is one value of Getvar.
// Matching must see its first line only.
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

// The server itself ends one header in LF alone, for every agent on a call: the
// time of the login is a header, and no part of the one above.
#[test]
fn a_number_of_the_server_may_end_in_lf_alone() {
    let agents = packet(
        "Event: Agents\r\nAgent: 7001\r\nCallStarted: 1443613421\nLoggedInTime: 1443608760\r\n\
         Channel: SIP/1\r\nActionID: a\r\n\r\n",
    );
    let shown: Vec<String> = pairs(&agents)
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(
        shown,
        [
            "Event=Agents",
            "Agent=7001",
            "CallStarted=1443613421",
            "LoggedInTime=1443608760",
            "Channel=SIP/1",
            "ActionID=a"
        ]
    );
    assert_eq!(agents.get("LoggedInTime"), Some(&b"1443608760"[..]));
}

// The same bytes in what a caller, the dialplan or a client may choose must stay
// in their value: a forged header would be matched and believed.
#[test]
fn a_chosen_value_forges_no_header() {
    for (kind, line) in [
        // Values that others choose.
        ("Event: Newexten", "AppData: 1\nLoggedInTime: 2"),
        ("Event: VarSet", "Value: 1795720571\nUniqueid: 2"),
        ("Event: Status", "Variable: 1\nX: 2"),
        ("Event: Newchannel", "CallerIDName: 5\nCallerIDNum: 6"),
        ("Response: Success", "Value: 1\nCallStarted: 2"),
        // Keys that others choose.
        ("Event: UserEvent", "CallStarted: 1\nLoggedInTime: 2"),
        ("Event: Cdr", "CallStarted: 1\nLoggedInTime: 2"),
        ("Response: Success", "CallStarted: 1\nLoggedInTime: 2"),
        ("Ev: Agents", "CallStarted: 1\nLoggedInTime: 2"),
        // No number, no key, or a key that matches packets.
        ("Event: Agents", "CallStarted: 1x\nLoggedInTime: 2"),
        ("Event: Agents", "CallStarted: \nLoggedInTime: 2"),
        ("Event: Agents", "CallStarted: 1\nLogged In: 2"),
        ("Event: Agents", "CallStarted: 1\nLoggedInTime"),
        ("Event: Agents", "CallStarted: 1\n\nLoggedInTime: 2"),
        ("Event: Agents", "CallStarted: 1\nActionID: 2"),
        ("Event: Agents", "CallStarted: 1\nEventList: Complete"),
        ("Event: Agents", "CallStarted: 1\nEvent: Hangup"),
    ] {
        let packet = packet(&format!("{kind}\r\n{line}\r\nLast: 1\r\n\r\n"));
        let keys: Vec<String> = pairs(&packet).into_iter().map(|(key, _)| key).collect();
        let own = line.split(':').next().unwrap();
        assert_eq!(keys[1..], [own, "Last"], "{kind} {line:?}");
    }
}

// The channel's name is part of the key, and has colons where it holds an
// address.
#[test]
fn a_key_with_a_channel_ends_behind_its_bracket() {
    for (line, key, value) in [
        (
            "ChanVariable(IAX2/192.0.2.1:4569-12): FOO=1",
            "ChanVariable(IAX2/192.0.2.1:4569-12)",
            "FOO=1",
        ),
        (
            "DestChanVariable(SIP/[2001:db8::1]:5060-1): X=(1): 2",
            "DestChanVariable(SIP/[2001:db8::1]:5060-1)",
            "X=(1): 2",
        ),
        (
            "ChanVariable(Local/1@x-0;1): A=b:c",
            "ChanVariable(Local/1@x-0;1)",
            "A=b:c",
        ),
        ("Key(0): a): b", "Key(0)", "a): b"),
        ("Url:http://x(y): z", "Url", "http://x(y): z"),
        ("(a:b): c", "(a", "b): c"),
        ("Open(a:b) c", "Open(a", "b) c"),
    ] {
        let packet = packet(&format!("Event: E\r\n{line}\r\nLast: 1): \r\n\r\n"));
        let wanted = (key.to_owned(), value.to_owned());
        assert_eq!(pairs(&packet)[1], wanted, "{line}");
        assert_eq!(packet.headers().len(), 3, "{line}");
    }
}

// A lone CR is data, as in `Output: two␍␍␊`: only CRLF ends a line.
#[test]
fn a_lone_carriage_return_does_not_end_the_first_line() {
    let packet = packet("Response: Success\r\nA: one\rtwo\r\r\nmore\r\n\r\n");
    assert_eq!(packet.get("A"), Some(&b"one\rtwo\r"[..]));
    assert_eq!(pairs(&packet)[1].1, "one\\rtwo\\r\\r\\nmore");
}

// Appended to ActionID or EventList, foreign text would change what matches.
#[test]
fn lines_below_a_header_that_matches_are_stray() {
    for key in index::NEVER_CONTINUED {
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

// Without an ActionID the text may begin with a line that looks like one. After
// one Privilege and one ActionID, everything is text.
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
        let packet = Packet::follows(text.as_bytes().into());
        assert_eq!(packet.body(), Some(body.as_bytes()), "{text:?}");
        assert_eq!(packet.headers().len(), head.matches("\r\n").count());
    }
    let empty = Packet::follows(b"Response: Follows\r\n--END COMMAND--\r\n\r\n"[..].into());
    assert_eq!(empty.body(), Some(&b""[..]));
}

// The text may contain empty lines; the packet does not end there.
#[test]
fn lines_are_all_lines() {
    let text = b"Response: Follows\r\na\r\n\r\nb\r\n--END COMMAND--\r\n\r\n";
    let packet = Packet::follows(text[..].into());
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

// Keys are read eight bytes at a time; borrows and carries must not affect the
// result.
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

// Whoever takes the quick way must be told the same headers, or that there is
// another kind of packet; and the same keys must be told by their hashes.
#[test]
fn a_regular_packet_is_walked_as_it_is_indexed() {
    let walked = |text: &str| {
        let packet = packet(text);
        let mut hashes = Vec::new();
        let mut found = Vec::new();
        let is_regular = packet.walk(|key, hash, value| {
            hashes.push(hash);
            let text = |range| String::from_utf8_lossy(&packet.bytes()[range]).into_owned();
            found.push((text(key), text(value)));
            true
        });
        is_regular.then(|| {
            assert_eq!(found, pairs(&packet));
            hashes
        })
    };
    let hashes = walked("Event: A\r\nVariableNames: \r\nX: 1\r\nVARIABLENAMES:  2 \r\n\r\n");
    let hashes = hashes.expect("a regular packet");
    assert_eq!(hashes[1], hashes[3]);
    assert!(hashes[0] != hashes[1] && hashes[0] != hashes[2]);
    for other in [
        "Event: A\r\nno key\r\n\r\n",
        "Event: A\r\n: none\r\n\r\n",
        "Event: A\r\nKey : x\r\n\r\n",
        "Event: A\r\nChanVariable(IAX2/192.0.2.1:4569-12): FOO=1\r\n\r\n",
        "Event: A\r\nA:b\r\n\r\n",
        "Action: A\r\nB: c\r\n\r\n",
        "Event: A\r\nB: c\r\n\n",
    ] {
        assert_eq!(walked(other), None, "{other:?}");
    }
}
