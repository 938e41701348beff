//! Which PBXs are meant: groups, lists, files, shares.

use super::{demo, profiles, with_config};
use crate::program::amish;
use crate::pty::Pty;
use crate::servers::simulator;

fn names(out: &str) -> Vec<String> {
    let pbx = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["_pbx"].as_str().unwrap().to_owned()
    };
    let mut names: Vec<String> = out.lines().map(pbx).collect();
    names.sort();
    names
}

// Forty profiles share a user and a secret, which are written once.
#[test]
fn a_group_has_members_of_every_kind_and_what_they_have_in_common() {
    let pbxs = [simulator(), simulator(), simulator()];
    let target = pbxs[2].addr().to_string();
    let config = format!(
        "[profile.a]\ntarget = \"{}\"\n[profile.b]\ntarget = \"{}\"\nuser = \"demo\"\nsecret = \"demo\"\n\
         [group.inner]\nmembers = [\"b\"]\n\
         [group.outer]\nmembers = [\"a\", \"inner\", \"{target}\", \"@inner\", \"a\"]\nuser = \"demo\"\nsecret = \"demo\"\n",
        pbxs[0].addr(),
        pbxs[1].addr(),
    );
    let done = with_config("@outer -o json Ping", &config).run();
    assert_eq!(done.code, 0, "{}", done.err);
    let mut expected = vec!["a".to_owned(), "b".to_owned(), target.clone()];
    expected.sort();
    assert_eq!(names(&done.out), expected);
    let list = format!("# the office\na\n\n{target} # by address\n");
    for (from, list, expected) in [
        ("list", &list[..], vec!["a", &target]),
        ("-", "b,a\n@inner\n", vec!["a", "b"]),
    ] {
        let run = with_config(&format!("--targets {from} -u demo -o json Ping"), &config);
        let run = run.file("list", list).input(list);
        let done = run.env("AMISH_SECRET", "demo").run();
        let mut expected = expected;
        expected.sort();
        assert_eq!(names(&done.out), expected, "{from}: {}", done.err);
    }
}

// A dry run is for looking before forty PBXs are changed, so it names them.
#[test]
fn a_dry_run_names_the_pbxs_and_connects_to_none() {
    let config = "[profile.a]\ntarget = \"127.0.0.1:1\"\n[profile.b]\ntarget = \"127.0.0.1:1\"\n";
    let done = with_config("@all --dry-run QueuePause Queue=q", config).run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("for 2 PBXs: a, b"), "{}", done.err);
    assert!(done.out.contains("Action: QueuePause"), "{}", done.out);
}

// Whoever has no PBX yet tries all of this on as many as wanted.
#[test]
fn built_in_pbxs_are_a_fleet() {
    let done = amish("--demo-fleet 3 -o json --fields SystemName CoreSettings").run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(names(&done.out), ["demo1", "demo2", "demo3"]);
    let events = amish("--demo-fleet 2 -e -o json --count 4").run();
    assert_eq!(events.code, 0, "{}", events.err);
}

// Five processes on five machines must not have to agree on who takes which.
#[test]
fn shares_are_disjoint_and_whole() {
    let pbxs: Vec<_> = (0..5).map(|_| simulator()).collect();
    let all = ["a", "b", "c", "d", "e"].into_iter().zip(&pbxs);
    let all: Vec<_> = all.map(|(name, pbx)| demo(name, pbx)).collect();
    let config = profiles(&all);
    let share = |k: u32| {
        let done = with_config(&format!("@all --shard {k}/3 -o json Ping"), &config).run();
        assert_eq!(done.code, 0, "{}", done.err);
        names(&done.out)
    };
    let mut met: Vec<String> = (1..=3).flat_map(share).collect();
    met.sort();
    assert_eq!(met, ["a", "b", "c", "d", "e"]);
}

// What is wrong is told before any PBX is connected to.
#[test]
fn a_choice_that_is_wrong_is_told_with_what_there_is() {
    let config = "[profile.a]\ntarget = \"127.0.0.1\"\n[group.one]\nmembers = [\"two\"]\n[group.two]\nmembers = [\"one\"]\n";
    for (args, words) in [
        (
            "@none Ping",
            "there is no group none: there are @one, @two, @all",
        ),
        ("@one Ping", "is a member of itself"),
        ("@all --shard 4/3 Ping", "'4/3' is no share"),
        ("--targets missing Ping", "cannot read missing"),
        ("a,a:b Ping", "is not a port"),
        (", Ping", ", names no PBX"),
        ("a,b --trace t Ping", "--trace is for one PBX at a time"),
        ("a,b -e -o csv", "--fields Event,Channel"),
        ("a,b -e --group-by target", "a stream has none"),
    ] {
        let done = with_config(args, config).without_terminal().run();
        assert_eq!(done.code, 2, "{args}: {}", done.err);
        assert!(done.err.contains(words), "{args}: {}", done.err);
    }
    for (text, words) in [
        ("[group.g]\n", ":1: group g needs members"),
        ("[group.all]\nmembers = [\"a\"]\n", "@all is all profiles"),
        ("[group.g]\nmember = [\"a\"]\n", "did you mean 'members'?"),
        (
            "[group.g]\nmembers = [\"a\"]\ntarget = \"x\"\n",
            "a group has no target",
        ),
        ("[group]\nmembers = [\"a\"]\n", "a group needs a name"),
    ] {
        let done = with_config("@g Ping", text).run();
        assert_eq!(done.code, 2, "{text}: {}", done.err);
        assert!(done.err.contains(words), "{text}: {}", done.err);
    }
}

// One slip would reach every PBX, so the question names them.
#[test]
fn what_changes_something_names_the_pbxs_and_asks() {
    let pbxs = [simulator(), simulator()];
    let targets: Vec<String> = pbxs.iter().map(|pbx| pbx.addr().to_string()).collect();
    let targets = targets.join(",");
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let puts = || {
        let received = pbxs.iter().flat_map(|pbx| pbx.received());
        received.filter(|one| one.contains("ction: DBPut")).count()
    };
    let args = [
        "-o", "json", &targets, "DBPut", "Family=a", "Key=b", "Val=c",
    ];
    for (answer, sent, code) in [("n", 0, 2), ("y", 2, 0)] {
        let mut pty = Pty::spawn(&args, &env, 120, 20);
        pty.wait_line("this may change 2 PBXs: ");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line(answer);
        assert_eq!(pty.exit_code(), code);
        assert_eq!(puts(), sent);
    }
    // What only reads is not asked about, nor is a script without a terminal.
    let reading = Pty::spawn(&["-o", "json", &targets, "Ping"], &env, 120, 20);
    assert_eq!(reading.exit_code(), 0);
    assert!(!String::from_utf8_lossy(&reading.bytes()).contains("[y/N]"));
    let run = amish(&format!(
        "-u demo {targets} -o json DBPut Family=a Key=b Val=c"
    ));
    assert_eq!(run.env("AMISH_SECRET", "demo").run().code, 0);
    assert_eq!(puts(), 4);
}
