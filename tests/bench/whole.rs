//! amish as a whole process, and limit programs beside it in the same run.
//!
//! `cargo bench --bench whole`, on Linux. README.md says what each row means
//! and what came out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod event;
mod limits;
mod measured;
mod rows;
mod server;
mod table;

use std::process::ExitCode;
use table::Report;

/// How often each row is run; odd, for the median.
pub struct Times {
    /// Rows that take seconds.
    rows: usize,
    /// Rows of a few milliseconds.
    short: usize,
    /// Rows that take several seconds.
    long: usize,
}

const MEASURE: Times = Times {
    rows: 7,
    short: 41,
    long: 7,
};
const CHECK: Times = Times {
    rows: 3,
    short: 7,
    long: 1,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if limits::run(&arguments) {
        return ExitCode::SUCCESS;
    }
    // `cargo bench` passes --bench.
    let (modes, wanted): (Vec<&String>, Vec<&String>) = arguments[1..]
        .iter()
        .filter(|word| !word.starts_with('-'))
        .partition(|word| *word == "check");
    let check = !modes.is_empty();
    if check && let Err(difference) = table::is_in(include_str!("README.md")) {
        println!("{difference}");
        return ExitCode::FAILURE;
    }
    // A whole name means that row only: `ping` is in `pings`.
    let is_name = |word: &str| rows::ALL.iter().any(|(name, _)| *name == word);
    let on = |name: &str| {
        let meant =
            |word: &&String| *word == name || !is_name(word) && name.contains(word.as_str());
        wanted.is_empty() || wanted.iter().any(meant)
    };
    let mut report = Report::default();
    println!("{}, load {}", machine(), load());
    for (name, row) in rows::ALL {
        if on(name) {
            row(&mut report, if check { &CHECK } else { &MEASURE });
        }
    }
    println!("load {}", load());
    ExitCode::from(u8::from(check && report.failed))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.unwrap_or("?").trim_start_matches(['\t', ' ', ':']);
    format!("{cores} cores of {model}")
}

/// Of the last minute, the last five and the last fifteen.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
