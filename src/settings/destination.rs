//! Which server to connect to, as which user, and where the secret is: options
//! before environment before profile.

use super::config::{Config, Profile};
use super::error::SettingsError;
use super::secret::SecretSource;
use super::target::{NEAREST, Target, TargetError};
use std::path::PathBuf;

/// Which certificates of a server are accepted.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// `--cacert`.
    pub cacert: Option<PathBuf>,
    /// `--tls-name`.
    pub name: Option<String>,
    /// `--insecure`.
    pub insecure: bool,
}

/// A server and how to log in there.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    /// What the PBX is called: the profile's name, or the host as typed.
    pub name: String,
    /// None for the built-in PBX.
    pub target: Option<Target>,
    /// It is the built-in PBX, or one of many of it.
    pub built_in: bool,
    /// Asked for if nothing names one.
    pub user: Option<String>,
    /// Asked for if no source is named.
    pub secret: Option<SecretSource>,
    /// Connect with TLS.
    pub tls: bool,
    /// Used with TLS only.
    pub trust: Trust,
    /// Send only Actions that change nothing.
    pub read_only: bool,
    /// Ask before a dangerous Action.
    pub confirm: bool,
}

impl Destination {
    /// Whether it has the host and port of `other`, with the same protection.
    fn is_same_server(&self, other: &Destination) -> bool {
        match (&self.target, &other.target) {
            (Some(one), Some(another)) => {
                one.host.eq_ignore_ascii_case(&another.host)
                    && one.port_of(self.tls) == another.port_of(other.tls)
                    && self.tls == other.tls
            }
            _ => false,
        }
    }

    /// Whether its user is that of `other`. Servers ignore the case.
    fn is_user_of(&self, other: &Destination) -> bool {
        match (&self.user, &other.user) {
            (Some(one), Some(another)) => one.eq_ignore_ascii_case(another),
            (one, another) => one == another,
        }
    }
}

/// What was given for the whole run, apart from the target and its profile.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    /// `-u`.
    pub user: Option<String>,
    /// `AMISH_USER`.
    pub user_of_environment: Option<String>,
    /// `--secret-file`, `--secret-command`.
    pub secret: Option<SecretSource>,
    /// `AMISH_SECRET`, `AMISH_SECRET_FILE`: only for the server that amish was
    /// started for.
    pub secret_of_environment: Option<SecretSource>,
    /// `--tls`: applies to a target without a scheme.
    pub tls: bool,
    /// `--cacert`, `--tls-name`, `--insecure`.
    pub trust: Trust,
    /// `--read-only`.
    pub read_only: bool,
    /// `--yes`.
    pub yes: bool,
}

impl Given {
    /// The built-in PBX. `AMISH_USER` is ignored: it names a user of another
    /// server.
    pub fn demo(&self) -> Result<Destination, SettingsError> {
        if self.tls {
            return Err(SettingsError::Exclusive("--tls", "--demo"));
        }
        let destination = Destination {
            name: "demo".to_owned(),
            built_in: true,
            user: self.user.clone(),
            secret: self.secret_of_start(),
            read_only: self.read_only,
            confirm: !self.yes,
            ..Destination::default()
        };
        self.check_tls(&destination)?;
        Ok(destination)
    }

    /// The destination that amish is started for: `word` is a profile's name or
    /// a target.
    pub fn at_start(&self, word: &str, config: &Config) -> Result<Destination, SettingsError> {
        let profile = config.profile(word);
        let mut destination = self.of(target(word, profile)?, profile.is_some(), profile)?;
        if profile.is_some() {
            destination.name = word.to_owned();
        }
        Ok(destination)
    }

    /// The destination of one PBX of several: `word` as above, and `whole` is what
    /// its profile, if it is `named`, and its groups say of it.
    pub fn of_fleet(
        &self,
        word: &str,
        named: bool,
        whole: &Profile,
    ) -> Result<Destination, SettingsError> {
        let target = target(word, Some(whole).filter(|_| named))?;
        self.of(target, named, Some(whole))
    }

    /// `profile` is what the configuration says of it; `named` if that is why
    /// there is a `target`.
    fn of(
        &self,
        target: Target,
        named: bool,
        profile: Option<&Profile>,
    ) -> Result<Destination, SettingsError> {
        let typed = target.user.clone().filter(|_| !named);
        let user = self.user.clone().or(typed);
        let user = user.or_else(|| self.user_of_environment.clone());
        let user = user.or_else(|| profile?.user.clone());
        let secret = self.secret_of_start();
        let secret = secret.or_else(|| profile?.secret_for(user.as_deref()));
        let destination = self.with(target, user, secret, profile);
        self.check_tls(&destination)?;
        Ok(destination)
    }

    /// The destination of `/connect` in a shell that was started for `start`.
    /// What was typed last counts, so a profile's user and secret precede those
    /// given at the start. The secret of the environment is used only for the
    /// server and the user of the start, and no secret given at the start for
    /// another user of that server.
    pub fn later(
        &self,
        word: &str,
        config: &Config,
        start: &Destination,
    ) -> Result<Destination, TargetError> {
        let profile = config.profile(word);
        let target = target(word, profile)?;
        let typed = match profile {
            Some(profile) => profile.user.clone(),
            None => target.user.clone(),
        };
        let user = typed.or_else(|| self.user.clone());
        let user = user.or_else(|| self.user_of_environment.clone());
        let secret = profile.and_then(|profile| profile.secret.clone());
        let mut destination = self.with(target, user, secret, profile);
        let given = match (
            destination.is_same_server(start),
            destination.is_user_of(start),
        ) {
            (true, true) => self.secret_of_start(),
            (true, false) => None,
            (false, _) => self.secret.clone(),
        };
        destination.secret = destination.secret.or(given);
        Ok(destination)
    }

    fn secret_of_start(&self) -> Option<SecretSource> {
        let secret = self.secret.clone();
        secret.or_else(|| self.secret_of_environment.clone())
    }

    fn with(
        &self,
        target: Target,
        user: Option<String>,
        secret: Option<SecretSource>,
        profile: Option<&Profile>,
    ) -> Destination {
        let tls = self.tls || profile.is_some_and(|profile| profile.tls);
        let mut trust = self.trust.clone();
        if !trust.insecure && trust.cacert.is_none() {
            trust.cacert = profile.and_then(|profile| profile.cacert.clone());
        }
        if !trust.insecure && trust.name.is_none() {
            trust.name = profile.and_then(|profile| profile.tls_name.clone());
        }
        Destination {
            name: match target.port {
                Some(port) => format!("{}:{port}", target.host),
                None => target.host.clone(),
            },
            tls: target.tls.unwrap_or(tls),
            target: Some(target),
            built_in: false,
            user,
            secret,
            trust,
            read_only: self.read_only || profile.is_some_and(|profile| profile.read_only),
            confirm: !self.yes && profile.is_none_or(|profile| !profile.unasked),
        }
    }

    fn check_tls(&self, destination: &Destination) -> Result<(), SettingsError> {
        if self.tls && !destination.tls {
            return Err(SettingsError::Contradiction);
        }
        let given = [
            (self.trust.cacert.is_some(), "--cacert"),
            (self.trust.name.is_some(), "--tls-name"),
            (self.trust.insecure, "--insecure"),
        ];
        match given.iter().find(|(is, _)| *is) {
            Some((_, option)) if !destination.tls => Err(SettingsError::WithoutTls(option)),
            _ => Ok(()),
        }
    }
}

impl Profile {
    /// The secret, unless it belongs to a user other than `user`. Servers
    /// ignore the case of user names.
    fn secret_for(&self, user: Option<&str>) -> Option<SecretSource> {
        let same = match (&self.user, user) {
            (Some(own), Some(user)) => own.eq_ignore_ascii_case(user),
            _ => true,
        };
        self.secret.clone().filter(|_| same)
    }
}

/// The target of `profile`, which `word` names, or `word` as a target.
fn target(word: &str, profile: Option<&Profile>) -> Result<Target, TargetError> {
    match profile {
        None => word.parse(),
        Some(profile) => profile.target.as_deref().unwrap_or(NEAREST).parse(),
    }
}
