//! Commands of amish itself outside of the prompt: in scripts, in every form.

use crate::program::{Done, amish, amish_at};
use crate::scripted::Scripted;
use crate::shell::pbx;
use amish::simulator::Simulator;

/// A call that rings for the whole test, as seen by `lines` in `form`.
fn with_a_call(pbx: &Simulator, form: &str, lines: &[&str]) -> Done {
    let ring =
        "Originate Channel=Local/300@default Context=default Exten=300 Priority=1 Async=true";
    let run = amish_at(pbx.addr(), "demo", "demo", &format!("-o {form} -c"));
    let run = lines
        .iter()
        .fold(run.arg(ring), |run, line| run.arg("-c").arg(line));
    run.run()
}

// A monitoring script must not have to parse a table.
#[test]
fn calls_are_told_in_every_form_that_can_hold_them() {
    let pbx = pbx();
    for (form, wanted) in [
        ("json", "{\"_kind\":\"call\",\"Leg\":\"Local/300@default"),
        (
            "csv",
            "Leg,Who,Whom,State,Where,Since,Time\r\nLocal/300@default",
        ),
        (
            "tsv",
            "Leg\tWho\tWhom\tState\tWhere\tSince\tTime\nLocal/300@default",
        ),
        ("table", "1 call, "),
        ("packet", "1 call, "),
    ] {
        let done = with_a_call(&pbx, form, &["/calls", "Hangup /^Local/"]);
        assert_eq!(done.code, 0, "{form}: {done:?}");
        assert!(done.out.contains(wanted), "{form}: {}", done.out);
    }
}

// Explanations are needed where something fails, also in a script.
#[test]
fn what_amish_finds_out_is_told_to_scripts() {
    let pbx = pbx();
    for (line, form, wanted) in [
        ("/whoami", "json", "{\"_kind\":\"whoami\",\"user\":\"demo\""),
        ("/whoami", "packet", "user"),
        ("/doctor Originate", "packet", "demo may send Originate"),
        (
            "/doctor Originate",
            "json",
            "{\"_kind\":\"doctor\",\"_lines\":[",
        ),
        ("help DBGet", "packet", "The family of the entry."),
        (
            "help DBGet",
            "json",
            "{\"_kind\":\"help\",\"_lines\":[\"DBGet\"",
        ),
        ("help event Hangup", "table", "Hangup"),
        ("help /events", "packet", "/events [CLASSES|on|off|EXPR]"),
        ("/set", "packet", "output   packet"),
    ] {
        let run = amish_at(pbx.addr(), "demo", "demo", &format!("-o {form} -c"));
        let done = run.arg(line).run();
        assert_eq!(done.code, 0, "{line}: {done:?}");
        assert!(done.out.contains(wanted), "{line}: {}", done.out);
    }
}

// To debug a script, one needs the last reply with every header, and the events
// that came.
#[test]
fn scripts_look_back() {
    let pbx = pbx();
    let script = "/events user\nUserEvent UserEvent=Early\nexpect UserEvent\n/events off\n\
        /last 1 UserEvent=Early\nQueueSummary support\n/x\n";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let run = amish_at(pbx.addr(), "demo", "demo", "-o table -f");
    let done = run.arg(file.path()).run();
    assert_eq!(done.code, 0, "{done:?}");
    let (_, after) = done
        .out
        .split_once("QueueSummary  2 of")
        .expect("every packet of the list");
    assert!(after.contains("LoggedIn"), "{}", done.out);
    assert_eq!(
        done.out.matches("Early").count(),
        2,
        "once as it came, once of /last"
    );
    let done = amish_at(pbx.addr(), "demo", "demo", "-c /x").run();
    assert_eq!(done.code, 7, "{done:?}");
    assert!(
        done.err.contains("no reply or event was shown yet"),
        "{}",
        done.err
    );
}

// A sourced script is checked to its end before anything is sent, has variables
// and expectations, and cannot include itself forever.
#[test]
fn a_sourced_script_is_a_script_in_every_respect() {
    let pbx = pbx();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let inner = write(
        "inner",
        "set who = \"inner\"\nUserEvent UserEvent=$who\nexpect UserEvent UserEvent=$who\necho met $who\n",
    );
    let run = |line: &str| amish_at(pbx.addr(), "demo", "demo", "-c").arg(line).run();
    let done = run(&format!("/source {inner}"));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("met inner"), "{}", done.out);
    let broken = write("broken", "UserEvent UserEvent=Broken\nUserEvent x=\"\n");
    let done = run(&format!("/source {broken}"));
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("broken:2:") && done.err.contains("nothing was sent"));
    assert!(!pbx.received().iter().any(|one| one.contains("Broken")));
    let path = folder.path().join("itself");
    let itself = write("itself", &format!("/source {}\n", path.display()));
    let done = run(&format!("/source {itself}"));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("16 deep"), "{}", done.err);
}

// A script that keeps doubling a variable must fail instead of exhausting the
// memory.
#[test]
fn variables_have_a_bound() {
    let pbx = pbx();
    let mut script = "set x = \"0123456789abcdef\"\n".to_owned();
    script.push_str(&"set x = \"$x$x\"\n".repeat(40));
    let done = amish_at(pbx.addr(), "demo", "demo", "").input(script).run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("64 MiB"), "{}", done.err);
}

// Commands that need a person must be refused before anything is sent.
#[test]
fn what_needs_a_person_is_refused_in_scripts() {
    for line in [
        "/edit",
        "/cli",
        "/connect x",
        "/reconnect",
        "/history",
        "/quit",
    ] {
        let run = amish_at("127.0.0.1:1".parse().unwrap(), "demo", "demo", "-c Ping -c");
        let done = run.arg(line).run();
        assert_eq!(done.code, 2, "{line}: {done:?}");
        assert!(
            done.err.contains("works at the prompt only"),
            "{}",
            done.err
        );
    }
}

// Repetition is ended by a person, or in a script by its time limit.
#[test]
fn a_line_is_repeated_with_commands_of_amish_too() {
    let pbx = pbx();
    let done = amish_at(pbx.addr(), "demo", "demo", "-c")
        .arg("/watch 2 /events on")
        .run();
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("/watch runs an Action"), "{}", done.err);
}

// A short name, as a table may print it, hangs up nothing: what it may have
// meant is offered.
#[test]
fn a_short_name_of_a_channel_is_told_its_whole_ones() {
    let pbx = pbx();
    let done = with_a_call(&pbx, "table", &["Hangup Local/300@default"]);
    assert_eq!(done.code, 3, "{done:?}");
    let words = "Local/300@default is no channel's whole name; there are Local/300@default-00000000;1, Local/300@default-00000000;2";
    assert!(done.err.contains(words), "{}", done.err);
    let listed = with_a_call(&pbx, "csv", &["/calls"]);
    let name = listed
        .out
        .lines()
        .find(|line| line.starts_with("Local/300@"));
    let name = name
        .and_then(|line| line.split(',').next())
        .unwrap_or_default();
    let done = with_a_call(&pbx, "table", &[&format!("Hangup {name}")]);
    assert_eq!(done.code, 0, "{done:?}");
}

// 1.6.2 names callers in Status only.
#[test]
fn callers_of_1_6_are_named() {
    let server = Scripted::logged_in(|client| {
        client.expect("Events");
        client.answer("Success", "Events: On");
        client.expect("CoreShowChannels");
        client.answer("Success", "EventList: start");
        client.packets("Event: CoreShowChannel\nActionID: $ID\nChannel: SIP/101-1\nUniqueID: 1.1\nExtension: 102\nChannelStateDesc: Up\nCallerIDnum: 101\nDuration: 00:00:07");
        client.packets(
            "Event: CoreShowChannelsComplete\nActionID: $ID\nEventList: Complete\nListItems: 1",
        );
        client.expect("Status");
        client.answer("Success", "Message: Channel status will follow");
        client.packets("Event: Status\nPrivilege: Call\nActionID: $ID\nChannel: SIP/101-1\nUniqueid: 1.1\nCallerIDNum: 101\nCallerIDName: Ann\nChannelStateDesc: Up");
        client.packets("Event: StatusComplete\nActionID: $ID\nItems: 1");
        client.carry_on();
    });
    let run = amish(&format!("{} -u u -o csv -c /calls", server.target()));
    let done = run.env("AMISH_SECRET", "s").run();
    assert!(done.out.contains("SIP/101-1,Ann <101>,102,up,"), "{done:?}");
}

// A script that wants two columns of the calls asks for them as for those of
// any other list.
#[test]
fn fields_choose_the_columns_of_calls() {
    let done = with_a_call(
        &pbx(),
        "csv --fields State,Leg",
        &["/calls", "Hangup /^Local/"],
    );
    let heads = "State,Leg\r\n";
    let rows = done
        .out
        .split(heads)
        .filter(|rows| rows.contains(",Local/300@"));
    assert_eq!(rows.count(), 1, "{done:?}");
    // Of its columns it is not said that nothing has them.
    let pbx = pbx();
    let args = "-o csv --fields state,leg -c /calls";
    let done = amish_at(pbx.addr(), "demo", "demo", args).run();
    assert_eq!(done.err, "");
}
