//! What is known of a manager interface, from whatever source.

use super::acl::Acl;
use super::version::Version;
use crate::ami::{Classes, Packet};
use crate::asterisk_conf::{Category, Configuration, Place, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many users are looked at. A hostile server may list a million.
const USERS: usize = 1_000;

/// Everything that the findings are made of.
#[derive(Debug, Default)]
pub struct Facts {
    /// What was read, for people. None: manager.conf is not known.
    pub basis: Option<String>,
    /// `[general]`.
    pub general: Options,
    /// Who may log in.
    pub users: Vec<User>,
    /// The version of Asterisk.
    pub version: Option<Version>,
    /// The permissions of the files that were read.
    pub modes: BTreeMap<PathBuf, u32>,
    /// `live_dangerously` of asterisk.conf.
    pub dangerously: Option<bool>,
    /// Whether Asterisk's HTTP server runs.
    pub http: Option<bool>,
    /// The session over which this was asked.
    pub session: Option<Own>,
    /// What could not be found out, and why.
    pub unchecked: Vec<String>,
    /// Whether a part of manager.conf is among that.
    pub is_partial: bool,
}

/// The session over which the server was asked.
#[derive(Debug)]
pub struct Own {
    /// Its user.
    pub user: String,
    /// Whether nobody in between can read it.
    pub is_private: bool,
    /// The events that it has seen lately.
    pub seen: Seen,
}

impl Own {
    /// The session of `user`.
    pub fn of(user: String, is_private: bool, seen: Seen) -> Own {
        Own {
            user,
            is_private,
            seen,
        }
    }
}

/// What the events of a session were, for `read = all`.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// How many.
    pub events: usize,
    /// Of which classes.
    pub classes: Classes,
}

impl Seen {
    /// Of these events.
    pub fn of<'a>(events: impl Iterator<Item = &'a Packet>) -> Seen {
        let mut seen = Seen {
            events: 0,
            classes: Classes::NONE,
        };
        for event in events {
            let privilege = event.get("Privilege").unwrap_or_default();
            let place = Classes::first_of(privilege);
            if let Some(name) = place.and_then(|at| Classes::names().nth(at)) {
                seen.events += 1;
                seen.classes = seen.classes.union(Classes::of_mask(name));
            }
        }
        seen
    }
}

/// Lines of a section.
#[derive(Debug, Clone, Default)]
pub struct Options(Vec<Value>);

impl Options {
    /// Of these lines.
    pub fn of(values: Vec<Value>) -> Options {
        Options(values)
    }

    /// The line of the option `name`; the last one counts.
    pub fn line(&self, name: &str) -> Option<&Value> {
        let mut values = self.0.iter().rev();
        values.find(|one| one.key.eq_ignore_ascii_case(name))
    }

    /// Its value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.line(name).map(|one| &*one.value)
    }

    /// Where it stands.
    pub fn place(&self, name: &str) -> Option<Place> {
        self.line(name)?.place.clone()
    }

    /// A boolean, as Asterisk reads it.
    pub fn is(&self, name: &str) -> Option<bool> {
        self.get(name).map(is_true)
    }

    /// A number, where there is one.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }
}

/// Who may log in.
#[derive(Debug)]
pub struct User {
    /// As written.
    pub name: String,
    /// Where the section begins.
    pub place: Option<Place>,
    /// Its lines.
    pub options: Options,
    /// From where.
    pub acl: Acl,
    /// Whether the secret is among the lines if there is one. The CLI tells
    /// none.
    pub tells_secret: bool,
}

impl User {
    /// What may be sent.
    pub fn write(&self) -> Classes {
        self.classes("write")
    }

    /// What may be seen.
    pub fn read(&self) -> Classes {
        self.classes("read")
    }

    fn classes(&self, option: &str) -> Classes {
        let words = self.options.get(option).unwrap_or_default();
        Classes::of_conf(words)
    }

    /// Whether anybody can be logged in by this name.
    pub fn may_log_in(&self) -> bool {
        !self.tells_secret || self.options.get("secret").is_some()
    }
}

impl Facts {
    /// Takes manager.conf as it was read: `[general]`, and a user for each
    /// other section. Of sections with one name the later ones add to the first
    /// and put their own ACL in the place of its, as in Asterisk.
    pub fn take(&mut self, categories: &[Category], basis: String) {
        self.basis = Some(basis);
        let mut is_first = true;
        for category in categories.iter().filter(|one| !one.is_template) {
            if category.name.eq_ignore_ascii_case("general") {
                if is_first {
                    self.general = Options(category.values.clone());
                }
                is_first = false;
                continue;
            }
            let is_it = |one: &User| one.name.eq_ignore_ascii_case(&category.name);
            if let Some(user) = self.users.iter_mut().find(|one| is_it(one)) {
                user.options.0.extend(category.values.iter().cloned());
                user.acl = Acl::of(&category.values);
            } else if self.users.len() < USERS {
                self.users.push(User {
                    name: category.name.clone(),
                    place: category.place.clone(),
                    options: Options(category.values.clone()),
                    acl: Acl::of(&category.values),
                    tells_secret: true,
                });
            } else {
                let words = format!("sections after the first {USERS}");
                self.unchecked.push(words);
                self.is_partial = true;
                return;
            }
        }
    }

    /// Takes manager.conf of this machine, with what was not read of it.
    pub fn take_file(&mut self, conf: Configuration, basis: String) {
        self.take(&conf.categories, basis);
        self.take_modes(&conf);
        self.is_partial |=
            !(conf.unread.is_empty() && conf.cut.is_empty() && conf.programs.is_empty());
        for path in &conf.unread {
            let words = format!("{}: only root and Asterisk may read it", path.display());
            self.unchecked.push(words);
        }
        for path in &conf.cut {
            let words = format!(
                "{}: all but its beginning, for it is too long",
                path.display()
            );
            self.unchecked.push(words);
        }
        for place in &conf.programs {
            let file = place.file.display();
            let words = format!(
                "{file}:{}: what #exec prints there; it was not run",
                place.line
            );
            self.unchecked.push(words);
        }
    }

    /// Takes the permissions of its files.
    pub fn take_modes(&mut self, conf: &Configuration) {
        self.modes.clone_from(&conf.read);
    }

    /// Takes users.conf, whose users with hasmanager Asterisk up to 20 lets in,
    /// too. None: it is there and cannot be read.
    pub fn take_users_conf(&mut self, categories: Option<&[Category]>) {
        let has = |one: &Category| {
            let options = Options(one.values.clone());
            options.is("hasmanager") == Some(true)
        };
        if categories.is_none_or(|all| all.iter().any(has)) {
            let words =
                "users.conf, whose users with hasmanager = yes Asterisk up to 20 lets in as well";
            self.unchecked.push(words.to_owned());
            self.is_partial = true;
        }
    }

    /// Takes `live_dangerously` from asterisk.conf.
    pub fn take_asterisk_conf(&mut self, categories: &[Category]) {
        let mut options = categories
            .iter()
            .filter(|one| one.name.eq_ignore_ascii_case("options"));
        let options = options.next().map(|one| Options(one.values.clone()));
        let set = options.and_then(|options| options.is("live_dangerously"));
        // Since Asterisk 12 it is off if it is not there.
        self.dangerously = Some(set.unwrap_or(false));
    }
}

/// A boolean as Asterisk parses it.
fn is_true(value: &str) -> bool {
    let words = ["yes", "true", "y", "t", "1", "on"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}
