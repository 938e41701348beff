//! What is wrong with the options, in one line: what is wrong, and what to type.

use super::habits;
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error;
use std::ffi::OsString;

/// Why a command line was not read.
#[derive(Debug)]
pub enum Unread {
    /// It asks for help or the version, which clap prints.
    Shown(clap::Error),
    /// It cannot be obeyed: this is wrong with it, and this is to be typed.
    Wrong(String),
}

/// Options that mean nothing without another: which, and how they are typed. clap
/// tells only what is missing, not for which of the given options.
const NEEDS: [(&str, &str, &str); 7] = [
    (
        "--until",
        "-e or --decode",
        "amish TARGET -e --until Hangup",
    ),
    ("--count", "-e or --decode", "amish TARGET -e --count 10"),
    ("--for", "-e", "amish TARGET -e --for 5m"),
    ("--to", "-e", "amish TARGET -e --to redis://127.0.0.1"),
    (
        "--to-secret-file",
        "--to",
        "amish TARGET -e --to redis://127.0.0.1 --to-secret-file FILE",
    ),
    (
        "--window",
        "--keep-going",
        "amish TARGET -f FILE --keep-going --window 10",
    ),
    (
        "--demo-secret-file",
        "--demo-listen",
        "amish --demo-listen 127.0.0.1:5038 --demo-secret-file FILE",
    ),
];

impl Unread {
    /// What clap says of `args`, in words of amish's.
    pub(super) fn of(error: clap::Error, command: &Command, args: &[OsString]) -> Unread {
        if !error.use_stderr() {
            return Unread::Shown(error);
        }
        let (option, value) = named(&error, ContextKind::InvalidArg);
        Unread::Wrong(match error.kind() {
            ErrorKind::UnknownArgument => unknown(&option, command),
            ErrorKind::MissingRequiredArgument => needs(&option, args),
            ErrorKind::ArgumentConflict => {
                conflict(&option, &named(&error, ContextKind::PriorArg).0)
            }
            ErrorKind::InvalidValue => value_of(&error, &option, &value),
            ErrorKind::ValueValidation => {
                let why = error.source().map(ToString::to_string);
                format!("{option}: {}", why.unwrap_or_default())
            }
            ErrorKind::TooManyValues => {
                format!("{option} takes no value: write {option} alone")
            }
            ErrorKind::InvalidUtf8 => {
                "an argument is not UTF-8 text: write what it holds into a script, and run it with -f FILE"
                    .to_owned()
            }
            _ => {
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                first.trim_start_matches("error: ").to_owned()
            }
        })
    }
}

/// The option that `error` names, without its value, and that value's name.
fn named(error: &clap::Error, kind: ContextKind) -> (String, String) {
    let text = match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        Some(ContextValue::Strings(all)) => all.first().map_or("", String::as_str),
        _ => "",
    };
    let end = text.find([' ', '[', '=']).unwrap_or(text.len());
    let (option, rest) = text.split_at(end);
    let is_name = |c: char| c.is_alphanumeric() || "/,_".contains(c);
    (
        option.to_owned(),
        rest.chars().filter(|c| is_name(*c)).collect(),
    )
}

fn unknown(option: &str, command: &Command) -> String {
    if let Some(advice) = habits::advice(option) {
        return format!("there is no {option}: {advice}");
    }
    match option
        .strip_prefix("--")
        .and_then(|typed| nearest(typed, command))
    {
        Some(near) => format!("there is no {option}: did you mean --{near}?"),
        None => format!(
            "there is no {option}: amish --help lists the options, and behind -- all are words"
        ),
    }
}

/// The option that was probably meant.
fn nearest<'a>(typed: &str, command: &'a Command) -> Option<&'a str> {
    let names = || command.get_arguments().filter_map(|arg| arg.get_long());
    let mut begun = names().filter(|name| typed.len() > 2 && name.starts_with(typed));
    if let (Some(one), None) = (begun.next(), begun.next()) {
        return Some(one);
    }
    let distance = |name: &str| strsim::osa_distance(typed, name);
    let near = names().min_by_key(|name| distance(name))?;
    (distance(near) * 3 <= typed.len()).then_some(near)
}

fn needs(missing: &str, args: &[OsString]) -> String {
    let typed = args.iter().map(|arg| arg.to_string_lossy());
    let typed: Vec<_> = typed.take_while(|arg| arg != "--").collect();
    let is_given = |option: &str| {
        let mut names = typed.iter().map(|arg| arg.split('=').next());
        names.any(|name| name == Some(option))
    };
    match NEEDS.iter().find(|(option, ..)| is_given(option)) {
        Some((option, other, example)) => format!("{option} needs {other}: {example}"),
        None => format!("{missing} is missing: amish --help tells what it is for"),
    }
}

fn conflict(one: &str, other: &str) -> String {
    match (one, other) {
        (alone, "") => format!("{alone} stands alone: leave everything else out"),
        ("--decode", idle) | (idle, "--decode") => {
            format!("--decode connects to nothing, where {idle} has no effect: leave it out")
        }
        ("--insecure", checked) | (checked, "--insecure") => format!(
            "--insecure accepts any certificate, where {checked} has no effect: leave --insecure out"
        ),
        _ => format!("{one} and {other} exclude each other: leave one of them out"),
    }
}

/// A value that is missing, or none of those that there are.
fn value_of(error: &clap::Error, option: &str, name: &str) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let all = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(all)) => all.join(", "),
        _ => String::new(),
    };
    match (
        text(ContextKind::InvalidValue),
        text(ContextKind::SuggestedValue),
    ) {
        ("", _) if all.is_empty() => format!("{option} has no value: write {option} {name}"),
        ("", _) => format!("{option} has no value: write one of {all}"),
        (wrong, "") => format!("{option} has no '{wrong}': write one of {all}"),
        (wrong, near) => format!("{option} has no '{wrong}': did you mean {near}?"),
    }
}

#[cfg(test)]
mod tests {
    use super::NEEDS;
    use crate::cli::{Cli, Unread};
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    // An option that needs another, and is not in the table, would be answered with
    // what is missing, but not for which of the options that were typed.
    #[test]
    fn whatever_an_option_needs_is_told() {
        let mut needing = 0;
        for arg in Cli::command().get_arguments() {
            let Some(long) = arg.get_long() else { continue };
            let values =
                ["", "=1", "=64KiB", "=1/2", "=redis://127.0.0.1", "=Hangup"].map(str::to_owned);
            let possible = arg.get_possible_values();
            let possible = possible
                .iter()
                .map(|value| format!("={}", value.get_name()));
            for value in possible.chain(values) {
                let typed = ["amish".to_owned(), format!("--{long}{value}")];
                let error = Cli::command().try_get_matches_from(&typed).err();
                if error.is_none_or(|e| e.kind() != ErrorKind::MissingRequiredArgument) {
                    continue;
                }
                needing += 1;
                let args = typed.map(Into::into);
                let Err(Unread::Wrong(said)) = Cli::read(args, std::iter::empty()) else {
                    panic!("--{long} needs nothing");
                };
                assert!(said.starts_with(&format!("--{long} needs ")), "{said}");
                break;
            }
        }
        assert_eq!(
            needing,
            NEEDS.len(),
            "each option of the table needs another"
        );
    }
}
