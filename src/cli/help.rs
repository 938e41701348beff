//! What `-h` and `--help` say beside the options: usage, examples, exit codes.

use super::version;
use crate::exit_code;
use clap::Command;
use clap::builder::Resettable;
use clap::builder::styling::{AnsiColor, Styles};
use std::ffi::OsString;

pub(super) const USAGE: &str = "amish [OPTIONS] [TARGET]
       amish [OPTIONS] TARGET ACTION [KEY=VALUE|WORD]...
       amish [OPTIONS] TARGET -c LINE | -x TEXT | -f FILE | -e[=CLASSES]
       amish [OPTIONS] TARGET doctor | metrics
       amish --demo ... | --demo-listen ADDR | --decode [FILE]
       amish init [TARGET] | help [TOPIC] | doctor security [--file FILE]";

pub(super) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default())
    .usage(AnsiColor::Yellow.on_default())
    .literal(AnsiColor::Cyan.on_default());

/// The end of `-h`, which fits on a screen of 24 lines with the options that it
/// shows.
const SHORT: &str = "\
TARGET is a host, host:port, user@host, amis://host (TLS) or a profile.
All options, examples, exit codes: amish --help. The manual: amish help [TOPIC]";

const TARGETS: &str = "\
TARGET is host, host:port, [v6]:port, user@host[:port], ami://[user@]host[:port], amis://... (TLS) or a profile; \
the default port is 5038, with TLS 5039. Several are a,b, @GROUP of the configuration, or @all profiles: \
an action is sent to each, and a shell is on all of them. To reach a host called help, init or doctor, write ami://NAME.";

/// What people come for first, and what it looks like.
const EXAMPLES: [(&str, &str); 12] = [
    ("amish --demo", "a shell on the built-in PBX"),
    ("amish init pbx", "make a profile, step by step"),
    ("amish admin@pbx", "a shell on a PBX"),
    ("amish pbx QueueStatus Queue=support", "one action"),
    (
        "amish pbx -x 'core show channels'",
        "a command of the Asterisk CLI",
    ),
    (
        "amish pbx -c 'QueueStatus support' -c Ping",
        "lines as in the shell",
    ),
    ("amish pbx -f night.ami --keep-going", "a script"),
    (
        "amish pbx -e=call -o json",
        "calls, one JSON object an event",
    ),
    (
        "amish pbx -e --until Hangup --for 5m",
        "until something happens",
    ),
    (
        "amish @all -x 'core show uptime' -o csv",
        "the same on many PBXs",
    ),
    (
        "amish pbx metrics --listen 127.0.0.1:9140",
        "figures for Prometheus",
    ),
    ("amish doctor security --file manager.conf", "is it safe?"),
];

/// `command` with what it says for help. `commands` are those of amish.
pub(super) fn prepared(
    command: Command,
    args: &[OsString],
    commands: impl Iterator<Item = &'static str>,
) -> Command {
    // Not in the manual page, which is the same for all commits of a version.
    let command = command.version(version::SHORT).long_version(version::LONG);
    let command = command.after_help(SHORT).after_long_help(long(commands));
    match args.iter().any(|arg| arg == "--help") {
        true => command,
        // Headings for ten options would take half of the screen.
        false => command
            .mut_args(|arg| arg.help_heading(Resettable::Reset))
            .mut_arg("form", |arg| arg.hide_possible_values(true)),
    }
}

/// `words` for the column behind a code, on 80 columns. clap would continue a long
/// line under the codes.
fn hung(words: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in words.split(' ') {
        match width + word.len() > 70 {
            true => {
                text.push_str("\n         ");
                width = 0;
            }
            false if width > 0 => text.push(' '),
            false => {}
        }
        text.push_str(word);
        width += word.len() + 1;
    }
    text
}

fn long(commands: impl Iterator<Item = &'static str>) -> String {
    let commands: Vec<String> = commands.map(|name| format!("/{name}")).collect();
    let code =
        |(code, words): &(exit_code::Code, &str)| format!("  {:6} {}\n", code.name(), hung(words));
    let codes: String = exit_code::TABLE.iter().map(code).collect();
    let example = |(typed, why): &(&str, &str)| format!("  {typed:44}{why}\n");
    let examples: String = EXAMPLES.iter().map(example).collect();
    format!(
        "{TARGETS}\n\n\
         Commands of amish, for the prompt and, unless they need a person, for scripts: {}. \
         In the shell, help explains each.\n\n\
         Exit codes; if several apply, the first of {}:\n{codes}\n\
         Examples:\n{examples}\n\
         The manual is read with amish help TOPIC; amish help lists the topics.",
        commands.join(" "),
        exit_code::ranks(),
    )
}
