//! Command line and environment as they are meant.

pub mod asking;
mod asterisk_conf;
mod command;
mod destination;
pub mod manager_conf;
mod private;
mod profile;
mod programs;
mod secret;
pub mod starter;
pub mod target;
mod wildcard;

pub use asking::Asking;
pub use command::CommandError;
pub use destination::Destination;
pub use profile::{Config, ConfigError, Habits, Profile};
pub use programs::Programs;
pub use secret::{SecretError, SecretSource};
pub use target::{Target, TargetError};

pub use crate::cli::When;
use crate::cli::{Cli, Form};
use crate::language::{Expr, Fault};
use destination::Given;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// The target where nothing names one.
const NEAREST: &str = "127.0.0.1";

/// The profile where nothing names a target.
const DEFAULT: &str = "default";

/// What was wrong with how amish was called.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The target is none.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `--secret-command`.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// An expression that is none.
    #[error("{0} '{1}': {2}")]
    Expr(&'static str, String, Fault),
    /// It would be of no effect, and the user believes that it has one.
    #[error("{0} says how TLS is to be, and there is none: use --tls, or amis:// before the host")]
    WithoutTls(&'static str),
    /// A target without TLS, and the wish for it.
    #[error("--tls asks for TLS and ami:// is AMI without it: write amis://, or the host alone")]
    Contradiction,
    /// Bytes in the environment that are not UTF-8.
    #[error("{0} is not text in UTF-8")]
    NotText(&'static str),
    /// Two things to do at once.
    #[error("{0} and {1} are two things to do: choose one")]
    Exclusive(&'static str, &'static str),
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// A shell on a terminal, or the script on standard input.
    Input,
    /// One action, each argument a word.
    Action(Vec<String>),
    /// Lines of the typed language.
    Lines(Vec<String>),
    /// A script from a file.
    File(PathBuf),
    /// A stream of events, of these classes.
    Stream(String),
    /// Print captured bytes.
    Decode(PathBuf),
    /// Serve the built-in PBX.
    Serve(String),
}

/// Whom to believe when a server says who it is.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// `--cacert`.
    pub cacert: Option<PathBuf>,
    /// `--tls-name`.
    pub name: Option<String>,
    /// `--insecure`.
    pub insecure: bool,
}

/// How amish is to behave.
#[derive(Debug)]
pub struct Settings {
    /// What to do.
    pub mode: Mode,
    /// Where to, and as whom.
    pub destination: Destination,
    /// The profiles, for `/connect`.
    pub config: Config,
    /// What was given besides, for `/connect` too.
    given: Given,
    /// Classes of events for the start of the shell.
    pub events: Option<String>,
    /// Lines for the start of the shell.
    pub init: Vec<String>,
    /// The user logs in by hand.
    pub no_login: bool,
    /// The secret may go in clear.
    pub plaintext: bool,
    /// As asked for; the default depends on where the output goes.
    pub form: Option<Form>,
    /// The headers to show, as typed.
    pub fields: Option<String>,
    /// When to use colour.
    pub color: When,
    /// For a reply.
    pub timeout: Duration,
    /// For a connection and its banner.
    pub connect_timeout: Duration,
    /// Show only these events.
    pub filter: Option<Expr>,
    /// End a stream with this event.
    pub until: Option<Expr>,
    /// End a stream after so many events.
    pub count: Option<u64>,
    /// End a stream after so long.
    pub for_duration: Option<Duration>,
    /// Connect again: None where it depends on what is done.
    pub reconnect: Option<bool>,
    /// Received bytes that may wait to be shown.
    pub buffer: usize,
    /// Go on after an Error.
    pub keep_going: bool,
    /// How many actions of a script may be under way.
    pub window: usize,
    /// An empty list that comes as an Error is one.
    pub strict: bool,
    /// Print instead of sending.
    pub dry_run: bool,
    /// Send what the check would refuse.
    pub no_check: bool,
    /// Where packets are written to.
    pub trace: Option<PathBuf>,
    /// No greeting, no notes.
    pub quiet: bool,
    /// Show amish's own packets.
    pub verbose: bool,
    /// Long replies go through a pager.
    pub pager: bool,
    /// What the shell may start.
    pub programs: Programs,
    /// Where the shell keeps its history; None where there is no home.
    pub history: Option<PathBuf>,
    /// Where it keeps what servers say of their Actions; None where there is no
    /// home.
    pub cache: Option<PathBuf>,
    /// The environment's wish for colour.
    pub environment: ColorEnvironment,
}

/// What the environment says of colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColorEnvironment {
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and not 0.
    pub force: bool,
    /// `TERM=dumb`.
    pub dumb: bool,
}

impl ColorEnvironment {
    /// Is output to a stream coloured where nobody says whether?
    pub fn colors(self, terminal: bool) -> bool {
        match self.no_color {
            true => false,
            false => self.force || (terminal && !self.dumb),
        }
    }
}

impl Settings {
    /// What `cli` means, in an environment read with `env`.
    ///
    /// # Errors
    /// Exit code 2: what was asked for contradicts itself.
    pub fn new(
        cli: Cli,
        lines: Vec<String>,
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Settings, SettingsError> {
        // Whoever sets one means it: without it another would be taken.
        for name in [
            "AMISH_TARGET",
            "AMISH_USER",
            "AMISH_SECRET",
            "AMISH_SECRET_FILE",
        ] {
            if env(name).is_some_and(|value| value.to_str().is_none()) {
                return Err(SettingsError::NotText(name));
            }
        }
        let text = |name: &str| env(name).and_then(|value| value.into_string().ok());
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        let mut words = cli.words.clone();
        // Nothing to connect to: a word is one too many.
        let alone = cli.decode.is_some() || cli.demo_listen.is_some();
        let first = match cli.demo || alone || words.is_empty() {
            true => None,
            false => Some(words.remove(0)),
        };
        let mut mode = mode(&cli, lines, words)?;
        // The built-in PBX needs no profile, except to go elsewhere from it.
        let config = match alone || (cli.demo && mode != Mode::Input) {
            true => Config::default(),
            false => Config::find(&env)?,
        };
        let given = given(&cli, set)?;
        let (destination, profile) = if alone {
            (Destination::default(), None)
        } else if cli.demo {
            (given.demo()?, None)
        } else {
            let named = first.or_else(|| set("AMISH_TARGET"));
            let usual = config.profile(DEFAULT).map_or(NEAREST, |_| DEFAULT);
            let word = named.as_deref().unwrap_or(usual);
            (given.at_start(word, &config)?, config.profile(word))
        };
        let events = profile.and_then(|profile| profile.events.clone());
        let color = cli.color.or_else(|| profile?.color);
        let filter = expr("--filter", cli.filter.as_deref())?;
        // A script shows what it says itself.
        let of_profile = || match mode {
            Mode::Input | Mode::Stream(_) => profile.and_then(|profile| profile.filter.clone()),
            _ => None,
        };
        let filter = filter.or_else(of_profile);
        if let (Some(None), Some(events)) = (&cli.events, &events) {
            mode = Mode::Stream(events.clone());
        }
        Ok(Settings {
            mode,
            init: profile.map_or_else(Vec::new, |profile| profile.init.clone()),
            color: color.unwrap_or(When::Auto),
            events,
            destination,
            no_login: cli.no_login,
            plaintext: cli.plaintext,
            form: cli.output,
            fields: cli.fields.clone(),
            timeout: cli.timeout,
            connect_timeout: cli.connect_timeout,
            filter,
            until: expr("--until", cli.until.as_deref())?,
            count: cli.count,
            for_duration: cli.for_duration,
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
            trace: cli.trace.clone(),
            quiet: cli.quiet,
            verbose: cli.verbose,
            pager: !cli.no_pager,
            programs: Programs::of(set, cli.no_shell),
            history: history(set("AMISH_HISTFILE")),
            cache: cache(),
            environment: ColorEnvironment {
                no_color: set("NO_COLOR").is_some(),
                force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
                dumb: set("TERM").is_some_and(|term| term == "dumb"),
            },
            config,
            given,
        })
    }

    /// Where `/connect word` leads.
    ///
    /// # Errors
    /// `word` names no profile and is no target.
    pub fn elsewhere(&self, word: &str) -> Result<Destination, TargetError> {
        self.given.later(word, &self.config)
    }

    /// Is output to a stream coloured, which is a terminal or not?
    pub fn colors(&self, terminal: bool) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => self.environment.colors(terminal),
        }
    }

    /// The form for a stream, which is a terminal or not.
    pub fn form_on(&self, terminal: bool) -> Form {
        self.form.unwrap_or(match terminal {
            true => Form::Table,
            false => Form::Packet,
        })
    }
}

fn expr(option: &'static str, text: Option<&str>) -> Result<Option<Expr>, SettingsError> {
    let read = text.map(|text| {
        let wrong = |fault| SettingsError::Expr(option, text.to_owned(), fault);
        Expr::parse(text.as_bytes()).map_err(wrong)
    });
    read.transpose()
}

fn given(cli: &Cli, set: impl Fn(&str) -> Option<String>) -> Result<Given, CommandError> {
    let file = cli.secret_file.clone().map(SecretSource::File);
    let command = cli.secret_command.as_deref().map(command::words);
    let command = command.transpose()?.map(SecretSource::Command);
    let secret = file.or(command);
    let secret = secret.or_else(|| set("AMISH_SECRET").map(SecretSource::Text));
    let secret = secret.or_else(|| {
        let file = set("AMISH_SECRET_FILE")?;
        Some(SecretSource::File(file.into()))
    });
    Ok(Given {
        user: cli.user.clone(),
        user_of_environment: set("AMISH_USER"),
        secret,
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

fn mode(cli: &Cli, lines: Vec<String>, words: Vec<String>) -> Result<Mode, SettingsError> {
    let asked = [
        (!words.is_empty(), "an action"),
        (!lines.is_empty(), "-c or -x"),
        (cli.file.is_some(), "-f"),
        (cli.events.is_some(), "-e"),
        (cli.decode.is_some(), "--decode"),
        (cli.demo_listen.is_some(), "--demo-listen"),
    ];
    let mut asked = asked.iter().filter(|(is, _)| *is).map(|(_, name)| *name);
    if let (Some(one), Some(other)) = (asked.next(), asked.next()) {
        return Err(SettingsError::Exclusive(one, other));
    }
    Ok(if !words.is_empty() {
        Mode::Action(words)
    } else if !lines.is_empty() {
        Mode::Lines(lines)
    } else if let Some(file) = &cli.file {
        Mode::File(file.clone())
    } else if let Some(classes) = &cli.events {
        Mode::Stream(classes.clone().unwrap_or_else(|| "all".to_owned()))
    } else if let Some(file) = &cli.decode {
        Mode::Decode(file.clone())
    } else if let Some(address) = &cli.demo_listen {
        Mode::Serve(address.clone())
    } else {
        Mode::Input
    })
}

/// `$XDG_STATE_HOME/amish/history`, on macOS too. Whoever names `/dev/null`
/// wants none.
fn history(named: Option<String>) -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    if let Some(named) = named {
        return (named != "/dev/null").then(|| named.into());
    }
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.state_dir()?.join("amish").join("history"))
}

/// `$XDG_CACHE_HOME/amish`, on macOS too.
fn cache() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.cache_dir().join("amish"))
}
