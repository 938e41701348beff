//! The command line as typed; `settings` interprets it.

mod connection;
mod habits;
mod help;
mod information;
mod init;
mod many;
mod offline;
mod output;
mod rules;
mod run;
mod stream;
mod tls;
mod values;

pub use connection::Connection;
pub use information::Information;
pub use init::Init;
pub use many::Many;
pub use offline::Offline;
pub use output::Output;
pub use rules::Rules;
pub use run::Run;
pub use stream::Stream;
pub use tls::Tls;
pub use values::{Form, GroupBy, Rights, When};

use clap::{ArgGroup, CommandFactory, FromArgMatches, Parser, ValueHint};
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
        let args: Vec<OsString> = args.into_iter().collect();
        let command = help::prepared(Cli::command(), &args, commands);
        let matches = command.try_get_matches_from(args).map_err(habits::cured)?;
        let at = |id: &str| matches.indices_of(id).into_iter().flatten();
        let commands = at("command").collect::<Vec<_>>();
        let executes = at("execute").collect::<Vec<_>>();
        let cli = Cli::from_arg_matches(&matches)?;
        let commands = commands.into_iter().zip(cli.run.command.iter().cloned());
        let executed = cli.run.execute.iter().map(|text| format!("cli {text}"));
        let mut lines: Vec<_> = commands.chain(executes.into_iter().zip(executed)).collect();
        lines.sort_by_key(|(index, _)| *index);
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Ok((cli, lines))
    }
}
