//! `amish doctor security`: the manager.conf of this machine, or another one,
//! without a server.

use crate::asterisk_conf::{self, FOLDER};
use crate::diagnosis::security::{self, Facts};
use crate::error::Error;
use crate::exit_code::Code;
use crate::files;
use crate::given::unreadable;
use crate::settings::Settings;
use crate::streams::{print, printer};
use std::path::{Path, PathBuf};

/// Judges the file at `path`, by default that of the Asterisk on this machine.
///
/// # Errors
/// It cannot be read, is no configuration, or the output failed.
pub fn run(settings: &Settings, path: Option<&Path>) -> Result<Code, Error> {
    let folder = Path::new(FOLDER);
    let path = path.map_or_else(|| folder.join("manager.conf"), Path::to_owned);
    let audit = security::examine(facts(&path)?);
    let mut printer = printer(settings, String::new())?;
    let blocks = security::blocks(&audit, printer.form, &printer.drawn_look());
    printer.meet_columns(&blocks);
    let mut text = Vec::new();
    printer.screen(&mut text, &blocks);
    let code = match (audit.is_wrong(), audit.grade()) {
        (true, _) => Code::Error,
        (false, None) => Code::Unmet,
        (false, Some(_)) => Code::Ok,
    };
    print(&text).map(|printed| printed.with(code))
}

fn facts(path: &Path) -> Result<Facts, Error> {
    // What is no file is named as such.
    files::open(path).map_err(|why| unreadable(path, why.into()))?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    let conf = asterisk_conf::read(folder, &name.to_string_lossy()).map_err(|unusable| {
        let place = unusable.place.filter(|place| place.line > 0);
        let at = place.map_or_else(
            || path.display().to_string(),
            |place| format!("{}:{}", place.file.display(), place.line),
        );
        let words = format!(
            "{at}: Asterisk does not take a configuration with this: a line that is none, or an #include of what is not there"
        );
        Error::Syntax(words)
    })?;
    let mut facts = Facts::default();
    facts.take_file(conf, path.display().to_string());
    if folder.join("users.conf").exists() {
        let conf = asterisk_conf::read(folder, "users.conf").ok();
        let conf = conf.filter(|conf| conf.unread.is_empty() && conf.programs.is_empty());
        facts.take_users_conf(conf.as_ref().map(|conf| &*conf.categories));
    }
    // In the directory of a copy another asterisk.conf may be, or none.
    if folder == Path::new(FOLDER)
        && let Ok(conf) = asterisk_conf::read(folder, "asterisk.conf")
    {
        facts.take_asterisk_conf(&conf.categories);
    }
    Ok(facts)
}
