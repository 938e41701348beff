//! `--to`: a stream that goes to a real broker, Redis first.

mod fleet;
mod jetstream;
mod lies;

use crate::program::{Amish, amish, signal};
use crate::redis::{Entry, Redis};
use crate::servers::simulator;
use crate::support::{Watched, code_of, is_full, skipped, until};
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The stream of the profile `office`.
const KEY: &str = "ami.office";

/// A broker that hangs is given up after ten seconds: what is over before has
/// not waited for it.
const SOON: Duration = Duration::from_secs(5);

/// A stream that runs, and what it has said on standard error.
struct Stream {
    child: Child,
    said: Arc<Watched<String>>,
    hearing: Option<JoinHandle<()>>,
    _home: tempfile::TempDir,
}

fn prepared(pbx: &Simulator, args: &str) -> Amish {
    let profile = format!(
        "[profile.office]\ntarget = \"{}\"\nuser = \"demo\"\nsecret = \"demo\"\n",
        pbx.addr()
    );
    amish(&format!("office {args}"))
        .file("config.toml", profile)
        .env("AMISH_CONFIG", "config.toml")
}

impl Stream {
    fn begin(run: Amish) -> Stream {
        let (mut child, home) = run.spawn();
        let said = Watched::new(String::new());
        let (hear, err) = (said.clone(), child.stderr.take().unwrap());
        let hearing = std::thread::spawn(move || {
            for line in BufReader::new(err).lines() {
                let line = line.unwrap();
                hear.change(|said| *said += &format!("{line}\n"));
            }
        });
        Stream {
            child,
            said,
            hearing: Some(hearing),
            _home: home,
        }
    }

    fn has_said(&self, words: &str) {
        let heard = self.said.wait(crate::support::BOUND, |said| {
            said.contains(words).then_some(())
        });
        heard.unwrap_or_else(|| panic!("{words}: {}", *self.said.look()));
    }

    fn ends(mut self) -> (i32, String) {
        let status = self.child.wait().unwrap();
        let out = self.child.stdout.take();
        let mut shown = String::new();
        out.unwrap().read_to_string(&mut shown).unwrap();
        assert_eq!(shown, "", "nothing goes to standard output");
        // What it said last may still be on its way.
        self.hearing.take().unwrap().join().unwrap();
        (code_of(status), self.said.look().clone())
    }
}

/// A test that fails leaves no stream behind, which would try for ever.
impl Drop for Stream {
    fn drop(&mut self) {
        // It has ended by itself, mostly.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn emit(pbx: &Simulator, number: usize) {
    let text = "x".repeat(150);
    let headers = [
        ("UserEvent", "Count"),
        ("Number", &number.to_string()),
        ("Text", &text),
    ];
    pbx.emit("UserEvent", "user", &headers);
}

/// Numbered events at 2,000 a second.
struct Load<'a> {
    pbx: &'a Simulator,
    count: usize,
}

impl Load<'_> {
    fn of(pbx: &Simulator) -> Load<'_> {
        Load { pbx, count: 0 }
    }

    /// Emits `least` events, and more until `time` is over.
    fn run(&mut self, least: u32, time: Duration) {
        let begun = Instant::now();
        let mut emitted = 0;
        while emitted < least || begun.elapsed() < time {
            emit(self.pbx, self.count);
            self.count += 1;
            emitted += 1;
            // The pace of the load, for which nothing waits.
            let due = Duration::from_millis(emitted.into()) / 2;
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
        }
    }
}

/// How long a broker is away.
fn away() -> Duration {
    Duration::from_secs(if is_full() { 20 } else { 0 })
}

/// Emits `Begin` until one is in the stream: from then on nothing is missed.
fn begin(pbx: &Simulator, redis: &Redis) {
    until("the stream has begun", || {
        pbx.emit("Begin", "user", &[]);
        redis.count(KEY) > 0
    });
}

/// The numbers of the entries in the order of the stream, each once; a copy
/// must be the same under the same identity.
fn numbers(entries: &[Entry]) -> Vec<usize> {
    let mut seen: HashMap<&str, &Entry> = HashMap::new();
    let mut numbers = Vec::new();
    for entry in entries {
        if let Some(first) = seen.insert(&entry.id, entry) {
            assert_eq!(first, entry, "two records have one identity");
            continue;
        }
        let json: serde_json::Value = serde_json::from_str(&entry.json).unwrap();
        assert_eq!(json["_id"], entry.id[..], "{entry:?}");
        if let Some(number) = json["Number"].as_str() {
            assert_eq!(entry.subject, "ami.office.UserEvent");
            numbers.push(number.parse().unwrap());
        }
    }
    numbers
}

fn has_number(redis: &Redis, number: usize) -> bool {
    let last = redis.cli(&["XREVRANGE", KEY, "+", "-", "COUNT", "1"]);
    last.contains(&format!("\"Number\":\"{number}\""))
}

// What a broker acknowledged survives its death, and what it did not is sent
// again: nothing is missing, and the order is that of the PBX.
#[test]
fn a_broker_that_is_killed_and_comes_back_has_every_event_in_order() {
    let Some(mut redis) = Redis::start("") else {
        return;
    };
    let pbx = simulator();
    let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {}", redis.url())));
    begin(&pbx, &redis);
    let mut load = Load::of(&pbx);
    load.run(200, Duration::ZERO);
    redis.kill();
    load.run(500, away());
    stream.has_said("trying again");
    redis.again();
    load.run(200, Duration::ZERO);
    let count = load.count;
    stream.has_said("takes records again");
    until("the last one came", || has_number(&redis, count - 1));
    signal(&stream.child, Signal::SIGTERM);
    let (code, said) = stream.ends();
    assert_eq!(code, 143, "{said}");
    assert_eq!(said.matches("trying again").count(), 1, "told once: {said}");
    let entries = redis.entries(KEY);
    assert_eq!(numbers(&entries), (0..count).collect::<Vec<_>>());
}

// What did not fit is a record as well, at its place, and counts as lost.
#[test]
fn what_does_not_fit_while_the_broker_is_away_is_a_gap_among_the_records() {
    let Some(mut redis) = Redis::start("") else {
        return;
    };
    let pbx = simulator();
    let args = format!("-e=user --until Done --buffer 64KiB --to {}", redis.url());
    let stream = Stream::begin(prepared(&pbx, &args));
    begin(&pbx, &redis);
    redis.kill();
    emit(&pbx, 0);
    stream.has_said("trying again");
    (1..5_000).for_each(|number| emit(&pbx, number));
    redis.again();
    stream.has_said("events are missing here");
    until("it ends", || {
        pbx.emit("Done", "user", &[]);
        redis
            .entries(KEY)
            .iter()
            .any(|one| one.subject.ends_with(".Done"))
    });
    let (code, said) = stream.ends();
    assert_eq!(code, 8, "{said}");
    let entries = redis.entries(KEY);
    let gaps = entries
        .iter()
        .filter(|one| one.subject == "ami.office._gap");
    let missing = gaps.map(|gap| {
        let gap: serde_json::Value = serde_json::from_str(&gap.json).unwrap();
        assert_eq!(gap["reason"], "buffer");
        gap["events"].as_u64().unwrap()
    });
    let missing: u64 = missing.sum();
    let came = numbers(&entries);
    assert!(came.is_sorted() && came[0] == 0, "in order: {came:?}");
    // Events called Done may be among the missing.
    assert!(
        came.len() as u64 + missing >= 5_000,
        "{} and {missing}",
        came.len()
    );
    assert!(came.len() < 5_000);
}

// The end of a link to the PBX is one among the records, and the numbers of the
// next link are others.
#[test]
fn a_link_that_ends_and_comes_back_is_a_record() {
    let Some(redis) = Redis::start("") else {
        return;
    };
    let pbx = simulator();
    let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {}", redis.url())));
    begin(&pbx, &redis);
    pbx.kick();
    stream.has_said("connected again");
    until("it goes on", || {
        emit(&pbx, 7);
        has_number(&redis, 7)
    });
    signal(&stream.child, Signal::SIGINT);
    let (code, said) = stream.ends();
    assert_eq!(code, 130, "{said}");
    let entries = redis.entries(KEY);
    let gap = entries
        .iter()
        .position(|one| one.subject == "ami.office._gap");
    let gap = gap.expect("a gap");
    let links = entries.iter().map(|one| one.id.split('-').nth(1).unwrap());
    let links: Vec<&str> = links.collect();
    assert!(links[..gap].iter().all(|link| *link == "1"), "{links:?}");
    assert!(links[gap..].iter().all(|link| *link == "2"), "{links:?}");
    let ids: std::collections::HashSet<&str> = entries.iter().map(|one| &one.id[..]).collect();
    assert_eq!(ids.len(), entries.len(), "each has its own");
}

// Service managers send TERM, and people press Ctrl-C, before they kill: what
// is lost then has to be told.
#[test]
fn a_signal_ends_amish_while_the_broker_is_away() {
    for end in [Signal::SIGTERM, Signal::SIGINT] {
        let Some(mut redis) = Redis::start("") else {
            return;
        };
        let pbx = simulator();
        let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {}", redis.url())));
        begin(&pbx, &redis);
        redis.kill();
        emit(&pbx, 1);
        stream.has_said("trying again");
        emit(&pbx, 2);
        let begun = Instant::now();
        signal(&stream.child, end);
        let (code, said) = stream.ends();
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        assert_eq!(code, 128 + end as i32, "{said}");
        assert!(said.contains("has not acknowledged"), "{said}");
        assert!(!said.contains("not acknowledged 0"), "{said}");
    }
}

// The secret of the broker is nowhere but on its way there.
#[test]
fn a_broker_with_a_secret_gets_it_from_a_file_or_the_environment() {
    let Some(redis) = Redis::start("--requirepass pa55word") else {
        return;
    };
    let pbx = simulator();
    let run = |args: &str| {
        prepared(
            &pbx,
            &format!("-e --for 100ms -v --to {} {args}", redis.url()),
        )
    };
    let done = run("").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("AMISH_TO_SECRET"), "{done:?}");
    for run in [
        run("").env("AMISH_TO_SECRET", "pa55word"),
        run("--to-secret-file key").file("key", "pa55word\n"),
    ] {
        let done = run.run();
        assert_eq!(done.code, 0, "{done:?}");
        assert!(!done.err.contains("pa55word"), "{done:?}");
    }
    let done = run("").env("AMISH_TO_SECRET", "wrong1").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.err.contains("WRONGPASS") && !done.err.contains("wrong1"),
        "{done:?}"
    );
    let exposed = run("--to-secret-file key").file_with(0o644, "key", "pa55word\n");
    assert_eq!(exposed.run().code, 2);
}

// Usage, or a broker that is not there: nobody has logged in then.
#[test]
fn what_cannot_be_a_broker_ends_amish_before_the_login() {
    let pbx = simulator();
    for (args, code, words) in [
        (
            "-e --to redis://127.0.0.1:1",
            1,
            "127.0.0.1:1: cannot connect: connection refused",
        ),
        (
            "-e --to redis://:pa55word@127.0.0.1:1",
            2,
            "must not contain a secret",
        ),
        ("-e --to rediss://127.0.0.1:1", 2, "no TLS"),
        ("-e --to kafka://127.0.0.1:1", 2, "recipes"),
        ("-e -o csv --to redis://127.0.0.1:1", 2, "--to sends json"),
        ("--to redis://127.0.0.1:1 Ping", 2, "--to needs -e"),
    ] {
        let done = prepared(&pbx, args).run();
        assert_eq!(done.code, code, "{args}: {done:?}");
        assert!(done.err.contains(words), "{args}: {done:?}");
        assert!(!done.err.contains("pa55word"), "{args}: {done:?}");
    }
    assert_eq!(pbx.received(), Vec::<String>::new());
}

// A unit that does not start is found out by whoever installs it, at night.
#[test]
fn the_command_of_the_unit_is_one_that_amish_takes() {
    let unit = std::fs::read_to_string("packaging/amish-events@.service").unwrap();
    let command = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/usr/bin/amish %i "));
    let folder = tempfile::TempDir::new().unwrap();
    crate::support::write_own(&folder.path().join("pbx"), "demo\n");
    // As the environment of the example has it, but for the port.
    let to = "redis://127.0.0.1:1";
    let args = command.unwrap().replace("${AMISH_TO}", to);
    let args = args.replace("${CREDENTIALS_DIRECTORY}", folder.path().to_str().unwrap());
    assert!(!args.contains(['$', '%']), "{args}");
    let done = prepared(&simulator(), &args).run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("127.0.0.1:1: cannot connect"), "{done:?}");
    let own = folder.path().join("amish-events@.service");
    std::fs::write(&own, unit.replace("/usr/bin/amish", crate::program::AMISH)).unwrap();
    let mut verify = std::process::Command::new("systemd-analyze");
    match verify.args(["verify", "--man=no"]).arg(&own).output() {
        Err(why) => skipped(&format!("systemd-analyze: {why}")),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.success() && said.is_empty(), "{said}");
        }
    }
}
