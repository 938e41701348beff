//! Many PBXs as one: which ones, what each does, and one output and exit code.

mod choice;
mod forged;
mod streams;

use crate::program::{Amish, amish};
use crate::scripted::Scripted;
use crate::servers::{Server, servers, simulator};
use amish::simulator::Simulator;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;

/// A configuration with a profile for each of these: name, target, user, secret.
fn profiles(all: &[(&str, String, &str, &str)]) -> String {
    let profile = |(name, target, user, secret): &(&str, String, &str, &str)| {
        format!(
            "[profile.{name}]\ntarget = \"{target}\"\nuser = \"{user}\"\nsecret = \"{secret}\"\n"
        )
    };
    all.iter().map(profile).collect()
}

fn with_config(args: &str, config: &str) -> Amish {
    amish(args).file(".config/amish/config.toml", config)
}

fn demo(name: &'static str, pbx: &Simulator) -> (&'static str, String, &'static str, &'static str) {
    (name, pbx.addr().to_string(), "demo", "demo")
}

/// Every server as a profile: a different name, and its number.
fn of_servers(servers: &[Server]) -> (Vec<String>, String) {
    let names = (0..servers.len()).map(|i| format!("pbx{i}"));
    let names: Vec<String> = names.collect();
    let all: Vec<_> = names
        .iter()
        .zip(servers)
        .map(|(name, one)| (&name[..], one.address.to_string(), one.user, one.secret))
        .collect();
    (names.clone(), profiles(&all))
}

/// A port that nobody listens on.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The lines of json by PBX, without what differs between two runs.
fn by_pbx(out: &str) -> BTreeMap<String, Vec<Value>> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in out.lines() {
        let mut value: Value = serde_json::from_str(line).unwrap();
        let object = value.as_object_mut().unwrap();
        for key in ["_time", "_target", "ActionID"] {
            object.remove(key);
        }
        let pbx = object.remove("_pbx");
        let pbx = pbx.map_or(String::new(), |pbx| pbx.as_str().unwrap().to_owned());
        all.entry(pbx).or_default().push(value);
    }
    all
}

// A table of forty PBXs is worth nothing if it is not what forty runs would show.
#[test]
fn every_pbx_answers_as_it_does_alone() {
    let servers = servers();
    let (names, config) = of_servers(&servers);
    let script = "-c QueueStatus -c CoreSettings";
    let all = with_config(&format!("@all -o json {script}"), &config).run();
    assert_eq!(all.code, 0, "{}", all.err);
    let found = by_pbx(&all.out);
    assert_eq!(found.len(), servers.len());
    for name in &names {
        let alone = with_config(&format!("{name} -o json {script}"), &config).run();
        assert_eq!(found[name], by_pbx(&alone.out)[""], "{name}");
    }
    let rows = |args: &str| with_config(args, &config).run();
    let fields = "-o csv --fields Queue,Location QueueStatus";
    let together = rows(&format!("@all {fields}"));
    let mut rest: Vec<&str> = together.out.lines().collect();
    assert_eq!(rest.remove(0), "pbx,Queue,Location");
    for name in &names {
        for row in rows(&format!("{name} {fields}")).out.lines().skip(1) {
            let at = rest.iter().position(|one| *one == format!("{name},{row}"));
            rest.remove(at.unwrap_or_else(|| panic!("{name},{row} in {}", together.out)));
        }
    }
    assert!(rest.is_empty(), "{rest:?}");
}

// The first column says whose row it is, and rows stand in the order of the targets.
#[test]
fn a_list_is_one_table_with_the_pbx_first() {
    let (one, other) = (simulator(), simulator());
    let config = profiles(&[demo("office", &one), demo("branch", &other)]);
    let table = with_config("office,branch -o table QueueSummary", &config).run();
    let heads = table.out.lines().next().unwrap();
    assert!(heads.starts_with("PBX     Queue"), "{}", table.out);
    let first = |line: &str| line.split(' ').next().unwrap().to_owned();
    let pbxs: Vec<String> = table.out.lines().skip(2).map(first).collect();
    let half = pbxs.len() / 2;
    assert!(
        pbxs[..half].iter().all(|pbx| pbx == "office"),
        "{}",
        table.out
    );
    assert!(pbxs[half..pbxs.len() - 1].iter().all(|pbx| pbx == "branch"));
    assert!(table.out.trim_end().ends_with("of 2 PBXs"), "{}", table.out);
    assert_eq!(table.err, "amish: 2 ok\n");
    let single = with_config("office,branch -o table Ping", &config).run();
    assert!(single.out.contains("office  Pong"), "{}", single.out);
    let packets = with_config("office,branch -o packet Ping", &config).run();
    for name in ["# office\n", "# branch\n"] {
        assert_eq!(packets.out.matches(name).count(), 1, "{}", packets.out);
    }
    let raw = with_config("office,branch -o raw Ping", &config).run();
    assert!(!raw.out.contains('#'), "{}", raw.out);
    assert_eq!(raw.out.matches("Response: Success\r\n").count(), 2);
}

// A script that goes on with the rest trusts the exit code and the names.
#[test]
fn what_fails_on_one_is_named_and_the_others_go_on() {
    let (good, strict) = (simulator(), simulator());
    let hangs = Scripted::logged_in(|conversation| while conversation.hear().is_some() {});
    let config = profiles(&[
        demo("good", &good),
        ("closed", closed(), "demo", "demo"),
        ("wrong", strict.addr().to_string(), "demo", "other"),
        ("hangs", hangs.target(), "demo", "demo"),
    ]);
    for (targets, code, summary) in [
        ("good,closed", 5, "1 ok, 1 not reached (closed)"),
        ("good,wrong", 4, "1 ok, 1 refused the login (wrong)"),
        (
            "good,hangs",
            6,
            "1 ok, 1 without an answer, their outcome unknown (hangs)",
        ),
        (
            "wrong,closed,hangs,good",
            6,
            "1 ok, 1 without an answer, their outcome unknown (hangs), 1 not reached (closed), 1 refused the login (wrong)",
        ),
    ] {
        for form in ["table", "json"] {
            let run = format!("{targets} -t 3 -o {form} Ping");
            let done = with_config(&run, &config).run();
            assert_eq!(done.code, code, "{run}: {}", done.err);
            assert!(
                done.err.ends_with(&format!("amish: {summary}\n")),
                "{}",
                done.err
            );
            assert!(done.out.contains("Pong"), "{run}: {}", done.out);
        }
    }
    let errors = with_config("@all -t 1 -o table QueuePause Queue=none", &config);
    let errors = errors.run();
    assert!(errors.out.contains("good: Error: "), "{}", errors.out);
}

// Sent twice, a call would be placed twice.
#[test]
fn each_pbx_gets_an_action_once() {
    let pbxs = [simulator(), simulator(), simulator()];
    let targets: Vec<String> = pbxs.iter().map(|pbx| pbx.addr().to_string()).collect();
    let run = amish(&format!("-u demo {} -o json DBPut", targets.join(",")));
    let run = run.arg("Family=a").arg("Key=b").arg("Val=c");
    let done = run.env("AMISH_SECRET", "demo").run();
    assert_eq!(done.code, 0, "{}", done.err);
    for pbx in &pbxs {
        let received = pbx.received();
        let puts = received.iter().filter(|one| one.contains("ction: DBPut"));
        assert_eq!(puts.count(), 1);
    }
}

// A wrong secret for all must not lock the fleet out of every PBX.
#[test]
fn three_refusals_stop_the_logins_with_the_same_secret() {
    let pbxs: Vec<Simulator> = (0..6).map(|_| simulator()).collect();
    let targets: Vec<String> = pbxs.iter().map(|pbx| pbx.addr().to_string()).collect();
    let logins = || {
        let logins = |pbx: &Simulator| {
            let received = pbx.received();
            received
                .iter()
                .filter(|one| one.contains("ction: Login"))
                .count()
        };
        pbxs.iter().map(logins).collect::<Vec<_>>()
    };
    let run = |args: &str, secret: &str| {
        let run = amish(&format!("-u demo {} {args} Ping", targets.join(",")));
        run.env("AMISH_SECRET", secret).run()
    };
    let refused = run("-o json", "wrong");
    assert_eq!(refused.code, 4);
    assert_eq!(logins().iter().sum::<usize>(), 3, "{}", refused.err);
    assert!(
        refused
            .err
            .contains("3 not tried, as the same secret was refused three times"),
        "{}",
        refused.err
    );
    let all = run("-o json --keep-going", "wrong");
    assert_eq!(logins(), [2, 2, 2, 1, 1, 1], "{}", all.err);
    assert_eq!(run("-o json", "demo").code, 0);
}

// A cron job that mails the output wants one PBX after the other.
#[test]
fn grouped_output_keeps_the_order_of_the_targets() {
    let (over, is_over) = std::sync::mpsc::channel();
    let slow = Scripted::logged_in(move |conversation| {
        for _ in 0..2 {
            conversation.expect("Ping");
            // Not before the others are done.
            is_over.recv_timeout(crate::support::BOUND).unwrap();
            conversation.answer("Success", "Ping: slow");
        }
        conversation.carry_on();
    });
    let others = [simulator(), simulator()];
    let config = profiles(&[
        ("a", slow.target(), "demo", "demo"),
        demo("b", &others[0]),
        demo("c", &others[1]),
    ]);
    let run = "a,b,c -o packet --group-by target -c Ping -c Ping";
    let (child, _home) = with_config(run, &config).spawn();
    let pings = |pbx: &Simulator| {
        let received = pbx.received();
        received
            .iter()
            .filter(|one| one.contains("ction: Ping"))
            .count()
    };
    for pbx in &others {
        crate::support::until("they wait for the slow one", || pings(pbx) == 2);
    }
    (0..2).for_each(|_| over.send(()).unwrap());
    let done = crate::program::finish(child, b"");
    assert_eq!(done.code, 0, "{}", done.err);
    let marks: Vec<&str> = done
        .out
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    assert_eq!(marks, ["# a", "# b", "# c"], "{}", done.out);
}

// Each target is a run of its own: what one has set must not appear on another.
#[test]
fn variables_and_expectations_are_those_of_each_pbx() {
    let (one, other) = (simulator(), simulator());
    let config = profiles(&[demo("one", &one), demo("other", &other)]);
    let script = "DBPut Family=f Key=k Val=$who\nexpect 200ms Nothing\n";
    let done = with_config("@all -o json", &config).input(script).run();
    assert_eq!(done.code, 2, "{}", done.err);
    // Each has another answer, and goes on with it.
    for (pbx, value) in [(&one, "first"), (&other, "second")] {
        let put = crate::program::amish_at(pbx.addr(), "demo", "demo", "DBPut Family=f Key=k");
        assert_eq!(put.arg(format!("Val={value}")).run().code, 0);
    }
    let script = "DBGet Family=f Key=k\nset found = Val\necho $found\n";
    let done = with_config("one,other -o table", &config)
        .input(script)
        .run();
    assert_eq!(done.code, 0, "{} {}", done.err, done.out);
    for line in ["one: first\n", "other: second\n"] {
        assert!(done.out.contains(line), "{}", done.out);
    }
}
