use super::*;

/// What the editor gets for `bytes` in one piece, and then no more.
fn given(bytes: &[u8]) -> String {
    let (mut keys, mut out) = (Keystrokes::default(), Vec::new());
    keys.take(bytes, &mut out);
    keys.settle(&mut out);
    // In any pieces it must be the same.
    let (mut keys, mut pieces) = (Keystrokes::default(), Vec::new());
    for byte in bytes {
        keys.take(&[*byte], &mut pieces);
    }
    keys.settle(&mut pieces);
    assert_eq!(pieces, out, "{}", bytes.escape_ascii());
    String::from_utf8(out).expect("the editor fails at anything else")
}

// One such byte made the editor forget whatever it had read.
#[test]
fn a_byte_that_is_not_utf8_takes_nothing_along() {
    for (bytes, wanted) in [
        (&b"f caf\xe9 x\rPing\r"[..], "f caf? x\rPing\r"),
        (b"\xffa", "?a"),
        // Bytes of a character that does not end, or did not begin.
        (b"\xe2\x82a", "?a"),
        (b"\xe2\x82\xe2\x82\xac", "?€"),
        (b"\xa9\xa9b", "??b"),
        // Overlong, a surrogate, beyond Unicode.
        (b"\xc0\xafx", "??x"),
        (b"\xed\xa0\x80x", "??x"),
        (b"\xf5x", "?x"),
        // Before another key, quoted, and pasted.
        (b"\xc3\x1b[A", "?\x1b[A"),
        (b"\x16\xff\x03x", "\x16?\x03x"),
        (
            b"\x1b[200~a\xffb\xe9\rc\x1b[201~d",
            "\x1b[200~a?b?\rc\x1b[201~d",
        ),
    ] {
        let wanted = wanted.replace('?', "\u{3fff0}");
        assert_eq!(given(bytes), wanted, "{}", bytes.escape_ascii());
        let mut keys = Keystrokes::default();
        keys.take(bytes, &mut Vec::new());
        assert!(keys.has_left_out() && !keys.has_left_out());
    }
    let mut keys = Keystrokes::default();
    keys.take("é日\x1b[A\x1b[M \u{ff}".as_bytes(), &mut Vec::new());
    assert!(!keys.has_left_out());
}

// What a terminal answers to a question of another program, and keys that no
// editor has heard of, would be inserted, and sent with the next Enter.
#[test]
fn answers_of_a_terminal_and_unknown_keys_insert_nothing() {
    for one in [
        // Colours, with either end; title, clipboard.
        &b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"[..],
        b"\x1b]10;rgb:ffff/ffff/ffff\x07",
        b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
        b"\x1b]lnew title\x1b\\",
        b"\x1b]52;c;aGVsbG8=\x07",
        // What it is, and its settings.
        b"\x1b[?62;22c",
        b"\x1b[>41;354;0c",
        b"\x1b[=1;0c",
        b"\x1bP>|XTerm(354)\x1b\\",
        b"\x1bP!|00000000\x1b\\",
        b"\x1bP1$r0m\x1b\\",
        b"\x1bP1+r544e=787465726d\x1b\\",
        b"\x1b[?2026;2$y",
        b"\x1b[4;1$y",
        b"\x1b[0n",
        b"\x1b[?1u",
        b"\x1b_Gi=31;OK\x1b\\",
        // Where the cursor is, how large the window is, the focus.
        b"\x1b[24;80R",
        b"\x1b[?24;80R",
        b"\x1b[8;24;80t",
        b"\x1b[I",
        b"\x1b[O",
        // The mouse, of three kinds.
        b"\x1b[M !!",
        b"\x1b[M\x20\xc8\xff",
        b"\x1b[<0;10;20M",
        b"\x1b[<0;10;20m",
        b"\x1b[32;10;20M",
        // Keys with other modifiers.
        b"\x1b[97;5u",
        b"\x1b[27;5;106~",
        b"\x1b[13;2u",
        b"\x1b[57441;2u",
        b"\x1b[1;2;3A",
        b"\x1b[1;5:3A",
        b"\x1b[99~",
        b"\x1b[201~",
        b"\x1bOk",
        b"\x1b\x1b[97;5u",
    ] {
        let around = [b"a", one, b"b"].concat();
        assert_eq!(given(&around), "ab", "{}", one.escape_ascii());
    }
}

#[test]
fn keys_that_the_editor_knows_arrive_as_they_are() {
    for one in [
        "\x1b[A",
        "\x1bOA",
        "\x1b[H",
        "\x1b[3~",
        "\x1b[15~",
        "\x1b[24~",
        "\x1b[1;5D",
        "\x1b[3;5~",
        "\x1b[15;5~",
        "\x1b[Z",
        "\x1b[[A",
        "\x1b[7$",
        "\x1bOP",
        "\x1b\x1b[D",
        "\x1bb",
        "\x1b\x7f",
        "\x1b.",
        "\x1b",
        "\x1b\x1b",
        "\x1b[",
        "\x1bO",
        "\x1bP",
        "\x1b]",
        "\x1b\r",
        "\x03",
        "\x04",
        "\x1a",
        "é",
        "日",
        "\x1bé",
        "\x18\x05",
        "\x1bPhello\r",
        "\x1b]x\r",
        "\x1b_\x1b_",
    ] {
        assert_eq!(given(one.as_bytes()), one, "{one:?}");
    }
}

// Whatever the editor waits for takes Ctrl-Q, and then the key acts. Quoted or
// pasted it is text.
#[test]
fn before_a_key_that_acts_comes_one_that_does_nothing() {
    for (bytes, wanted) in [
        (&b"d\x03"[..], "d\x11\x03"),
        (b"\x18\x1a", "\x18\x11\x1a"),
        (b"\x1b\x03", "\x1b\x11\x03"),
        (b"\x1b[1;\x03", "\x11\x03"),
        (b"\x16\x03\x04", "\x16\u{3ff03}\x04"),
        (b"\x1b[200~\x03\x1b[201~", "\x1b[200~\u{3ff03}\x1b[201~"),
    ] {
        let (mut keys, mut out) = (Keystrokes::new(vec!['\x03', '\x1a']), Vec::new());
        keys.take(bytes, &mut out);
        assert_eq!(out, wanted.as_bytes(), "{}", bytes.escape_ascii());
    }
}

// Shown as `^[`, they stand for themselves.
#[test]
fn quoted_and_pasted_control_characters_are_text() {
    for (bytes, wanted) in [
        ("\x16\x1b[31m", "\x16\u{3ff1b}[31m"),
        ("\x16\r\x16\x16\x03", "\x16\u{3ff0d}\x16\u{3ff16}\x03"),
        ("\x16\ta\x16é", "\x16\ta\x16é"),
        (
            "\x1b[200~a\x1b[31m\x07\x1b[2J\r\tb\x1b\x1b[201~\x03",
            "\x1b[200~a\u{3ff1b}[31m\u{3ff07}\u{3ff1b}[2J\r\tb\u{3ff1b}\x1b[201~\x03",
        ),
        (
            "\x1b[200~\x1b[200~\x16\u{9b}\x1b[201~",
            "\x1b[200~\u{3ff1b}[200~\u{3ff16}\u{3ff9b}\x1b[201~",
        ),
        ("\u{9b}", "\u{3ff9b}"),
        ("\u{3ff1b}", "\u{fffd}"),
    ] {
        assert_eq!(given(bytes.as_bytes()), wanted, "{bytes:?}");
    }
}

// What broke off must not take the next keys along.
#[test]
fn an_answer_that_breaks_off_is_dropped_and_the_next_key_counts() {
    for (begun, next) in [
        ("\x1b]11;rgb:1e", "x"),
        ("\x1b[?62;", "x"),
        ("\x1bP>|XT", "x"),
        ("\x1b[M!", "x"),
        ("", "\x1b[1;\x03"),
    ] {
        let (mut keys, mut out) = (Keystrokes::default(), Vec::new());
        keys.take(begun.as_bytes(), &mut out);
        keys.settle(&mut out);
        keys.take(next.as_bytes(), &mut out);
        let last = next.bytes().last().unwrap();
        assert_eq!(out, [last], "{begun:?}");
    }
}
