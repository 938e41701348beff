//! Combines the command line, the environment and the profile.

mod account;
mod asterisk_conf;
mod command;
mod config;
mod destination;
mod echo_guard;
mod environment;
mod error;
mod fleet;
pub mod manager_conf;
mod mode;
mod programs;
mod prompt;
mod secret;
pub mod starter;
pub mod target;
mod to;
mod wildcard;

pub use command::CommandError;
pub use config::{Config, ConfigError, Habits, Profile};
pub use destination::{Destination, Trust};
pub use echo_guard::EchoGuard;
pub use environment::ColorEnvironment;
pub use error::SettingsError;
pub use fleet::{Fleet, FleetError, Pbx};
pub use mode::{Mode, Serving};
pub use programs::{Programs, child};
pub use prompt::above_question;
pub use secret::{SecretError, SecretSource, first_line};
pub use target::{Target, TargetError};
pub use to::To;

pub use crate::cli::When;
use crate::cli::{Cli, Form};
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
    /// The profiles, for `/connect`.
    pub config: Config,
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
            no_login: cli.no_login,
            plaintext: cli.plaintext,
            form: to.as_ref().map(|_| Form::Json).or(cli.output),
            to,
            fields: cli.fields,
            timeout: time("--timeout", &cli.timeout)?,
            connect_timeout: time("--connect-timeout", &cli.connect_timeout)?,
            filter: start.filter,
            until: expr("--until", cli.until.as_deref())?,
            count: cli.count,
            for_duration: for_time(cli.for_duration.as_deref())?,
            reconnect: match (cli.reconnect, cli.no_reconnect || cli.no_login) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            },
            buffer: cli.buffer,
            keep_going: cli.keep_going,
            window: usize::from(cli.window),
            strict: cli.strict,
            dry_run: cli.dry_run,
            no_check: cli.no_check,
            trace: cli.trace,
            quiet: cli.quiet,
            verbose: cli.verbose,
            pager: !cli.no_pager,
            programs: Programs::of(text, cli.no_shell),
            history: environment::history(set("AMISH_HISTFILE")),
            cache: environment::cache(),
            environment: ColorEnvironment::of(set),
            config: start.config,
            given: start.given,
        })
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
    events: Option<String>,
    init: Vec<String>,
    color: Option<When>,
    filter: Option<Expr>,
}

impl Start {
    fn of(
        cli: &Cli,
        lines: Vec<String>,
        env: &impl Fn(&str) -> Option<OsString>,
        set: &impl Fn(&str) -> Option<String>,
    ) -> Result<Start, SettingsError> {
        let mut words = cli.words.clone();
        let command = match cli.demo || cli.demo_fleet.is_some() || cli.targets.is_some() {
            true => None,
            false => Mode::first(cli)?,
        };
        // These connect to nothing, so a target is one word too many.
        let alone = cli.decode.is_some() || cli.demo_listen.is_some() || command.is_some();
        let demo_fleet = cli.demo_fleet.filter(|_| !alone);
        let demo = cli.demo || demo_fleet.is_some();
        let is_named = !(demo || alone || cli.targets.is_some() || words.is_empty());
        let first = is_named.then(|| words.remove(0));
        let mut mode = match command {
            Some(command) => command,
            None => Mode::of(cli, lines, words)?,
        };
        // The built-in PBX needs profiles only for `/connect`.
        let config = match alone || (demo && mode != Mode::Input) {
            true => Config::default(),
            false => Config::find(env)?,
        };
        let given = given(cli, set)?;
        let named = first.or_else(|| set("AMISH_TARGET"));
        let is_input = mode == Mode::Input;
        let fleet = match (demo_fleet, alone || demo) {
            (Some(_), _) => Some(Fleet::empty(cli)?),
            (None, true) => None,
            (None, false) => Fleet::of(cli, named.as_deref(), is_input, &config, &given)?,
        };
        let word = named.as_deref().unwrap_or(config.usual());
        let (destination, profile) = if alone || (fleet.is_some() && !demo) {
            (Destination::default(), None)
        } else if demo {
            (given.demo()?, None)
        } else {
            (given.at_start(word, &config)?, config.profile(word))
        };
        let one = || Fleet::one(if cli.demo { "demo" } else { word }, &destination, cli);
        let fleet = fleet.or_else(|| matches!(mode, Mode::Metrics(_)).then(one));
        let profile = profile.cloned().unwrap_or_default();
        let filter = expr("--filter", cli.filter.as_deref())?;
        // A script's output is up to the script.
        let of_profile = profile
            .filter
            .filter(|_| matches!(mode, Mode::Input | Mode::Stream(_)));
        if let (Some(None), Some(events)) = (&cli.events, &profile.events) {
            mode = Mode::Stream(events.clone());
        }
        Ok(Start {
            filter: filter.or(of_profile),
            color: cli.color.or(profile.color),
            events: profile.events,
            init: profile.init,
            mode,
            config,
            given,
            destination,
            fleet,
            demo_fleet,
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

fn given(cli: &Cli, set: impl Fn(&str) -> Option<String>) -> Result<Given, CommandError> {
    let file = cli.secret_file.clone().map(SecretSource::File);
    let command = cli.secret_command.as_deref().map(command::words);
    let command = command.transpose()?.map(SecretSource::Command);
    let text = set(programs::SECRET).map(SecretSource::Text);
    let named = || set("AMISH_SECRET_FILE").map(|file| SecretSource::File(file.into()));
    Ok(Given {
        user: cli.user.clone(),
        user_of_environment: set("AMISH_USER").filter(|user| !user.trim().is_empty()),
        secret: file.or(command),
        secret_of_environment: text.or_else(named),
        tls: cli.tls,
        trust: Trust {
            cacert: cli.cacert.clone(),
            name: cli.tls_name.clone(),
            insecure: cli.insecure,
        },
        read_only: cli.read_only,
        yes: cli.yes,
    })
}
