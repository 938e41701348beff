//! The command line as it is typed. What it means is for `settings`.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, ValueEnum, ValueHint};
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
    styles = STYLES,
    after_help = "TARGET is host, host:port, [v6]:port, user@host[:port], ami://[user@]host[:port], amis://... (TLS) or a profile;\n\
                  port 5038 unless given, with TLS 5039.\n\
                  Exit codes: 0 well, 1 failed here, 2 usage, 3 the server answered Error, 4 login refused,\n\
                  5 no connection, 6 outcome unknown, 7 --until not met, 8 events lost,\n\
                  128+n ended by signal n.",
    override_usage = "amish [OPTIONS] [TARGET]\n       \
                      amish [OPTIONS] TARGET ACTION [KEY=VALUE|WORD]...\n       \
                      amish [OPTIONS] TARGET -c LINE | -x TEXT | -f FILE | -e[=CLASSES]\n       \
                      amish --demo ... | --demo-listen ADDR | --decode [FILE]\n       \
                      amish --completions SHELL | --man | --list-profiles"
)]
pub struct Cli {
    /// TARGET, then an action to send: Action KEY=VALUE... (under --demo the action only)
    #[arg(value_name = "TARGET", value_hint = ValueHint::Hostname)]
    pub words: Vec<String>,

    /// AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<String>,

    /// File whose first line is the secret; else AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,

    /// Command whose first line of output is the secret, run without a shell
    #[arg(long, value_name = "COMMAND", conflicts_with = "secret_file")]
    pub secret_command: Option<String>,

    /// Connect only; type Action: Login yourself, as on telnet
    #[arg(long)]
    pub no_login: bool,

    /// Allow the secret in clear on a remote link when the server refuses the MD5 challenge
    #[arg(long)]
    pub plaintext: bool,

    /// Connect with TLS; port 5039 unless given. The same as amis://
    #[arg(long)]
    pub tls: bool,

    /// Trust the certificates in FILE instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// The name that the server's certificate must be for, if not the host's
    #[arg(long, value_name = "NAME")]
    pub tls_name: Option<String>,

    /// Accept any certificate: whoever is in between can read and change everything
    #[arg(long, conflicts_with_all = ["cacert", "tls_name"])]
    pub insecure: bool,

    /// Run LINE of the typed language; may be repeated
    // A LINE may begin with a minus: its Error is forgiven then.
    #[arg(short, value_name = "LINE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub command: Vec<String>,

    /// Run the Asterisk CLI command TEXT; the same as -c 'cli TEXT'
    // A line break in it, from a variable perhaps, would begin another line.
    #[arg(short = 'x', value_name = "TEXT", action = ArgAction::Append, value_parser = one_line)]
    pub execute: Vec<String>,

    /// Run a script from FILE
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,

    /// Stream events until stopped: all, or those of CLASSES (call,agent)
    #[arg(short, long, value_name = "CLASSES", num_args = 0..=1, require_equals = true)]
    pub events: Option<Option<String>>,

    /// Form of replies and events; table on a terminal, packet otherwise
    #[arg(short, long, value_name = "FORM")]
    pub output: Option<Form>,

    /// Headers to show, in this order, in table, csv and tsv: A,B (* all)
    #[arg(long, value_name = "A,B")]
    pub fields: Option<String>,

    /// When to use colour; auto unless the profile says otherwise
    #[arg(long, value_name = "WHEN")]
    pub color: Option<When>,

    /// Seconds to wait for a reply, anew from each packet of it
    #[arg(short, long, value_name = "S", default_value = "30", value_parser = seconds)]
    pub timeout: std::time::Duration,

    /// Seconds to wait for a connection and its banner
    #[arg(long, value_name = "S", default_value = "5", value_parser = seconds)]
    pub connect_timeout: std::time::Duration,

    /// Show only events that EXPR means: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,

    /// End a stream with the first event that EXPR means; exit 7 where none came
    #[arg(long, value_name = "EXPR", requires = "events")]
    pub until: Option<String>,

    /// End a stream after N events
    #[arg(long, value_name = "N", requires = "events", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,

    /// End a stream after DURATION (30s, 5m)
    #[arg(long = "for", value_name = "DURATION", requires = "events", value_parser = duration)]
    pub for_duration: Option<std::time::Duration>,

    /// Connect again when the link ends, also the first time; default in the shell and for -e
    #[arg(long)]
    pub reconnect: bool,

    /// Do not connect again
    #[arg(long, conflicts_with = "reconnect")]
    pub no_reconnect: bool,

    /// Received bytes that may wait when showing is slow (1MiB, 2GB)
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size)]
    pub buffer: usize,

    /// Let a script go on after an Error (it still exits 3)
    #[arg(long)]
    pub keep_going: bool,

    /// Show long replies without a pager
    #[arg(long)]
    pub no_pager: bool,

    /// No local commands in the shell: `!cmd`, `| cmd`, /edit
    #[arg(long)]
    pub no_shell: bool,

    /// Do not ask before an action that takes much away at once
    #[arg(long)]
    pub yes: bool,

    /// Let up to N actions of a script be under way; shown in the script's order
    #[arg(long, value_name = "N", default_value = "1", hide_default_value = true, requires = "keep_going", value_parser = clap::value_parser!(u16).range(1..))]
    pub window: u16,

    /// Count a list that came back as Error because it is empty as an error
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

    /// Write every packet in and out to FILE, with its time, secrets masked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trace: Option<PathBuf>,

    /// Only what was asked for: no greeting, no notes
    #[arg(short, long)]
    pub quiet: bool,

    /// Also show the packets of amish's own login and logoff, on stderr
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Run against the built-in PBX instead of a TARGET
    #[arg(long)]
    pub demo: bool,

    /// Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients
    #[arg(long, value_name = "ADDR")]
    pub demo_listen: Option<String>,

    /// Print captured AMI bytes from FILE, or - for stdin; no connection
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", value_hint = ValueHint::FilePath)]
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

/// How replies and events are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A list as a table, an event as a line
    Table,
    /// `Key: Value` lines
    Packet,
    /// The very bytes of the server
    Raw,
    /// One JSON object a packet, one line each
    Json,
    /// Items as rows below a header row, as RFC 4180 has them
    Csv,
    /// The same apart by tabs; \t, \n, \r and \\ in values
    Tsv,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal that has it; NO_COLOR, CLICOLOR_FORCE and TERM=dumb count
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn one_line(text: &str) -> Result<String, String> {
    match text.contains(['\r', '\n']) {
        true => Err("a CLI command is one line: write -x once for each".to_owned()),
        false => Ok(text.to_owned()),
    }
}

impl Cli {
    /// Reads the arguments. With the options come the lines of `-c` and `-x`
    /// in the order in which they were given; an `-x TEXT` is `cli TEXT`.
    ///
    /// # Errors
    /// Usage, or a request for help or the version; clap prints either.
    pub fn read(
        args: impl IntoIterator<Item = OsString>,
    ) -> Result<(Cli, Vec<String>), clap::Error> {
        let matches = Cli::command().try_get_matches_from(args)?;
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

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default())
    .usage(AnsiColor::Yellow.on_default())
    .literal(AnsiColor::Cyan.on_default());

fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || format!("'{text}' is no time in seconds: write 2 or 0.5");
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    match std::time::Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err(wrong()),
    }
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    let time = parsed.and_then(|time| std::time::Duration::try_from(time).ok());
    match time {
        Some(time) if !time.is_zero() => Ok(time),
        _ => Err(format!("'{text}' is no duration: write 30s, 5m or 1h30m")),
    }
}

/// `1048576`, `512KiB`, `1MiB`, `2GB`: with `i` powers of 1024, without powers
/// of 1000.
fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("'{text}' is no size: write 1048576, 64KiB or 1MiB");
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
            "{text} is too little: one event may need more; 64KiB at least"
        )),
        false => Ok(bytes),
    }
}
