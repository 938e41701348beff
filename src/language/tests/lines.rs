//! Words, quotes, amish's own words, positions.

use super::*;

// The quoting rules, one by one: changing any breaks scripts.
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

// Each fault says where it is, and what to type instead.
#[test]
fn faults_have_a_place_and_advice() {
    for (typed, wanted) in [
        ("A k='x", "1:5: the quote ' is not closed"),
        (r#"A k="x\""#, "1:5: the quote \" is not closed"),
        ("A k='", "1:5: the quote ' is not closed"),
        ("A 'x'y z", "1:3: the word continues after the closing '"),
        (
            r#"A k="it"s"#,
            "1:5: the word continues after the closing \"",
        ),
        ("k=v", "1:1: the line begins with k="),
        ("Ping\n\n k=v", "3:2: the line begins with k="),
        ("*ls", "1:1: *ls is not the name of an Action"),
        ("a:b c", "1:1: a:b has a colon inside"),
        (
            " cli ",
            "1:5: cli needs something after it, such as `cli core show channels`",
        ),
        ("/", "1:1: / needs something"),
        (
            "!!",
            "1:1: !! recalls no line here: Up brings the last one back",
        ),
        ("!! | wc", "1:1: !! | wc recalls"),
        ("!-2", "1:1: !-2 recalls"),
        ("!17", "1:1: !17 recalls"),
        ("!$", "1:1: !$ recalls"),
        ("quit now", "1:6: quit takes no words"),
        ("/calls Leg", "1:8: /calls takes no words: type it alone"),
        ("/x 3", "1:4: /x takes no words"),
        (
            "/last -5",
            "1:7: -5 is in the way: how many events comes first, as in /last 5 Hangup",
        ),
        ("/last 5x", "1:7: 5x is in the way"),
        (
            "/last Hangup Cause=16 5 ",
            "1:7: 5 is in the way: how many events comes first, as in /last 5 Hangup Cause=16",
        ),
        ("\\q", "1:1: \\q is a command of psql: quit leaves amish"),
        (
            "QueueStatus support ?",
            "1:21: ? as the last word asks for help",
        ),
        ("/save ?", "1:7: ? as the last word asks for help"),
        ("?", "1:1: ? as the last word asks for help"),
        ("echo x", "1:1: echo is for scripts"),
        ("sleep 1", "1:1: sleep is for scripts"),
        ("-Ping", "1:1: a leading - is for scripts"),
        ("\u{e4} x", "1:1: \u{e4} is not the name"),
    ] {
        let error = shell(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
}

// Words that are not Actions, in any case, bare or with a slash.
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
        ("help", "Builtin(Help([]))"),
        ("help Originate", "Builtin(Help([\"Originate\"]))"),
        (
            "/help event Hangup",
            "Builtin(Help([\"event\", \"Hangup\"]))",
        ),
        ("help /queue", "Builtin(Help([\"/queue\"]))"),
        ("quit", "Builtin(Quit)"),
        ("Exit", "Builtin(Quit)"),
        ("/quit", "Builtin(Quit)"),
        ("/EXIT", "Builtin(Quit)"),
        ("QueueStatus '?'", "QueueStatus {?}"),
        ("QueueStatus a?", "QueueStatus {a?}"),
        (
            "/Events call,agent",
            "Builtin(Events(Some(Classes(Classes(34)))))",
        ),
        ("/source 'my file'", "Builtin(Source(\"my file\"))"),
        ("/cli", "Builtin(Interactive(Cli))"),
    ] {
        assert_eq!(shell(typed), Ok(vec![wanted.to_owned()]), "{typed}");
    }
    assert_eq!(shell(" # a comment\n\n\t\n#x"), Ok(vec![]));
}

// What scripts add to the language, and what they must not use.
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
        ("/events call", "Builtin(Events(Some(Classes(Classes(2)))))"),
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
        ("expect", "1:7: a test is missing here"),
        ("expect within 3s", "1:8: a test is missing here"),
        (
            "expect A within soon",
            "1:17: within: 'soon' is not a time: write",
        ),
        ("expect A within", "1:16: within needs a time"),
        ("expect none A", "1:8: expect none needs the time"),
        ("expect A=", "1:8: A has no value to compare with"),
        ("expect A~(", "1:10: not a regular expression"),
        ("/history", "1:1: /history works at the prompt only"),
        ("sleep", "1:6: sleep needs seconds"),
        ("sleep -1", "1:7: sleep: '-1' is negative: write 30"),
        ("sleep x", "1:7: sleep: 'x' is not a time: write 30"),
        ("sleep inf", "1:7: sleep: 'inf' is not a time"),
        (
            "sleep 99999999999999999999999",
            "1:7: sleep: '99999999999999999999999' is too long",
        ),
        ("-", "1:1: - needs something"),
        ("--x", "1:2: -x is not the name"),
    ] {
        let error = script(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
}

// The result is one value: nothing in it is interpreted again.
#[test]
fn variables_are_replaced_once_and_not_split() {
    let mut set = Variables::default();
    set.set("x", b"a  'b' \"$y\" k=v".to_vec()).unwrap();
    set.set("y2", b"Y".to_vec()).unwrap();
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

// A file in another charset: its bytes are sent unchanged.
#[test]
fn bytes_that_are_not_utf8_pass_through() {
    let read = |text: &[u8]| read(text, Place::Script).expect("reads");
    assert_eq!(read(b"A k=J\xf6rg 'J\xf6'"), [r"A k={J\xf6rg} {J\xf6}"]);
    assert_eq!(read(b"cli \xff"), [r"cli <\xff>"]);
    assert_eq!(read(b"echo \xff"), [r"echo <\xff>"]);
    let raw = b"action: a\nk\xf6: \xff\nk: \xff\n\nPing";
    assert_eq!(read(raw), [r"action: a|k\xf6: \xff|k: \xff||", "Ping"]);
}

// Completion and highlighting rely on the positions.
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
            "Builtin(Help([\"event\", \"Hangup\"]))",
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
        (
            &["/watch", "QueueStatus", "support"],
            "the pause comes first: write /watch 2 QueueStatus support",
        ),
        (
            &["/watch", "2", "QueueStatus", "support"],
            "/watch is not an Action: give it as a line, -c '/watch 2 QueueStatus support'",
        ),
        (&["/quit"], "/quit works at the prompt only"),
        (&["exit"], "/quit works at the prompt only"),
        (
            &["22038", "Ping"],
            "22038 is no Action: the port stands behind the host, as in host:22038",
        ),
        (&["/evnts"], "there is no /evnts; did you mean /events?"),
        (
            &["calls"],
            "calls is not an Action: give it as a line, -c '/calls'",
        ),
        (
            &["QueueStatus it's"],
            r"QueueStatus is not an Action: give it as a line, -c 'QueueStatus it'\''s'",
        ),
        (
            &["expect", "Hangup", "within", "1m"],
            "expect is not an Action: give it as a line, -c 'expect Hangup within 1m'",
        ),
        (
            &["core", "show", "channels"],
            "that reads like a command of the Asterisk CLI, not an Action: write -x 'core show channels'",
        ),
        (
            &["core show channels"],
            "that reads like a command of the Asterisk CLI, not an Action: write -x 'core show channels'",
        ),
        (
            &["bridge", "show", "all"],
            "that reads like a command of the Asterisk CLI",
        ),
        (&[""], "'' is not the name of an Action"),
        (&["  "], "'  ' is not the name of an Action"),
        (&["Ping "], "'Ping ' is not the name of an Action"),
        (&["k=v"], "the line begins with k="),
        (&[], "'' is not the name"),
        (&["Action:", "Ping"], "Action: has a colon"),
    ] {
        let error = command(typed).expect_err("refused");
        assert!(error.starts_with(wanted), "{error}");
    }
}
