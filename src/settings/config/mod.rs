//! The configuration file: named servers, and the user's habits.

mod group;
mod habits;
mod profile;
mod reading;

pub use group::{ALL, Group};
pub use habits::Habits;
pub use profile::Profile;
pub use reading::ConfigError;

use super::mode::{FIRST, Mode};
use super::secret::SecretSource;
use super::target::NEAREST;
use crate::files::{self, FileError};
use crate::peer_text::visible::{pad, width};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use reading::Reading;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// The profile that is used if nothing names a target.
const DEFAULT: &str = "default";

/// The system-wide file, for users without their own.
const SYSTEM: &str = "/etc/amish/config.toml";

/// The largest configuration file, in bytes.
const SIZE: u64 = 1024 * 1024;

/// The configuration file; empty if there is none.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Its path.
    pub path: Option<PathBuf>,
    /// Sorted by name.
    pub profiles: Vec<Profile>,
    /// Sorted by name.
    pub groups: Vec<Group>,
    /// `[alias]` and `[keys]`.
    pub habits: Habits,
}

impl Config {
    /// Reads the file named by `AMISH_CONFIG` in `env`, or else the user's, or
    /// else the system's.
    ///
    /// # Errors
    /// The named file does not exist, or the file found cannot be used.
    pub fn find(env: impl Fn(&str) -> Option<OsString>) -> Result<Config, ConfigError> {
        let named = env("AMISH_CONFIG").filter(|name| !name.is_empty());
        let is_named = named.is_some();
        let places = match named {
            Some(named) => vec![PathBuf::from(named)],
            None => {
                let own = Config::usual_place().into_iter();
                own.chain([SYSTEM.into()]).collect()
            }
        };
        for path in places {
            match files::open_trusted(&path) {
                Ok(file) => return Config::read(file, path),
                Err(FileError::System(why)) if !is_named && is_absent(&why) => {}
                Err(why) => return Err(ConfigError::File(path, why)),
            }
        }
        Ok(Config::default())
    }

    /// That of a `mode` without a target, in which profiles are only set up: the
    /// file that `AMISH_CONFIG` names may be one that is to be made.
    ///
    /// # Errors
    /// The file found cannot be used.
    pub(super) fn beside(
        mode: &Mode,
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Config, ConfigError> {
        if !matches!(mode, Mode::Init(_)) {
            return Ok(Config::default());
        }
        match Config::find(env) {
            Err(ConfigError::File(_, FileError::System(why))) if is_absent(&why) => {
                Ok(Config::default())
            }
            found => found,
        }
    }

    /// The user's own file: as `AMISH_CONFIG` names it, or in the usual place.
    pub fn place(env: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let named = env("AMISH_CONFIG").filter(|name| !name.is_empty());
        named.map(PathBuf::from).or_else(Config::usual_place)
    }

    /// Where the user's own file would be, on macOS too:
    /// `$XDG_CONFIG_HOME/amish/config.toml`. None if there is no home.
    pub fn usual_place() -> Option<PathBuf> {
        let base = Xdg::new().ok()?;
        Some(base.config_dir().join("amish").join("config.toml"))
    }

    /// What is meant where nothing names a target.
    pub(super) fn usual(&self) -> &'static str {
        self.profile(DEFAULT).map_or(NEAREST, |_| DEFAULT)
    }

    /// The profile of this name, case-sensitive.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// The names of profiles that `typed` may have meant, nearest first: a few
    /// letters away, or begun.
    pub fn near(&self, typed: &str) -> Vec<&str> {
        let wanted = typed.to_lowercase();
        let few = (wanted.chars().count() / 4).clamp(1, 3);
        let distance = |profile: &'_ Profile| {
            let name = profile.name.to_lowercase();
            let begun = wanted.len() >= 2 && name.starts_with(&wanted);
            let distance = strsim::osa_distance(&name, &wanted);
            (begun || distance <= few).then_some(distance)
        };
        let near = self.profiles.iter();
        let near = near.filter_map(|one| Some((distance(one)?, one.name.as_str())));
        let mut near: Vec<_> = near.collect();
        near.sort_unstable();
        near.into_iter().map(|(_, name)| name).take(3).collect()
    }

    /// Name, target and user of each profile, one line each. No secrets.
    pub fn list(&self) -> String {
        let target = |profile: &Profile| match &profile.target {
            Some(target) => target.clone(),
            None => NEAREST.to_owned(),
        };
        let names = self.profiles.iter().map(|one| width(&one.name)).max();
        let names = names.unwrap_or(0);
        let targets = self.profiles.iter().map(|one| width(&target(one))).max();
        let targets = targets.unwrap_or(0);
        let line = |one: &Profile| {
            let (name, target) = (&one.name, target(one));
            let user = one.user.as_deref().unwrap_or_default();
            let line = format!("{}  {}  {user}", pad(name, names), pad(&target, targets));
            format!("{}\n", line.trim_end())
        };
        self.profiles.iter().map(line).collect()
    }

    fn read(file: File, path: PathBuf) -> Result<Config, ConfigError> {
        let text = match files::read_to_end(&file, SIZE) {
            Ok(bytes) => {
                String::from_utf8(bytes).map_err(|_| ConfigError::NotText(path.clone()))?
            }
            Err(why) => return Err(ConfigError::File(path, why)),
        };
        let mut config = Config::parse(&text, &path)?;
        let is_secret = |profile: &Profile| matches!(profile.secret, Some(SecretSource::Text(_)));
        let common = config.groups.iter().map(|group| &group.common);
        if config.profiles.iter().chain(common).any(is_secret) {
            let checked = files::unexposed(&file, &path);
            checked.map_err(|why| ConfigError::File(path.clone(), why))?;
        }
        config.path = Some(path);
        Ok(config)
    }

    /// Reads the `text` of the file at `path`, or one that is to be written there.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        sections(&Reading { path, text })
    }
}

fn is_absent(why: &io::Error) -> bool {
    matches!(why.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Parses the profiles, groups and habits.
fn sections(reading: &Reading<'_>) -> Result<Config, ConfigError> {
    let root = DeTable::parse(reading.text).map_err(|error| {
        // The Display of this error would show the line, perhaps with a secret.
        reading.broken(error.span().unwrap_or_default(), error.message())
    })?;
    let mut config = Config::default();
    for (key, value) in root.get_ref() {
        let all = value.get_ref().as_table();
        let table = |what: &str| all.ok_or_else(|| reading.wrong(key.span(), what));
        let kind = key.get_ref().as_ref();
        match kind {
            "profile" | "group" => {}
            "alias" => {
                config.habits.aliases = reading.aliases(table("write [alias]")?)?;
                continue;
            }
            "keys" => {
                reading.keys(table("write [keys]")?, &mut config.habits)?;
                continue;
            }
            name => {
                let known = ["alias", "group", "keys", "profile"];
                return Err(reading.unknown(key.span(), name, &known));
            }
        }
        let all = table(&format!("write [{kind}.NAME]"))?;
        for (name, value) in all {
            let table = value.get_ref().as_table().ok_or_else(|| {
                let what = format!("a {kind} needs a name: use [{kind}.NAME] above {name}");
                reading.wrong(name.span(), &what)
            })?;
            match kind {
                "group" => {
                    let group = reading.group(name.get_ref(), name.span(), table)?;
                    config.groups.push(group);
                }
                _ if FIRST.contains(&&**name.get_ref()) => {
                    let what = format!(
                        "amish {name} is a command: give this profile another name",
                        name = name.get_ref()
                    );
                    return Err(reading.wrong(name.span(), &what));
                }
                _ => {
                    let profile = reading.profile(name.get_ref(), table, &profile::KEYS)?;
                    config.profiles.push(profile);
                }
            }
        }
    }
    Ok(config)
}
