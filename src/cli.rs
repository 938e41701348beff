//! The command line as typed; `settings` interprets it.

mod habits;
mod values;

pub use values::{Form, GroupBy, When};

use crate::exit_code;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, ArgGroup, CommandFactory, FromArgMatches, Parser, ValueHint};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;

/// The Asterisk Manager Interface shell.
///
/// On a terminal amish opens a shell on TARGET; with a script on standard
/// input it runs that; with an ACTION it sends one. Type `help` in the shell
/// for what this server can do.
#[derive(Debug, Parser)]
#[command(
    name = "amish",
    version,
    max_term_width = 100,
    // The last of two wins, so that an alias of the user's can be overridden.
    args_override_self = true,
    styles = STYLES,
    // What ends early: a stream, or what is read of a capture.
    group = ArgGroup::new("flow").args(["events", "decode"]).multiple(true),
    override_usage = "amish [OPTIONS] [TARGET]\n       \
                      amish [OPTIONS] TARGET ACTION [KEY=VALUE|WORD]...\n       \
                      amish [OPTIONS] TARGET -c LINE | -x TEXT | -f FILE | -e[=CLASSES]\n       \
                      amish [OPTIONS] TARGET metrics [--listen ADDR]\n       \
                      amish --demo ... | --demo-listen ADDR | --decode [FILE]\n       \
                      amish --completions SHELL | --man | --list-profiles"
)]
pub struct Cli {
    /// TARGET, then an action to send: Action KEY=VALUE... (with --demo only the action)
    #[arg(value_name = "TARGET", value_hint = ValueHint::Hostname, allow_negative_numbers = true)]
    pub words: Vec<String>,

    /// Run on each target of FILE, one a line, instead of TARGET (- for stdin)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["demo", "demo_listen", "decode"])]
    pub targets: Option<PathBuf>,

    /// Of many targets, connect and log in to N at a time
    #[arg(long, value_name = "N", default_value = "64", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..))]
    pub parallel: u16,

    /// Of many targets, take only the K-th of N shares, always the same: 2/5
    #[arg(long, value_name = "K/N")]
    pub shard: Option<String>,

    /// Of many targets, show one after the other, in their order
    #[arg(long, value_name = "target")]
    pub group_by: Option<GroupBy>,

    /// With the word metrics for an action: serve them to Prometheus on ADDR (127.0.0.1:9140)
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,

    /// AMI user; default user@ of the target, AMISH_USER, the profile, or a prompt
    #[arg(short, long, value_name = "NAME", value_parser = a_name)]
    pub user: Option<String>,

    /// File whose first line is the secret; default AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,

    /// Command whose first line of output is the secret, run without a shell
    #[arg(long, value_name = "COMMAND", overrides_with = "secret_file")]
    pub secret_command: Option<String>,

    /// Connect only; type Action: Login yourself, as on telnet
    #[arg(long)]
    pub no_login: bool,

    /// Allow the secret in clear on a remote link when the server refuses the MD5 challenge, and to a remote broker
    #[arg(long)]
    pub plaintext: bool,

    /// Connect with TLS; default port 5039. Same as amis://
    #[arg(long)]
    pub tls: bool,

    /// Trust the certificates in FILE instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// Name that the server's certificate must have, if not the host's
    #[arg(long, value_name = "NAME")]
    pub tls_name: Option<String>,

    /// Accept any certificate: anyone in between can read and change everything
    #[arg(long, conflicts_with_all = ["cacert", "tls_name"])]
    pub insecure: bool,

    /// Run LINE of the typed language; may be repeated
    // A LINE may begin with a minus, which forgives its Error.
    #[arg(short, value_name = "LINE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub command: Vec<String>,

    /// Run the Asterisk CLI command TEXT; the same as -c 'cli TEXT'
    // A line break in it, perhaps from a variable, would begin another line.
    #[arg(short = 'x', value_name = "TEXT", action = ArgAction::Append, value_parser = one_line)]
    pub execute: Vec<String>,

    /// Run a script from FILE
    // Of two scripts none may be dropped in silence: `settings` refuses two.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, action = ArgAction::Append)]
    pub file: Vec<PathBuf>,

    /// Stream events until stopped: all, or those of CLASSES (call,agent)
    #[arg(short, long, value_name = "CLASSES", num_args = 0..=1, require_equals = true)]
    pub events: Option<Option<String>>,

    /// Form of replies and events; default table on a terminal, else packet
    #[arg(short, long, value_name = "FORM")]
    pub output: Option<Form>,

    /// Headers to show in table, csv and tsv, in this order: A,B (* for all)
    #[arg(long, value_name = "A,B")]
    pub fields: Option<String>,

    /// When to use colour; default auto, or as in the profile
    #[arg(long, value_name = "WHEN")]
    pub color: Option<When>,

    /// How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets
    #[arg(
        short,
        long,
        value_name = "S",
        default_value = "30",
        allow_hyphen_values = true
    )]
    pub timeout: String,

    /// How long to wait for a connection and its banner
    #[arg(
        long,
        value_name = "S",
        default_value = "5",
        allow_hyphen_values = true
    )]
    pub connect_timeout: String,

    /// Show only events that match EXPR: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,

    /// End a stream or a capture at the first event that matches EXPR; exit 7 if none came
    #[arg(long, value_name = "EXPR", requires = "flow")]
    pub until: Option<String>,

    /// End a stream after N events, a capture after N packets
    #[arg(long, value_name = "N", requires = "flow", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,

    /// End a stream after DURATION (30s, 5m)
    #[arg(
        long = "for",
        value_name = "DURATION",
        requires = "events",
        allow_hyphen_values = true
    )]
    pub for_duration: Option<String>,

    /// Write the stream to the broker at URL instead of standard output, each event acknowledged: redis://user@host:6379/0?maxlen=N or nats://user@host:4222
    #[arg(long, value_name = "URL", requires = "events", value_hint = ValueHint::Url)]
    pub to: Option<String>,

    /// File whose first line is the broker's secret; default AMISH_TO_SECRET
    #[arg(long, value_name = "FILE", requires = "to", value_hint = ValueHint::FilePath)]
    pub to_secret_file: Option<PathBuf>,

    /// Connect again when the link ends, and retry the first time; default in the shell and for -e
    #[arg(long, overrides_with = "no_reconnect")]
    pub reconnect: bool,

    /// Do not connect again
    #[arg(long, overrides_with = "reconnect")]
    pub no_reconnect: bool,

    /// Limit for received data waiting to be shown (1MiB, 2GB)
    #[arg(long, value_name = "SIZE", default_value = "256MiB", allow_negative_numbers = true, value_parser = size)]
    pub buffer: usize,

    /// Let a script go on after an Error (it still exits 3)
    #[arg(long)]
    pub keep_going: bool,

    /// Show long replies without a pager
    #[arg(long)]
    pub no_pager: bool,

    /// Start no local programs: no `!cmd`, `| cmd`, /edit; the pager is a restricted less
    #[arg(long)]
    pub no_shell: bool,

    /// Do not ask before dangerous actions
    #[arg(long)]
    pub yes: bool,

    /// Keep up to N actions of a script in flight; shown in the script's order
    #[arg(long, value_name = "N", default_value = "1", hide_default_value = true, requires = "keep_going", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..))]
    pub window: u16,

    /// Treat the Error that some servers send for an empty list as an error
    #[arg(long)]
    pub strict: bool,

    /// Send only actions that are known to change nothing
    #[arg(long)]
    pub read_only: bool,

    /// Print what would be sent, secrets masked; connect to nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Send what the check would refuse, and Originate without Async
    #[arg(long)]
    pub no_check: bool,

    /// Write every packet in and out to FILE anew, with its time, secrets masked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trace: Option<PathBuf>,

    /// Print only what was asked for: no greeting, no notes
    #[arg(short, long, overrides_with = "verbose")]
    pub quiet: bool,

    /// Also show the packets of amish's own login and logoff, on stderr
    #[arg(short, long, overrides_with = "quiet")]
    pub verbose: bool,

    /// Run against the built-in PBX instead of a TARGET
    #[arg(long)]
    pub demo: bool,

    /// Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients
    #[arg(long, value_name = "ADDR")]
    pub demo_listen: Option<String>,

    /// Run against N built-in PBXs; with --demo-listen serve them on as many ports, and print the address of each
    #[arg(long, value_name = "N", conflicts_with_all = ["demo", "targets", "decode"], allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub demo_fleet: Option<u16>,

    /// File whose first line is the secret of all users of --demo-listen, replacing the well-known ones
    #[arg(long, value_name = "FILE", requires = "demo_listen", value_hint = ValueHint::FilePath)]
    pub demo_secret_file: Option<PathBuf>,

    /// Print captured AMI bytes from FILE, or - for stdin; no connection
    // Refuses what only a connection can obey.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["user", "secret_file", "secret_command", "no_login", "plaintext", "tls", "cacert", "tls_name",
            "insecure", "timeout", "connect_timeout", "for_duration", "reconnect", "no_reconnect", "buffer", "keep_going",
            "window", "strict", "dry_run", "no_check", "trace", "verbose", "demo", "to"])]
    pub decode: Option<PathBuf>,

    /// List the profiles of the configuration file
    #[arg(long, exclusive = true)]
    pub list_profiles: bool,

    /// Print the manual page
    #[arg(long, exclusive = true)]
    pub man: bool,

    /// Print the completion script for SHELL
    #[arg(long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,
}

/// A server trims what it reads, so a name of blanks is none.
fn a_name(text: &str) -> Result<String, String> {
    match text.trim().is_empty() {
        true => Err("write the name of a user, or leave -u out to be asked for it".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn one_line(text: &str) -> Result<String, String> {
    match text.contains(['\r', '\n']) {
        true => Err("a CLI command is one line: write -x once for each".to_owned()),
        false => Ok(text.to_owned()),
    }
}

impl Cli {
    /// Parses the arguments. Also returns the lines of `-c` and `-x` in the
    /// order given; `-x TEXT` becomes `cli TEXT`. `commands` are the commands
    /// of amish, listed by `--help`.
    ///
    /// # Errors
    /// A usage error, or a request for help or the version; clap prints either.
    pub fn read(
        args: impl IntoIterator<Item = OsString>,
        commands: impl Iterator<Item = &'static str>,
    ) -> Result<(Cli, Vec<String>), clap::Error> {
        let command = Cli::command().after_help(after_help(commands));
        let matches = command.try_get_matches_from(args).map_err(habits::cured)?;
        let at = |id: &str| matches.indices_of(id).into_iter().flatten();
        let commands = at("command").collect::<Vec<_>>();
        let executes = at("execute").collect::<Vec<_>>();
        let cli = Cli::from_arg_matches(&matches)?;
        let commands = commands.into_iter().zip(cli.command.iter().cloned());
        let executed = cli.execute.iter().map(|text| format!("cli {text}"));
        let mut lines: Vec<_> = commands.chain(executes.into_iter().zip(executed)).collect();
        lines.sort_by_key(|(index, _)| *index);
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Ok((cli, lines))
    }
}

fn after_help(commands: impl Iterator<Item = &'static str>) -> String {
    let commands: Vec<String> = commands.map(|name| format!("/{name}")).collect();
    let code = |(code, words): &(exit_code::Code, &str)| format!("  {:6} {words}\n", code.name());
    let codes: String = exit_code::TABLE.iter().map(code).collect();
    format!(
        "TARGET is host, host:port, [v6]:port, user@host[:port], ami://[user@]host[:port], amis://... (TLS) or a profile; \
         the default port is 5038, with TLS 5039. Several are a,b, @GROUP of the configuration, or @all profiles: \
         an action is sent to each, and a shell is on all of them.\n\n\
         Commands of amish, for the prompt and, unless they need a person, for scripts: {}. \
         In the shell, help explains each.\n\n\
         Exit codes; if several apply, the first of {}:\n{codes}",
        commands.join(" "),
        exit_code::ranks(),
    )
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default())
    .usage(AnsiColor::Yellow.on_default())
    .literal(AnsiColor::Cyan.on_default());

/// Parses `1048576`, `512KiB`, `1MiB`, `2GB`: with `i` in powers of 1024,
/// without in powers of 1000.
fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("'{text}' is not a size: write 1048576, 64KiB or 1MiB");
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" | "k" => 1 << 10,
        "mib" | "m" => 1 << 20,
        "gib" | "g" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(wrong()),
    };
    let number: usize = number.parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(factor).ok_or_else(wrong)?;
    match bytes < 64 * 1024 {
        true => Err(format!(
            "{text} is too small: one event may need more; use at least 64KiB"
        )),
        false => Ok(bytes),
    }
}
