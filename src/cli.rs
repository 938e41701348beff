//! The command line as typed; `settings` interprets it.

mod connection;
mod habits;
mod help;
mod information;
mod init;
mod many;
mod misuse;
mod offline;
mod output;
mod rules;
mod run;
mod stream;
mod tls;
mod values;
mod version;

pub use connection::Connection;
pub use information::Information;
pub use init::Init;
pub use many::Many;
pub use misuse::Unread;
pub use offline::Offline;
pub use output::Output;
pub use rules::Rules;
pub use run::Run;
pub use stream::Stream;
pub use tls::Tls;
pub use values::{Form, GroupBy, Rights, When};

use clap::parser::ValueSource;
use clap::{Arg, ArgGroup, ArgMatches, Command, CommandFactory, FromArgMatches, Parser, ValueHint};
use std::ffi::OsString;

/// The Asterisk Manager Interface shell
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
    styles = help::STYLES,
    // What ends early: a stream, or what is read of a capture.
    group = ArgGroup::new("flow").args(["events", "decode"]).multiple(true),
    disable_help_flag = true,
    disable_version_flag = true,
    override_usage = help::USAGE
)]
pub struct Cli {
    /// TARGET, then an action to send: Action KEY=VALUE... (with --demo only the action)
    #[arg(hide_short_help = true, value_name = "TARGET", value_hint = ValueHint::Hostname, allow_negative_numbers = true)]
    pub words: Vec<String>,

    /// How a PBX is connected to, and who logs in.
    #[command(flatten)]
    pub connection: Connection,

    /// TLS, and whom to trust.
    #[command(flatten)]
    pub tls: Tls,

    /// What is run.
    #[command(flatten)]
    pub run: Run,

    /// Which events, until when, and where to.
    #[command(flatten)]
    pub stream: Stream,

    /// What is shown, and how.
    #[command(flatten)]
    pub output: Output,

    /// What a script may do, and what becomes of an Error.
    #[command(flatten)]
    pub rules: Rules,

    /// What is for many PBXs at a time.
    #[command(flatten)]
    pub many: Many,

    /// What a new profile is to be.
    #[command(flatten)]
    pub init: Init,

    /// What needs no server.
    #[command(flatten)]
    pub offline: Offline,

    /// What is only printed.
    #[command(flatten)]
    pub information: Information,

    /// The options that were typed, by their long names.
    #[arg(skip)]
    pub typed: Vec<String>,
}

impl Cli {
    /// Parses the arguments. Also returns the lines of `-c` and `-x` in the
    /// order given; `-x TEXT` becomes `cli TEXT`. `commands` are the commands
    /// of amish, listed by `--help`.
    ///
    /// # Errors
    /// What is wrong, or a request for help or the version, which clap prints.
    pub fn read(
        args: impl IntoIterator<Item = OsString>,
        commands: impl Iterator<Item = &'static str>,
    ) -> Result<(Cli, Vec<String>), Unread> {
        let args: Vec<OsString> = args.into_iter().collect();
        let mut command = help::prepared(Cli::command(), &args, commands);
        let read = command.try_get_matches_from_mut(&args).and_then(|matches| {
            let cli = Cli::from_arg_matches(&matches)?;
            Ok((cli, matches))
        });
        let (mut cli, matches) = read.map_err(|error| Unread::of(error, &command, &args))?;
        cli.typed = typed(&command, &matches);
        let at = |id: &str| matches.indices_of(id).into_iter().flatten();
        let commands = at("command").zip(cli.run.command.iter().cloned());
        let executed = cli.run.execute.iter().map(|text| format!("cli {text}"));
        let mut lines: Vec<_> = commands.chain(at("execute").zip(executed)).collect();
        lines.sort_by_key(|(index, _)| *index);
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Ok((cli, lines))
    }
}

/// The options in `matches` that were typed.
fn typed(command: &Command, matches: &ArgMatches) -> Vec<String> {
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    let given = options.filter(|arg| {
        let source = matches.value_source(arg.get_id().as_str());
        source == Some(ValueSource::CommandLine)
    });
    let name = |arg: &Arg| match (arg.get_short(), arg.get_long()) {
        (_, Some(long)) => format!("--{long}"),
        (short, None) => format!("-{}", short.unwrap_or_default()),
    };
    given.map(name).collect()
}
