//! Combines the command line, the environment and the profile.

mod account;
mod command;
mod config;
mod destination;
mod echo_guard;
mod environment;
mod error;
mod first_word;
mod fleet;
pub mod manager_conf;
mod mode;
mod programs;
mod prompt;
mod secret;
pub mod starter;
pub mod target;
mod to;

pub use command::CommandError;
pub use config::{Config, ConfigError, Habits, Profile};
pub use destination::{Destination, Trust};
pub use echo_guard::EchoGuard;
pub use environment::ColorEnvironment;
pub use error::SettingsError;
pub use fleet::{Fleet, FleetError, Pbx};
pub use mode::{FIRST_WORDS, Mode, Serving, Setup};
pub use programs::{Programs, child};
pub use prompt::{Echo, above_question, ask};
pub use secret::{SecretError, SecretSource, first_line};
pub use target::{Target, TargetError};
pub use to::To;

use crate::cli::{Cli, Form};
pub use crate::cli::{Rights, When};
use crate::language::{Expr, some_time, without_secret};
use destination::Given;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How amish is to behave.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What to do.
    pub mode: Mode,
    /// The server, and how to log in there.
    pub destination: Destination,
    /// Several PBXs instead of the one of `destination`.
    pub fleet: Option<Fleet>,
    /// So many built-in PBXs are that fleet.
    pub demo_fleet: Option<u16>,
    /// Nothing names a target, not even a profile, so it is this machine.
    pub is_unnamed: bool,
    /// The profiles, for `/connect`.
    pub config: Config,
    /// Where a new profile belongs; None if there is no home.
    pub config_place: Option<PathBuf>,
    /// Options and variables that apply to `/connect` too.
    given: Given,
    /// Event classes at the start of the shell.
    pub events: Option<String>,
    /// Lines to run when the shell starts.
    pub init: Vec<String>,
    /// The user logs in by hand.
    pub no_login: bool,
    /// The secret may be sent in clear.
    pub plaintext: bool,
    /// `-o`; if None, it depends on the kind of output.
    pub form: Option<Form>,
    /// The headers to show, as typed.
    pub fields: Option<String>,
    /// When to use colour.
    pub color: When,
    /// How long to wait for a reply.
    pub timeout: Duration,
    /// How long to wait for a connection and its banner.
    pub connect_timeout: Duration,
    /// Show only these events.
    pub filter: Option<Expr>,
    /// End a stream with this event.
    pub until: Option<Expr>,
    /// End a stream after this many events.
    pub count: Option<u64>,
    /// End a stream after this time.
    pub for_duration: Option<Duration>,
    /// The broker that a stream goes to.
    pub to: Option<To>,
    /// Reconnect when the link ends; None: the default of the mode.
    pub reconnect: Option<bool>,
    /// The most received bytes that may wait to be shown.
    pub buffer: usize,
    /// Go on after an Error.
    pub keep_going: bool,
    /// How many Actions of a script may be in flight.
    pub window: usize,
    /// An empty list that was answered by an Error counts as an error.
    pub strict: bool,
    /// Print what would be sent, without connecting.
    pub dry_run: bool,
    /// Send what the check would refuse.
    pub no_check: bool,
    /// The file that every packet is written to.
    pub trace: Option<PathBuf>,
    /// No greeting and no notices.
    pub quiet: bool,
    /// Show amish's own packets.
    pub verbose: bool,
    /// Long replies go through a pager.
    pub pager: bool,
    /// What the shell may start.
    pub programs: Programs,
    /// The history file; None if there is no home.
    pub history: Option<PathBuf>,
    /// The directory of the servers' documentation; None if there is no home.
    pub cache: Option<PathBuf>,
    /// What the environment says about colour.
    pub environment: ColorEnvironment,
}

impl Settings {
    /// Combines `cli` with an environment that is read by `env`.
    ///
    /// # Errors
    /// Exit code 2: what was asked for contradicts itself.
    pub fn new(
        cli: Cli,
        lines: Vec<String>,
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Settings, SettingsError> {
        check_text(&env)?;
        let text = |name: &str| env(name).and_then(|value| value.into_string().ok());
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        let start = Start::of(&cli, lines, &env, &set)?;
        let to = To::of(&cli, set)?;
        Ok(Settings {
            mode: start.mode,
            init: start.init,
            color: start.color.unwrap_or(When::Auto),
            events: start.events,
            destination: start.destination,
            fleet: start.fleet,
            demo_fleet: start.demo_fleet,
            is_unnamed: start.is_unnamed,
            no_login: cli.connection.no_login,
            plaintext: cli.connection.plaintext,
            form: to.as_ref().map(|_| Form::Json).or(cli.output.form),
            to,
            fields: cli.output.fields,
            timeout: time("--timeout", &cli.connection.timeout)?,
            connect_timeout: time("--connect-timeout", &cli.connection.connect_timeout)?,
            filter: start.filter,
            until: expr("--until", cli.stream.until.as_deref())?,
            count: cli.stream.count,
            for_duration: for_time(cli.stream.for_duration.as_deref())?,
            reconnect: match (
                cli.connection.reconnect,
                cli.connection.no_reconnect || cli.connection.no_login,
            ) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            },
            buffer: cli.connection.buffer,
            keep_going: cli.rules.keep_going,
            window: usize::from(cli.rules.window),
            strict: cli.rules.strict,
            dry_run: cli.rules.dry_run,
            no_check: cli.rules.no_check,
            trace: cli.output.trace,
            quiet: cli.output.quiet,
            verbose: cli.output.verbose,
            pager: !cli.output.no_pager,
            programs: Programs::of(text, cli.rules.no_shell),
            history: environment::history(set("AMISH_HISTFILE")),
            cache: environment::cache(),
            environment: ColorEnvironment::of(set),
            config_place: Config::place(&env),
            config: start.config,
            given: start.given,
        })
    }

    /// The destination that `word`, a profile or a target, would have had at the
    /// start.
    ///
    /// # Errors
    /// It cannot be used, or contradicts an option.
    pub fn at_start(&self, word: &str) -> Result<Destination, SettingsError> {
        self.given.at_start(word, &self.config)
    }

    /// The destination of `/connect word`.
    ///
    /// # Errors
    /// `word` is neither a profile nor a target.
    pub fn elsewhere(&self, word: &str) -> Result<Destination, TargetError> {
        self.given.later(word, &self.config, &self.destination)
    }

    /// Whether output to a stream is coloured, given whether it is a terminal.
    pub fn colors(&self, terminal: bool) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => self.environment.colors(terminal),
        }
    }

    /// The output form for a stream, given whether it is a terminal.
    pub fn form_on(&self, terminal: bool) -> Form {
        self.form.unwrap_or(match terminal {
            true => Form::Table,
            false => Form::Packet,
        })
    }
}

/// A variable that cannot be read must not be ignored: another setting would be
/// used instead.
fn check_text(env: impl Fn(&str) -> Option<OsString>) -> Result<(), SettingsError> {
    let mut names = [
        "AMISH_TARGET",
        "AMISH_USER",
        programs::SECRET,
        programs::TO_SECRET,
        "AMISH_SECRET_FILE",
    ]
    .into_iter();
    let wrong = names.find(|name| env(name).is_some_and(|value| value.to_str().is_none()));
    wrong.map_or(Ok(()), |name| Err(SettingsError::NotText(name)))
}

/// What is done where, of which a profile has a say.
struct Start {
    mode: Mode,
    config: Config,
    given: Given,
    destination: Destination,
    fleet: Option<Fleet>,
    demo_fleet: Option<u16>,
    is_unnamed: bool,
    events: Option<String>,
    init: Vec<String>,
    color: Option<When>,
    filter: Option<Expr>,
}

/// What the words of the command line ask for.
struct Asked {
    mode: Mode,
    target: Option<String>,
    /// Nothing is connected to, so a target is one word too many.
    alone: bool,
    /// The built-in PBX, or many of it, instead of a target.
    demo: bool,
    demo_fleet: Option<u16>,
}

impl Asked {
    fn of(cli: &Cli, lines: Vec<String>) -> Result<Asked, SettingsError> {
        let (offline, is_listed) = (&cli.offline, cli.many.targets.is_some());
        let mut words = cli.words.clone();
        let command = match offline.demo || offline.demo_fleet.is_some() || is_listed {
            true => None,
            false => Mode::first(cli)?,
        };
        let alone = offline.decode.is_some() || offline.demo_listen.is_some() || command.is_some();
        let demo_fleet = offline.demo_fleet.filter(|_| !alone);
        let demo = offline.demo || demo_fleet.is_some();
        let is_named = !(demo || alone || is_listed || words.is_empty());
        let target = is_named.then(|| words.remove(0));
        let mode = match command {
            Some(command) => {
                first_word::options(cli)?;
                command
            }
            None => Mode::of(cli, lines, words)?,
        };
        Ok(Asked {
            mode,
            target,
            alone,
            demo,
            demo_fleet,
        })
    }
}

impl Start {
    fn of(
        cli: &Cli,
        lines: Vec<String>,
        env: &impl Fn(&str) -> Option<OsString>,
        set: &impl Fn(&str) -> Option<String>,
    ) -> Result<Start, SettingsError> {
        let asked = Asked::of(cli, lines)?;
        let (alone, demo, demo_fleet) = (asked.alone, asked.demo, asked.demo_fleet);
        let mut mode = asked.mode;
        // The built-in PBX needs profiles only for `/connect`.
        let config = match alone || (demo && mode != Mode::Input) {
            true => Config::beside(&mode, env)?,
            false => Config::find(env)?,
        };
        if asked.target.is_some() || cli.offline.demo {
            first_word::target(cli, &config)?;
        }
        let given = given(cli, set, matches!(mode, Mode::Init(_)))?;
        let named = asked.target.or_else(|| set("AMISH_TARGET"));
        let is_input = mode == Mode::Input;
        let fleet = match (demo_fleet, alone || demo) {
            (Some(_), _) => Some(Fleet::empty(cli)?),
            (None, true) => None,
            (None, false) => Fleet::of(cli, named.as_deref(), is_input, &config, &given)?,
        };
        let word = named.as_deref().unwrap_or(config.usual());
        let is_unnamed = named.is_none() && config.profile(word).is_none();
        let (destination, profile) = if alone || (fleet.is_some() && !demo) {
            (Destination::default(), None)
        } else if demo {
            (given.demo()?, None)
        } else {
            (given.at_start(word, &config)?, config.profile(word))
        };
        let name = if cli.offline.demo { "demo" } else { word };
        let one = || Fleet::one(name, &destination, cli);
        let fleet = fleet.or_else(|| matches!(mode, Mode::Metrics(_)).then(one));
        let profile = profile.cloned().unwrap_or_default();
        let filter = expr("--filter", cli.stream.filter.as_deref())?;
        // A script's output is up to the script.
        let of_profile = profile
            .filter
            .filter(|_| matches!(mode, Mode::Input | Mode::Stream(_)));
        if let (Some(None), Some(events)) = (&cli.stream.events, &profile.events) {
            mode = Mode::Stream(events.clone());
        }
        Ok(Start {
            filter: filter.or(of_profile),
            color: cli.output.color.or(profile.color),
            events: profile.events,
            init: profile.init,
            mode,
            config,
            given,
            destination,
            fleet,
            demo_fleet,
            is_unnamed,
        })
    }
}

fn expr(option: &'static str, text: Option<&str>) -> Result<Option<Expr>, SettingsError> {
    let read = text.map(|text| {
        let shown = || without_secret(text).into_owned();
        let wrong = |fault| SettingsError::Expr(option, shown(), fault);
        Expr::parse(text.as_bytes()).map_err(wrong)
    });
    read.transpose()
}

fn for_time(text: Option<&str>) -> Result<Option<Duration>, SettingsError> {
    text.map(|text| time("--for", text)).transpose()
}

fn time(option: &'static str, text: &str) -> Result<Duration, SettingsError> {
    some_time(text).map_err(|why| SettingsError::Time(option, why))
}

fn given(
    cli: &Cli,
    set: impl Fn(&str) -> Option<String>,
    is_setup: bool,
) -> Result<Given, SettingsError> {
    // Who sets up a profile with a certificate means TLS.
    let is_trusting = is_setup && (cli.tls.cacert.is_some() || cli.tls.tls_name.is_some());
    if !is_setup {
        Setup::unused(cli)?;
    }
    let file = cli.connection.secret_file.clone().map(SecretSource::File);
    let command = cli.connection.secret_command.as_deref().map(command::words);
    let command = command.transpose()?.map(SecretSource::Command);
    let text = set(programs::SECRET).map(SecretSource::Text);
    let named = || set("AMISH_SECRET_FILE").map(|file| SecretSource::File(file.into()));
    Ok(Given {
        user: cli.connection.user.clone(),
        user_of_environment: set("AMISH_USER").filter(|user| !user.trim().is_empty()),
        secret: file.or(command),
        secret_of_environment: text.or_else(named),
        tls: cli.tls.tls || is_trusting,
        trust: Trust {
            cacert: cli.tls.cacert.clone(),
            name: cli.tls.tls_name.clone(),
            insecure: cli.tls.insecure,
        },
        read_only: cli.rules.read_only,
        yes: cli.rules.yes,
    })
}
