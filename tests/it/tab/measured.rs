//! How long Tab takes, and how soon values are known: measured, not tested
//! (tests/README.md).

use super::prompt::Shell;
use crate::pty::Pty;
use crate::servers::{real_servers, servers, spawn};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

// With known values, with values that must be queried, and while a stopped
// server does not answer.
#[test]
#[ignore = "it measures"]
fn how_long_tab_takes() {
    for server in servers() {
        let mut shell = Shell::on(&server);
        shell.tab("QueueStatus Queue=");
        // The same query again and again, and a different one each time.
        let known = times(&mut shell, |_| "QueueStatus Queue=s".to_owned());
        let asked = times(&mut shell, |turn| format!("DBGet Family=b{turn} Key="));
        println!(
            "{}: median and 99th percentile {known:?} known, {asked:?} asked for",
            server.name
        );
    }
    for server in real_servers() {
        let own = spawn(&server.name);
        let mut shell = Shell::on(&own.server());
        own.ctl("pause");
        let mut longest = Duration::ZERO;
        for line in [
            "QueueStatus Queue=",
            "AgentLogoff Agent=",
            "Hangup Channel=",
        ] {
            longest = longest.max(time(&mut shell, line));
        }
        println!("{}: {longest:?} at most while it stands still", server.name);
        own.ctl("resume");
    }
}

fn times(shell: &mut Shell, line: impl Fn(usize) -> String) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..300).map(|turn| time(shell, &line(turn))).collect();
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// From Tab until its answer is on the screen.
fn time(shell: &mut Shell, line: &str) -> Duration {
    shell.pty.type_text(line);
    shell.pty.wait_typed(&format!("{}{line}", shell.prompt));
    let begun = Instant::now();
    shell.press();
    let time = begun.elapsed();
    shell.clear();
    time
}

// The prompt does not wait for the background queries, which must not take
// long. Counted from the answer to Login, by the trace.
#[test]
#[ignore = "it measures"]
fn how_soon_everything_is_known() {
    for server in real_servers() {
        let target = server.address.to_string();
        let env = [("AMISH_SECRET", server.secret), ("AMISH_USER", server.user)];
        let pty = Pty::spawn(&["--trace", "trace", &target], &env, 160, 50);
        pty.wait_typed(&format!("{}@{target}>", server.user));
        let shown = SystemTime::now().duration_since(UNIX_EPOCH);
        let shown = shown.expect("after 1970").as_micros() as i64 % DAY;
        let file = pty.home().join("trace");
        // Pages of events are requested after those of all Actions.
        let trace = loop {
            let trace = std::fs::read_to_string(&file).expect("a trace");
            if trace.contains("matchesarray \"manager show event") {
                break trace;
            }
            // Reading without a pause would take the time that is measured.
            std::thread::sleep(Duration::from_millis(50));
        };
        let (_, trace) = trace
            .split_once("Authentication accepted")
            .expect("a login");
        let login = moment_of(&file, "Authentication accepted");
        let pages = moment_of(&file, "matchesarray \"manager show event");
        let asked = trace.matches("Command: manager show command").count();
        println!(
            "{}: {} us to the prompt, {} us to all pages, in {asked} requests",
            server.name,
            shown - login,
            pages - login
        );
    }
}

const DAY: i64 = 86_400_000_000;

/// When the text `text` was sent or received, in microseconds of the day.
fn moment_of(file: &Path, text: &str) -> i64 {
    let trace = std::fs::read_to_string(file).expect("a trace");
    let (before, _) = trace.split_once(text).expect("it was there");
    // `--- 2026-11-25T09:51:55.019747Z sent 58 bytes`
    let (_, record) = before.rsplit_once("\n--- ").expect("a record");
    let number = |from: usize, to: usize| record[from..to].parse::<i64>().expect("a number");
    ((number(11, 13) * 60 + number(14, 16)) * 60 + number(17, 19)) * 1_000_000 + number(20, 26)
}
