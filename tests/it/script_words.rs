//! The words of scripts: every rule with its exit code.

use crate::program::{Done, amish, amish_at};
use crate::servers::{servers, simulator};
use crate::support::is_full;

/// `script` from a file, on its own PBX.
fn file(script: &str) -> Done {
    amish("--demo -f todo").file("todo", script).run()
}

/// The same from a pipe.
fn pipe(script: &str) -> Done {
    amish("--demo").input(script).run()
}

/// The result of a run: its exit code, and parts of stdout and stderr.
type Seen = (i32, &'static str, &'static str);

#[track_caller]
fn check(how: &str, script: &str, done: &Done, (code, out, err): Seen) {
    assert_eq!(done.code, code, "{how} {script}: {done:?}");
    assert!(done.out.contains(out), "{how} {script}: {done:?}");
    assert!(done.err.contains(err), "{how} {script}: {done:?}");
}

const CALL: &str = "Originate Channel=Local/100@default Application=Wait Data=0.02\n";

// Every documented rule: users' scripts depend on them.
#[test]
fn every_rule_of_scripts_has_its_exit_code() {
    let rules: &[(&str, Seen)] = &[
        // Variables.
        ("set x = \"a b\"\necho <$x>\n", (0, "<a b>\n", "")),
        (
            "Ping\nset p = ping\necho it is ${p}!\n",
            (0, "it is Pong!\n", ""),
        ),
        (
            "set f = \"g\"\nDBPut $f \"k$f\" 'v$f'\nDBGet g kg\n",
            (0, "Val: v$f\n", ""),
        ),
        (
            "DBPut g k 1\nDBGet g k\nset v = Val\necho v$v\n",
            (0, "v1\n", ""),
        ),
        (
            "Ping\nset x = Nothing\n",
            (7, "", "2: set x: the last reply has no header Nothing"),
        ),
        (
            "set x = Ping\n",
            (7, "", "1: set x: no reply or event has come yet"),
        ),
        ("Ping\n-set x = Nothing\necho on\n", (0, "on\n", "")),
        (
            "Ping\nset x = Ping\n-set x = Nothing\necho $x\n",
            (2, "", "4: $x is not set"),
        ),
        (
            "Ping\necho $y\n",
            (2, "", "2: $y is not set: for a dollar sign itself write $$"),
        ),
        ("echo $$y costs 5$\n", (0, "$y costs 5$\n", "")),
        (
            "cli core show version\nset v = Output\necho got $v\n",
            (0, "got Asterisk ", ""),
        ),
        (
            "cli database show\nset all = Output\nDBPut g k \"$all\"\n",
            (2, "", "3: "),
        ),
        (
            "set n = \"100\"\ncli database put g k $n\nDBGet g k\n",
            (0, "Val: 100\n", ""),
        ),
        // Events that are waited for.
        (
            "UserEvent Hi a=1\nexpect UserEvent a=1\nset n = UserEvent\necho met $n\n",
            (0, "met Hi\n", ""),
        ),
        (
            "UserEvent Hi\nexpect UserEvent within 5s\nexpect UserEvent within 0.2s\n",
            (7, "", "3: expect: no event within 0.2 s matches UserEvent"),
        ),
        (
            "UserEvent A\nUserEvent B\nexpect UserEvent UserEvent=A within 200ms\n",
            (7, "", "3: expect"),
        ),
        (
            "UserEvent A\n-expect UserEvent UserEvent=B within 200ms\necho on\n",
            (0, "on\n", ""),
        ),
        (
            "set n = \"Hi, it=is\"\nUserEvent \"$n\"\nexpect UserEvent UserEvent=$n within 5s\n",
            (0, "UserEvent: Hi, it=is\n", ""),
        ),
        (
            "UserEvent A\nexpect none UserEvent UserEvent=B within 0.2s\n",
            (0, "", ""),
        ),
        (
            "UserEvent A\nexpect none UserEvent within 5s\n",
            (
                7,
                "UserEvent: A\n",
                "2: expect none: an event came that matches UserEvent",
            ),
        ),
        (
            "UserEvent A\nexpect UserEvent\nexpect none UserEvent within 0.2s\n",
            (0, "UserEvent: A\n", ""),
        ),
        (
            "expect Nothing\n",
            (7, "", "1: expect: no event within 0.5 s matches Nothing"),
        ),
        // The rest.
        ("fail the trunk is down\n", (7, "", "1: the trunk is down")),
        ("-fail the trunk is down\necho on\n", (0, "on\n", "")),
        ("-DBGet no such\necho on\n", (0, "on\n", "")),
        ("DBGet no such\necho on\n", (3, "", "1: DBGet")),
        ("  # comment\n\n\techo on\r\n", (0, "on\n", "")),
        (
            "sleep 0.01\n/history\n",
            (2, "", "2: /history works at the prompt only"),
        ),
        ("quit\nfail\n", (0, "", "")),
    ];
    for (script, seen) in rules {
        let script = *script;
        check(
            "file",
            script,
            &amish("--demo -t 0.5 -f todo").file("todo", script).run(),
            *seen,
        );
        // In a pipe it is not known what will be expected.
        let script = format!("/events on\n{script}");
        let done = amish("--demo -t 0.5").input(&script).run();
        assert_eq!(done.code, seen.0, "pipe {script}: {done:?}");
        assert!(done.out.contains(seen.1), "pipe {script}: {done:?}");
    }
}

// In a script that is read whole, a mistake must not be found half way.
#[test]
fn what_is_never_set_is_found_before_anything_is_sent() {
    let simulator = simulator();
    for script in [
        "Ping\necho $x\nset x = Ping\n",
        "Ping\nexpect Hangup Channel=$c\n",
    ] {
        let run = amish_at(simulator.addr(), "demo", "demo", "-f todo");
        let done = run.file("todo", script).run();
        check("file", script, &done, (2, "", "todo:2: $"));
    }
    assert!(simulator.received().is_empty(), "not even a login");
}

// A user who writes an expect into a pipe must learn why nothing can come.
#[test]
fn a_pipe_needs_events_before_it_can_expect() {
    let script = "UserEvent Hi\nexpect UserEvent\n";
    let cure = "stdin:2: expect needs events: write /events on before the Action";
    check("pipe", script, &pipe(script), (2, "", cure));
    let script = "/events user\nUserEvent Hi\nexpect UserEvent UserEvent=Hi\n";
    let done = pipe(script);
    check("pipe", script, &done, (0, "UserEvent: Hi\n", ""));
    // Shown when it came, not again when it is met.
    assert_eq!(done.out.matches("Event: UserEvent").count(), 1, "{done:?}");
}

// Events that amish turned on for itself are not what the user asked to see.
#[test]
fn what_is_not_expected_is_not_shown() {
    for server in servers() {
        let script = format!("{CALL}expect Hangup Channel~Local/100 within 10s\nPing\n");
        let run = amish_at(server.address, server.user, server.secret, "-f todo");
        let done = run.file("todo", script).run();
        assert_eq!(done.code, 0, "{}: {done:?}", server.name);
        assert_eq!(
            done.out.matches("\nEvent: Hangup").count(),
            1,
            "{}: {done:?}",
            server.name
        );
        assert_eq!(
            done.out.matches("Event: Newchannel").count(),
            0,
            "{}",
            server.name
        );
    }
}

// The OriginateResponse that amish waited for can be expected like any other
// event.
#[test]
fn the_outcome_of_a_call_can_be_expected() {
    let script = format!(
        "{CALL}set u = Uniqueid\nexpect OriginateResponse Response=Success\nexpect Hangup Uniqueid=$u within 5s\n"
    );
    let done = file(&script);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        done.out.matches("Event: OriginateResponse").count(),
        1,
        "{done:?}"
    );
}

// Nothing is lost between sending and waiting, however fast the server is: each
// expect is met by the end of its own call.
#[test]
fn an_event_between_sending_and_waiting_is_met() {
    let (lots, rounds) = if is_full() { (10, 100) } else { (1, 20) };
    for server in servers() {
        let one = format!("{CALL}set u = Uniqueid\nexpect Hangup Uniqueid=$u within 10s\n");
        // It came long ago.
        let late = one.replace("expect", "sleep 0.1\nexpect");
        let ten = one.repeat(9) + &late;
        for _ in 0..lots {
            let run = amish_at(server.address, server.user, server.secret, "-q -f todo");
            let done = run.file("todo", ten.repeat(rounds / 10)).run();
            assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
            let met = done.out.matches("\nEvent: Hangup").count();
            assert_eq!(met, rounds, "{}", server.name);
        }
    }
}

// The server ignores a key that it does not know, or complains of the one that
// is missing; nobody looks for the letter that is wrong.
#[test]
fn a_mistyped_key_is_named_before_it_is_sent() {
    let pbx = simulator();
    let line = "QueueAdd Queu=support Interface=Local/100@default Memberame=x";
    let words = "the documentation of QueueAdd does not name Queu (did you mean Queue?), \
                 Memberame (did you mean MemberName?); will be sent as typed";
    let at = |args: &str| amish_at(pbx.addr(), "demo", "demo", args);
    for (run, place) in [
        (at(line), ""),
        (at(&format!("--dry-run {line}")), ""),
        (at("-c").arg(line), "-c:1: "),
        (at("-f todo").file("todo", line), "todo:1: "),
        (at("").input(line), "stdin:1: "),
    ] {
        let done = run.run();
        let first = done.err.lines().next().unwrap_or_default();
        assert_eq!(first, format!("amish: {place}{words}"), "{done:?}");
    }
    let heard = pbx.received();
    let sent = |part: &str| heard.iter().filter(|one| one.contains(part)).count();
    assert_eq!(sent("Queu: support"), 4, "as typed, except in a dry run");
    assert_eq!(
        sent("Action: ListCommands"),
        0,
        "the server is asked nothing"
    );
    assert_eq!(sent("Action: Command"), 0, "the server is asked nothing");
    for line in [
        "QueueAdd QUEUE=support interface=Local/100@default ActionID=1",
        "UserEvent UserEvent=x Usereven=y",
        "QueueAdd Zone=x",
        "Action: QueueAdd\nQueu: support\n",
    ] {
        let done = at("-c").arg(line).run();
        assert!(!done.err.contains("did you mean"), "{line}: {done:?}");
    }
    let done = at(&format!("--no-check {line}")).run();
    assert!(!done.err.contains("did you mean"), "{done:?}");
}

// A name with an apostrophe is the same name in every place: as it is written,
// as json shows what the server made of it, and back on its way to the server.
#[test]
fn a_name_is_kept_and_met_as_it_is_written() {
    let script = r#"Originate Channel=Local/500@default Application=Wait Data=9 Async=yes
CoreShowChannels
set c = Channel
Setvar $c X "it's"
expect VarSet Value="it\\'s" within 5s
Setvar $c X "it's"
expect VarSet Value="it's" within 5s
set v = Value
echo <$v>
Setvar $c Y $v
expect VarSet Variable=Y Value=$v within 5s
Getvar $c Y
set w = Value
echo [$w]
"#;
    let done = file(script);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    for words in ["<it's>\n", "[it's]\n"] {
        assert!(done.out.contains(words), "{words}: {}", done.out);
    }
}

// The rest of a value whose quotes were forgotten is a good value for another
// key: the server takes it and says nothing.
#[test]
fn a_word_that_fills_a_key_behind_a_value_is_told() {
    let pbx = simulator();
    let line = "QueueAdd support Local/100@default MemberName=Test One";
    let words = "the word behind MemberName= fills Penalty; a value with blanks stands in quotes";
    let at = |args: &str| amish_at(pbx.addr(), "demo", "demo", args);
    let named = format!("set m = 'Test'\n{}", line.replace("Test", "$m"));
    for (run, place) in [
        (at(line), ""),
        (at(&format!("--dry-run {line}")), ""),
        (at("-c").arg(line), "-c:1: "),
        (at("-c").arg(&named), "-c:2: "),
        (at("-f todo").file("todo", line), "todo:1: "),
        (at("").input(line), "stdin:1: "),
    ] {
        let done = run.run();
        let told = format!("amish: {place}{words}\n");
        assert_eq!(done.err.matches(&told).count(), 1, "{done:?}");
    }
    let heard = pbx.received();
    let sent = heard.iter().filter(|one| one.contains("Penalty: One"));
    assert_eq!(sent.count(), 5, "it is sent all the same");
    for line in [
        "QueueAdd support Local/100@default MemberName='Test One'",
        "QueueAdd support Local/100@default 1 MemberName=Test",
    ] {
        let done = at("-c").arg(line).run();
        assert!(!done.err.contains("quotes"), "{line}: {done:?}");
    }
    let done = at(&format!("--no-check {line}")).run();
    assert!(!done.err.contains("quotes"), "{done:?}");
}
