//! Where to, as whom, and what holds the secret: options, environment and
//! profiles brought into their order.

use super::{Config, Profile, SecretSource, SettingsError, Target, TargetError, Trust};

/// A server and how to be there.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    /// None: the built-in PBX.
    pub target: Option<Target>,
    /// None: the person is asked.
    pub user: Option<String>,
    /// None: the person is asked.
    pub secret: Option<SecretSource>,
    /// With TLS.
    pub tls: bool,
    /// Where there is TLS.
    pub trust: Trust,
    /// Send only what changes nothing.
    pub read_only: bool,
    /// Ask before what takes much away at once.
    pub confirm: bool,
}

/// What was given for the whole run, apart from the target and its profile.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// `-u`.
    pub user: Option<String>,
    /// `AMISH_USER`.
    pub user_of_environment: Option<String>,
    /// By option, else by environment.
    pub secret: Option<SecretSource>,
    /// `--tls`: a target that does not say has TLS.
    pub tls: bool,
    /// `--cacert`, `--tls-name`, `--insecure`.
    pub trust: Trust,
    /// `--read-only`.
    pub read_only: bool,
    /// `--yes`.
    pub yes: bool,
}

impl Given {
    /// The built-in PBX. The environment speaks of another.
    pub fn demo(&self) -> Result<Destination, SettingsError> {
        if self.tls {
            return Err(SettingsError::Exclusive("--tls", "--demo"));
        }
        let destination = Destination {
            user: self.user.clone(),
            secret: self.secret.clone(),
            read_only: self.read_only,
            confirm: !self.yes,
            ..Destination::default()
        };
        self.check_tls(&destination)?;
        Ok(destination)
    }

    /// What amish was started for: `word` is a profile's name or a target.
    pub fn at_start(&self, word: &str, config: &Config) -> Result<Destination, SettingsError> {
        let profile = config.profile(word);
        let target = target(word, profile)?;
        let typed = target.user.clone().filter(|_| profile.is_none());
        let user = self.user.clone().or(typed);
        let user = user.or_else(|| self.user_of_environment.clone());
        let user = user.or_else(|| profile?.user.clone());
        let secret = self.secret.clone();
        let secret = secret.or_else(|| profile?.secret_for(user.as_deref()));
        let destination = self.with(target, user, secret, profile);
        self.check_tls(&destination)?;
        Ok(destination)
    }

    /// Where `/connect` leads: what was typed last is what is meant, so the
    /// user and the secret of a profile come before those of the start.
    pub fn later(&self, word: &str, config: &Config) -> Result<Destination, TargetError> {
        let profile = config.profile(word);
        let target = target(word, profile)?;
        let typed = match profile {
            Some(profile) => profile.user.clone(),
            None => target.user.clone(),
        };
        let user = typed.or_else(|| self.user.clone());
        let user = user.or_else(|| self.user_of_environment.clone());
        let secret = profile.and_then(|profile| profile.secret.clone());
        let secret = secret.or_else(|| self.secret.clone());
        Ok(self.with(target, user, secret, profile))
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
        Destination {
            tls: target.tls.unwrap_or(tls),
            target: Some(target),
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
    /// Its secret is for its own user, where it names one. The server does not
    /// tell users apart by case.
    fn secret_for(&self, user: Option<&str>) -> Option<SecretSource> {
        let same = match (&self.user, user) {
            (Some(own), Some(user)) => own.eq_ignore_ascii_case(user),
            _ => true,
        };
        self.secret.clone().filter(|_| same)
    }
}

/// The target of `profile`, which `word` names, or the one that `word` is.
fn target(word: &str, profile: Option<&Profile>) -> Result<Target, TargetError> {
    match profile {
        None => word.parse(),
        Some(profile) => profile.target.as_deref().unwrap_or(super::NEAREST).parse(),
    }
}
