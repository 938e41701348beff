//! What `-h` and `--help` show.

use crate::program::amish;
use amish::cli::Cli;

// A screen has 24 lines of 80 columns, one of them for the prompt behind it.
// Whoever scrolls to find the usage has been told too much.
#[test]
fn short_help_fits_on_one_screen() {
    let done = amish("-h").env("COLUMNS", "80").run();
    let lines: Vec<&str> = done.out.lines().collect();
    assert!(lines.len() < 24, "{} lines: {}", lines.len(), done.out);
    for line in &lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for needed in [
        "init [TARGET]",
        "help [TOPIC]",
        "doctor security [--file FILE]",
        "--user",
        "--secret-file",
        "--tls",
        "-c <LINE>",
        "-x <TEXT>",
        "--file <FILE>",
        "--events",
        "--output",
        "--read-only",
        "--demo",
        "amish --help",
    ] {
        assert!(done.out.contains(needed), "{needed}: {}", done.out);
    }
}

// Who looks for an option looks for what it is about.
#[test]
fn every_option_is_in_a_group_of_the_long_help() {
    let done = amish("--help").env("COLUMNS", "80").run();
    let headings = done.out.lines().filter(|line| line.ends_with(':'));
    let headings: Vec<&str> = headings.filter(|line| !line.starts_with(' ')).collect();
    let groups = [
        "Arguments:",
        "Connection:",
        "TLS:",
        "What to run:",
        "Events:",
        "Output:",
        "Scripts and safety:",
        "Many PBXs:",
        "Setting up a profile (init):",
        "Demo and captures:",
        "Information:",
    ];
    assert_eq!(headings[..groups.len()], groups);
    assert!(!headings.contains(&"Options:"), "{headings:?}");
    let end = done.out.trim_end().lines().next_back().unwrap();
    assert!(end.contains("amish help"), "{end}");
}

// An example with an option of yesterday is worse than none.
#[test]
fn every_example_of_the_long_help_can_be_typed() {
    let help = amish("--help").run().out;
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let examples = examples.lines().map_while(|line| line.strip_prefix("  "));
    let mut count = 0;
    for example in examples {
        // The words that explain it stand behind two blanks at least.
        let (typed, why) = example.split_once("  ").unwrap();
        assert!(!why.trim().is_empty(), "{example}");
        // A quoted text is one word, whichever it is.
        let parts = typed.split('\'').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        let read = Cli::read(words.map(Into::into), std::iter::empty());
        assert!(read.is_ok(), "{example}: {:?}", read.err());
        count += 1;
    }
    assert!(count > 9, "{help}");
}
