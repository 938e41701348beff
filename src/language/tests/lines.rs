//! Words, quotes, the words of amish, places.

use super::*;

// The quoting rules of the contract, one by one: a change of any breaks scripts.
#[test]
fn words_of_an_action_line() {
    for (typed, wanted) in [
        ("Ping", "Ping"),
        ("  ping \t ", "ping"),
        ("Hangup Channel=a cause=16", "Hangup Channel={a} cause={16}"),
        ("A k=v=w k= x", "A k={v=w} k={} {x}"),
        (
            "A Variable=A=1 Variable=B=2",
            "A Variable={A=1} Variable={B=2}",
        ),
        ("A x.y=1 =z a/b=c", "A {x.y=1} {=z} {a/b=c}"),
        (
            "A UnitAmount(0)=1 Action-000000=x a_b=c",
            "A UnitAmount(0)={1} Action-000000={x} a_b={c}",
        ),
        (r"A 'k=v' 'a b' ''", "A {k=v} {a b} {}"),
        (r#"A "k=v" "a b" """#, "A {k=v} {a b} {}"),
        (
            r#"A k='a "b" \n $x' l="it's""#,
            r#"A k={a \"b\" \\n $x} l={it\'s}"#,
        ),
        (r#"A k="\"\\ \n \x""#, r#"A k={\"\\ \\n \\x}"#),
        (
            r#"A O'Brien k=O'Brien k=5" a"b"c"#,
            r#"A {O\'Brien} k={O\'Brien} k={5\"} {a\"b\"c}"#,
        ),
        (r"A C:\dir\ k=\'", r"A {C:\\dir\\} k={\\\'}"),
        ("A $x ${x} $$", "A {$x} {${x}} {$$}"),
        (
            "A Channel=Local/100@default/n",
            "A Channel={Local/100@default/n}",
        ),
        ("A\tk=1\t\tw", "A k={1} {w}"),
        ("'Ping'", "Ping"),
        ("A k=#x #y", "A k={#x} {#y}"),
    ] {
        assert_eq!(shell(typed), Ok(vec![wanted.to_owned()]), "{typed}");
    }
}

// Each says where, and what to type instead.
#[test]
fn faults_have_a_place_and_advice() {
    for (typed, wanted) in [
        ("A k='x", "1:5: the quote ' is not closed"),
        (r#"A k="x\""#, "1:5: the quote \" is not closed"),
        ("A k='", "1:5: the quote ' is not closed"),
        ("A 'x'y z", "1:3: after the closing ' the word goes on"),
        (r#"A k="it"s"#, "1:5: after the closing \" the word goes on"),
        ("k=v", "1:1: the line begins with k="),
        ("Ping\n\n k=v", "3:2: the line begins with k="),
        ("*ls", "1:1: *ls is not the name of an Action"),
        ("a:b c", "1:1: a:b has a colon inside"),
        (
            " cli ",
            "1:5: cli needs something after it, such as `cli core show channels`",
        ),
        ("/", "1:1: / needs something"),
        ("quit now", "1:1: quit takes no words"),
        ("echo x", "1:1: echo is for scripts"),
        ("sleep 1", "1:1: sleep is for scripts"),
        ("-Ping", "1:1: a - before a line is for scripts"),
        ("\u{e4} x", "1:1: \u{e4} is not the name"),
    ] {
        let error = shell(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
}

// Words that are no Actions, in any case, bare or with a slash.
#[test]
fn the_words_of_amish() {
    for (typed, wanted) in [
        (
            "cli core  show 'channels'  ",
            "cli <core  show \\'channels\\'>",
        ),
        (
            "CLI dialplan show $x # no comment",
            "cli <dialplan show $x # no comment>",
        ),
        ("help", "Help([])"),
        ("help Originate", "Help([\"Originate\"])"),
        ("/help event Hangup", "Help([\"event\", \"Hangup\"])"),
        ("help /queue", "Help([\"/queue\"])"),
        ("quit", "Quit"),
        ("Exit", "Quit"),
        ("/quit", "Quit"),
        (
            "/Events call,agent",
            "Builtin { name: \"events\", arguments: [\"call,agent\"] }",
        ),
        (
            "/source 'my file' k='a b'",
            "Builtin { name: \"source\", arguments: [\"my file\", \"k=a b\"] }",
        ),
        ("/cli", "Builtin { name: \"cli\", arguments: [] }"),
    ] {
        assert_eq!(shell(typed), Ok(vec![wanted.to_owned()]), "{typed}");
    }
    assert_eq!(shell(" # a comment\n\n\t\n#x"), Ok(vec![]));
}

// Section 5 of the contract: what scripts add, and what they must not use.
#[test]
fn the_words_of_scripts() {
    for (typed, wanted) in [
        ("echo  a $$ b ", "echo <a $ b>"),
        ("echo", "echo <>"),
        ("sleep 1.5", "Sleep(1.5s)"),
        ("sleep 200ms", "Sleep(200ms)"),
        ("-DBDel a b", "!DBDel {a} {b}"),
        ("  - cli x", "!cli <x>"),
        ("-action: ping\n\n", "!action: ping||"),
        (
            "A $$x $5 a$ k='$x' l=\"$$\" m=${x(y)} $",
            "A {$x} {$5} {a$} k={$x} l={$} m={${x(y)}} {$}",
        ),
        ("\u{feff}Ping", "Ping"),
        ("set x = Uniqueid", "x = Uniqueid"),
        ("SET  x=ChanVariable(a)", "x = ChanVariable(a)"),
        ("set _1 = \"a $$ b\" ", "_1 = <a $ b>"),
        ("set x = 'a $y'", "x = <a $y>"),
        ("fail  no $$ today", "fail <no $ today>"),
        ("expect Hangup", "expect <Hangup>"),
        (
            "-expect Hangup Cause=17, Leave  within  1.5s",
            "!expect <Hangup Cause=17, Leave> in 1.5s",
        ),
        ("expect NONE a WITHIN 2", "expect none <a> in 2s"),
        ("expect A k='x within 3s'", "expect <A k='x within 3s'>"),
        (
            "expect A k=\"x within 3\" within 4",
            "expect <A k=\"x within 3\"> in 4s",
        ),
        (
            "/events call",
            "Builtin { name: \"events\", arguments: [\"call\"] }",
        ),
        ("action: x\nvalue: $x $$\n", "action: x|value: $x $$||"),
    ] {
        assert_eq!(script(typed), Ok(vec![wanted.to_owned()]), "{typed}");
    }
    for (typed, wanted) in [
        ("$x", "1:1: $x is not the name"),
        ("set", "1:4: set needs a name and a header"),
        ("set 1x = A", "1:5: set needs a name and a header"),
        ("set x = A B", "1:5: set needs a name and a header"),
        ("set x = $y", "1:5: set needs a name and a header"),
        ("set x = k=v", "1:5: set needs a name and a header"),
        ("set x = \"a", "1:9: the quote \" is not closed"),
        ("expect", "1:7: here a test is missing"),
        ("expect within 3s", "1:8: here a test is missing"),
        ("expect A within soon", "1:17: within needs a time"),
        ("expect A within", "1:16: within needs a time"),
        ("expect none A", "1:8: expect none needs the time"),
        ("expect A=", "1:8: A is compared with nothing"),
        ("expect A~(", "1:10: not a regular expression"),
        ("/history", "1:1: /history works at the prompt only"),
        ("sleep", "1:6: sleep needs seconds"),
        ("sleep -1", "1:7: sleep needs seconds"),
        ("sleep 1e3", "1:7: sleep needs seconds"),
        ("sleep inf", "1:7: sleep needs seconds"),
        ("sleep 99999999999999999999999", "1:7: sleep needs seconds"),
        ("-", "1:1: - needs something"),
        ("--x", "1:2: -x is not the name"),
    ] {
        let error = script(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
}

// The result is one value: nothing in it means anything any more.
#[test]
fn variables_are_replaced_once_and_not_split() {
    let mut set = Variables::default();
    set.set("x", b"a  'b' \"$y\" k=v".to_vec());
    set.set("y2", b"Y".to_vec());
    for (typed, wanted) in [
        (
            "A k=$x.$y2 \"${y2}z\"",
            r#"A k={a  \'b\' \"$y\" k=v.Y} {Yz}"#,
        ),
        ("A k='$x' $$x $y2$$y2", "A k={$x} {$x} {Y$y2}"),
        ("cli show $y2 '$y2'", r"cli <show Y \'Y\'>"),
        ("echo ${y2}2 $$y2", "echo <Y2 $y2>"),
        ("set y = \"$y2!\"", "y = <Y!>"),
        ("action: $x\n\n", "action: $x||"),
    ] {
        let statements = parse(typed.as_bytes(), Place::Script).expect("reads");
        let command = statements[0].command.with(&set).expect("all are set");
        assert_eq!(short(&command), wanted, "{typed}");
    }
    for typed in ["A k=a$y", "cli $y", "echo ${y}", "fail $y", "expect A k=$y"] {
        let statements = parse(typed.as_bytes(), Place::Script).expect("reads");
        let fault = statements[0].command.with(&set).expect_err(typed);
        let said = fault.to_string();
        assert!(
            said.contains("is not set: for a dollar sign itself write $$"),
            "{said}"
        );
    }
}

// A file in another charset: its bytes go to the server as they are.
#[test]
fn bytes_that_are_not_utf8_pass_through() {
    let read = |text: &[u8]| read(text, Place::Script).expect("reads");
    assert_eq!(read(b"A k=J\xf6rg 'J\xf6'"), [r"A k={J\xf6rg} {J\xf6}"]);
    assert_eq!(read(b"cli \xff"), [r"cli <\xff>"]);
    assert_eq!(read(b"echo \xff"), [r"echo <\xff>"]);
    let raw = b"action: a\nk\xf6: \xff\nk: \xff\n\nPing";
    assert_eq!(read(raw), [r"action: a|k\xf6: \xff|k: \xff||", "Ping"]);
}

// Completion and colours stand on the places.
#[test]
fn spans_are_places_in_the_buffer() {
    let buffer = "# c\r\n  Hangup Channel='a b'  x\r\ncli core  show \na: b\nAction: c\n\n -Ping ";
    let place = |range: &Range<usize>| &buffer[range.clone()];
    let statements = parse(buffer.as_bytes(), Place::Script).expect("reads");
    let seen: Vec<(usize, &str)> = statements
        .iter()
        .map(|s| (s.line, place(&s.span)))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "Hangup Channel='a b'  x"),
            (3, "cli core  show"),
            (4, "a: b\nAction: c"),
            (7, "-Ping"),
        ]
    );
    let line = statements[0].span.clone();
    let words = split(&buffer.as_bytes()[line.clone()], line.start, Place::Script);
    let words: Vec<_> = words
        .iter()
        .map(|word| (place(&word.span), place(&word.value_span)))
        .collect();
    let hangup = [("Hangup", "Hangup"), ("Channel='a b'", "'a b'"), ("x", "x")];
    assert_eq!(words, hangup);
    let half = split(b"A Channel=\"a b", 10, Place::Shell);
    let last = half.last().expect("two words");
    assert_eq!(last.key.as_deref(), Some("Channel"));
    assert_eq!((last.quote, &*last.value), (Some('"'), &b"a b"[..]));
    assert_eq!(
        (last.span.clone(), last.value_span.clone()),
        (12..24, 20..24)
    );
}

// `amish HOST ACTION …`: the shell's quoting is the only quoting.
#[test]
fn arguments_are_words_already() {
    let command = |typed: &[&str]| {
        let typed: Vec<String> = typed.iter().map(|word| word.to_string()).collect();
        words(&typed)
            .map(|command| short(&command))
            .map_err(|e| e.to_string())
    };
    for (typed, wanted) in [
        (
            &["Originate", "Channel=Local/1 2", "$x", "'k=v'"][..],
            r"Originate Channel={Local/1 2} {$x} {\'k=v\'}",
        ),
        (
            &["cli", "core", "show", "channels"],
            "cli <core show channels>",
        ),
        (&["cli", "core show channels"], "cli <core show channels>"),
        (
            &["help", "event", "Hangup"],
            "Help([\"event\", \"Hangup\"])",
        ),
        (&["Ping"], "Ping"),
        (&["UserEvent", "", "k="], "UserEvent {} k={}"),
    ] {
        assert_eq!(command(typed), Ok(wanted.to_owned()));
    }
    for (typed, wanted) in [
        (&["cli"][..], "cli needs"),
        (&["cli", " "], "cli needs"),
        (
            &["/events"],
            "/events is not an Action: give it as a line, -c '/events'",
        ),
        (&["k=v"], "the line begins with k="),
        (&[], " is not the name"),
        (&["Action:", "Ping"], "Action: has a colon"),
    ] {
        let error = command(typed).expect_err("refused");
        assert!(error.starts_with(wanted), "{error}");
    }
}
