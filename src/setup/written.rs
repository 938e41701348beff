//! The files of the profile.

use super::plan::Plan;
use super::talk::Talk;
use crate::error::Error;
use crate::files::{self, FileError, write_together};
use crate::init::{New, ProfileName, put, said_of};
use crate::settings::{Config, ConfigError, Settings, Setup};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The largest configuration file, in bytes.
const SIZE: u64 = 1024 * 1024;

/// Nobody else reads a secret; the others may stay as they are.
const SECRET: u32 = 0o600;
const OTHER: u32 = 0o755;

/// Where the parts of a profile go.
struct Places {
    config: PathBuf,
    secret: PathBuf,
    certificate: PathBuf,
}

impl Places {
    fn of(settings: &Settings, name: &ProfileName) -> Result<Places, Error> {
        let config = settings.config_place.clone().ok_or_else(|| {
            let words = "there is no home to write a profile to: AMISH_CONFIG names a file";
            Error::Syntax(words.to_owned())
        })?;
        let beside = |ending: &str| config.with_file_name(format!("{name}.{ending}"));
        Ok(Places {
            secret: beside("secret"),
            certificate: beside("pem"),
            config,
        })
    }
}

/// The section of the configuration file, and the certificate to keep.
fn text(plan: &Plan) -> (String, Option<String>) {
    let name = &plan.name;
    let destination = plan.destination();
    let kept = plan.kept().map(|kept| kept.pem());
    let given = destination.trust.cacert.as_deref();
    let cacert = match (&kept, given) {
        (Some(_), _) => Some(format!("{name}.pem")),
        // A name is one of the directory of the configuration there.
        (None, Some(path)) => {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            Some(whole.display().to_string())
        }
        (None, None) => None,
    };
    let target = destination.target.as_ref().map(|target| {
        let host = &target.host;
        match target.port {
            Some(port) if host.contains(':') => format!("[{host}]:{port}"),
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        }
    });
    let new = New {
        name,
        target: &target.unwrap_or_default(),
        user: plan.user.as_str(),
        secret_file: &format!("{name}.secret"),
        tls: destination.tls,
        cacert: cacert.as_deref(),
        tls_name: destination.trust.name.as_deref(),
        rights: plan.rights,
    };
    (new.text(), kept)
}

/// Shows what would be written.
pub fn shown(talk: &Talk, settings: &Settings, plan: &Plan) -> Result<(), Error> {
    let places = Places::of(settings, &plan.name)?;
    let (section, _) = text(plan);
    talk.heading(&format!("Would be written to {}:", places.config.display()))?;
    talk.lines(section.lines())?;
    let secret = places.secret.display();
    talk.heading(&format!(
        "Would be written to {secret}, for its owner only:"
    ))?;
    talk.line("***")
}

/// Refuses a place in which nothing can be written, before anything is asked.
pub fn is_possible(settings: &Settings) -> Result<(), Error> {
    match &settings.config_place {
        Some(config) => files::is_guarded(config).map_err(|why| wrong(config, why)),
        None => Ok(()),
    }
}

fn wrong(path: &Path, why: FileError) -> Error {
    Error::File {
        path: path.to_owned(),
        why: why.into(),
    }
}

/// What is there.
struct Present {
    config: String,
    secret: Option<Vec<u8>>,
    certificate: Option<Vec<u8>>,
}

impl Present {
    fn at(places: &Places) -> Result<Present, Error> {
        let config = match files::open_trusted(&places.config) {
            Ok(file) => files::read_to_end(file, SIZE).map_err(|why| wrong(&places.config, why))?,
            Err(FileError::System(why)) if why.kind() == ErrorKind::NotFound => Vec::new(),
            Err(why) => return Err(wrong(&places.config, why)),
        };
        let config =
            String::from_utf8(config).map_err(|_| ConfigError::NotText(places.config.clone()))?;
        // Whatever it is, it is something that is there.
        let bytes = |path: &Path| {
            let is_there = path.symlink_metadata().is_ok();
            is_there.then(|| files::read(path, SIZE).unwrap_or_default())
        };
        Ok(Present {
            secret: bytes(&places.secret),
            certificate: bytes(&places.certificate),
            config,
        })
    }

    /// Whether what a profile `name` would replace is as it was `before`.
    fn is_as(&self, before: &Present, name: &ProfileName) -> bool {
        said_of(&self.config, name) == said_of(&before.config, name)
            && self.secret == before.secret
            && self.certificate == before.certificate
    }
}

/// Writes all of it, or nothing.
pub fn write(talk: &Talk, settings: &Settings, setup: &Setup, plan: &Plan) -> Result<(), Error> {
    let places = Places::of(settings, &plan.name)?;
    let before = Present::at(&places)?;
    let (section, kept) = text(plan);
    talk.heading(&format!("The profile, for {}:", places.config.display()))?;
    talk.lines(section.lines())?;
    talk.line("")?;
    replacing(talk, setup, plan, &places, &before)?;
    let is_new = put_in_place(setup, plan, &places, &before)?;
    let others = match kept {
        Some(_) => format!(", its certificate to {}", places.certificate.display()),
        None => String::new(),
    };
    let words = format!(
        "Written, and its secret to {}{others}.",
        places.secret.display()
    );
    talk.say("", &words)?;
    if let (true, Some(other)) = (is_new, &settings.config.path)
        && *other != places.config
    {
        let words = format!(
            "From now on this file counts for you, and {} no more: copy what you need of it.",
            other.display()
        );
        talk.say("", &words)?;
    }
    Ok(())
}

/// Changes what is there now, not what was there when it was asked: others may
/// have written meanwhile, and what they wrote stays. True: the file is new.
fn put_in_place(
    setup: &Setup,
    plan: &Plan,
    places: &Places,
    before: &Present,
) -> Result<bool, Error> {
    let (section, kept) = text(plan);
    let _held = files::hold(&places.config).map_err(|why| wrong(&places.config, why))?;
    let now = Present::at(places)?;
    let name = &plan.name;
    if !setup.unasked && !now.is_as(before, name) {
        return Err(Error::Syntax(format!(
            "the profile {name} was changed by another meanwhile: nothing was written; begin again to see it"
        )));
    }
    Config::parse(&now.config, &places.config)?;
    let after = put(&now.config, name, &section).map_err(|why| Error::Syntax(why.to_string()))?;
    // Whatever amish could not read would keep it from starting.
    Config::parse(&after, &places.config)?;
    let secret = format!("{}\n", plan.secret);
    let mut all: Vec<files::Whole<'_>> = vec![(&places.secret, secret.as_bytes(), SECRET)];
    if let Some(pem) = &kept {
        all.push((&places.certificate, pem.as_bytes(), OTHER));
    }
    // Last: what it names is there.
    all.push((&places.config, after.as_bytes(), OTHER));
    write_together(&all).map_err(|(path, why)| wrong(&path, why))?;
    Ok(now.config.is_empty())
}

/// Whether what is there may be replaced.
fn replacing(
    talk: &Talk,
    setup: &Setup,
    plan: &Plan,
    places: &Places,
    before: &Present,
) -> Result<(), Error> {
    let is_profile = said_of(&before.config, &plan.name).is_some();
    let is_file = before.secret.is_some() || before.certificate.is_some();
    let what = match (is_profile, is_file) {
        (false, false) if !talk.asks => return Ok(()),
        (false, false) => {
            return match talk.is_yes("Write it?", true)? {
                true => Ok(()),
                false => Err(declined()),
            };
        }
        (true, _) => format!("there is a profile {} already", plan.name),
        (false, true) => format!("there is a file {} already", places.secret.display()),
    };
    if !talk.asks {
        return match setup.unasked {
            true => Ok(()),
            false => Err(Error::Syntax(format!(
                "{what}: --yes replaces it, --name gives another name"
            ))),
        };
    }
    talk.say("", &format!("Careful: {what}. All of it is replaced."))?;
    match talk.is_yes("Replace it?", false)? {
        true => Ok(()),
        false => Err(declined()),
    }
}

fn declined() -> Error {
    Error::Syntax("nothing was written".to_owned())
}
