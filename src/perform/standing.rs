//! How the user stands with the server: what `/whoami` shows and `/doctor`
//! judges. The server is asked what it will tell; the rest stays unknown.

use super::denied::is_1_4;
use super::{Ending, exchange};
use crate::ami::{Action, Reply, Status};
use crate::catalog::Listing;
use crate::session::{Arrived, Classes, Session};
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// These questions are answered at once, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(5);

/// One side of a user's rights, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// All of it, and nothing else.
    Known(Classes),
    /// Shown by what the server lists and what it does not.
    Shown {
        /// At least these.
        has: Classes,
        /// None of these.
        lacks: Classes,
    },
}

impl Grant {
    /// Nothing is known.
    pub const UNKNOWN: Grant = Grant::Shown {
        has: Classes::NONE,
        lacks: Classes::NONE,
    };

    /// Is `class` granted? None: not known.
    pub fn has(self, class: &str) -> Option<bool> {
        let holds = |classes: Classes| classes.admit(class.as_bytes());
        match self {
            Grant::Known(classes) => Some(holds(classes)),
            Grant::Shown { has, .. } if holds(has) => Some(true),
            Grant::Shown { lacks, .. } if holds(lacks) => Some(false),
            Grant::Shown { .. } => None,
        }
    }

    /// What is surely granted.
    pub fn least(self) -> Classes {
        match self {
            Grant::Known(has) | Grant::Shown { has, .. } => has,
        }
    }
}

/// The user's section of manager.conf, as it is on disk now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section(Vec<(String, String)>);

impl Section {
    /// The option `name`: the last one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut options = self.0.iter().rev();
        options.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(&value[..]))
    }

    /// The filters, as they stand there.
    pub fn filters(&self) -> impl Iterator<Item = String> {
        let filters = self.0.iter().filter(|(key, _)| {
            let name = key.get(..11).unwrap_or(key);
            name.eq_ignore_ascii_case("eventfilter")
        });
        filters.map(|(key, value)| format!("{key} = {value}"))
    }
}

/// What is known of the session, its user and the server.
#[derive(Debug)]
pub struct Standing {
    /// None: nobody is logged in.
    pub user: Option<String>,
    /// `host:port` as connected.
    pub target: String,
    /// The server's first line.
    pub banner: String,
    /// Its Asterisk version.
    pub product: Option<String>,
    /// The address of our end, as this machine sees it.
    pub local: Option<SocketAddr>,
    /// Addresses from which sessions of this user come, as the server sees them.
    pub seen: Vec<String>,
    /// Is the link encrypted?
    pub tls: bool,
    /// Is there a link?
    pub open: bool,
    /// Since when.
    pub since: SystemTime,
    /// What the user asked to see.
    pub events: Classes,
    /// What may be sent.
    pub listing: Option<Listing>,
    /// read=
    pub read: Grant,
    /// write=
    pub write: Grant,
    /// The server itself told both, not what it lists.
    pub told: bool,
    /// write=, as what is listed shows it: the rights of this session.
    pub shown: Grant,
    /// As far as it may be read.
    pub section: Option<Section>,
    /// A question was not answered, so the others were not asked.
    pub silent: bool,
}

impl Standing {
    /// Asks the server of `session`. What arrives meanwhile goes to `aside`.
    pub fn of(session: &Session, aside: &mut dyn FnMut(Arrived)) -> Standing {
        let mut standing = Standing {
            user: session.user(),
            target: session.target(),
            banner: String::from_utf8_lossy(&session.banner()).trim().to_owned(),
            product: None,
            local: session.local(),
            seen: Vec::new(),
            tls: session.is_encrypted(),
            open: session.is_open(),
            since: session.since(),
            events: session.events(),
            listing: None,
            read: Grant::UNKNOWN,
            write: Grant::UNKNOWN,
            told: false,
            shown: Grant::UNKNOWN,
            section: None,
            silent: false,
        };
        if let (true, Some(user)) = (standing.open, standing.user.clone()) {
            let mut asking = Asking {
                session,
                aside,
                silent: false,
            };
            standing.ask(&user, &mut asking);
            standing.silent = asking.silent;
        }
        standing
    }

    fn ask(&mut self, user: &str, asking: &mut Asking<'_>) {
        let mut ask = |name: &str, headers: &[(&str, &str)]| asking.answer(name, headers);
        let listing = ask("ListCommands", &[]).map(|reply| Listing::of(&reply));
        self.listing = listing.filter(|listing| !listing.is_empty());
        if let Some(listing) = &self.listing {
            self.shown = shown(listing, self.is_1_4());
            self.write = self.shown;
        }
        if self.lists("CoreSettings") {
            let settings = ask("CoreSettings", &[]);
            let version = settings.and_then(|reply| text(&reply, "AsteriskVersion"));
            self.product = version.map(|version| format!("Asterisk {version}"));
        }
        // Quotes and backslashes mean something to the CLI.
        let plain = |c: char| c.is_ascii_graphic() && !"\"\\".contains(c);
        let mut spelled = user.to_owned();
        if self.lists("Command") && user.chars().all(plain) {
            let mut cli = |text: &str| ask("Command", &[("Command", text)]);
            if let Some(told) = cli(&format!("manager show user {user}")).and_then(|r| rights(&r)) {
                (spelled, self.read, self.write) = told;
                self.told = true;
            }
            let connected = cli("manager show connected");
            self.seen = connected.map_or_else(Vec::new, |reply| seen(&reply, user));
        }
        if self.lists("GetConfig") {
            let wanted = [("Filename", "manager.conf"), ("Category", &spelled[..])];
            self.section = ask("GetConfig", &wanted).and_then(|reply| section(&reply));
        }
        let written = self
            .section
            .as_ref()
            .and_then(|section| section.get("read"));
        if let (Grant::UNKNOWN, Some(read)) = (self.read, written) {
            self.read = Grant::Known(Classes::of_mask(&read.replace(' ', "")));
        }
    }

    fn is_1_4(&self) -> bool {
        is_1_4(self.banner.as_bytes())
    }

    /// May the user send `action`, as far as is known?
    pub fn lists(&self, action: &str) -> bool {
        let listing = self.listing.as_ref();
        listing.is_none_or(|listing| listing.get(action).is_some())
    }
}

/// Asks until there is no answer.
struct Asking<'a> {
    session: &'a Session,
    aside: &'a mut dyn FnMut(Arrived),
    silent: bool,
}

impl Asking<'_> {
    fn answer(&mut self, name: &str, headers: &[(&str, &str)]) -> Option<Reply> {
        if self.silent {
            return None;
        }
        let mut action = Action::new(name).ok()?;
        for (key, value) in headers {
            action.push(key, value.as_bytes()).ok()?;
        }
        let patience = PATIENCE.min(self.session.patience());
        let (_, ending, _) = exchange(self.session, action, patience, self.aside).ok()?;
        match ending {
            Ending::Reply(reply) => (reply.status() != Status::Error).then_some(*reply),
            _ => {
                self.silent = true;
                None
            }
        }
    }
}

fn text(reply: &Reply, key: &str) -> Option<String> {
    let value = String::from_utf8_lossy(reply.get(key)?).trim().to_owned();
    Some(value).filter(|value| !value.is_empty())
}

fn lines(reply: &Reply) -> Vec<String> {
    let lines = reply.output().unwrap_or_default().into_iter();
    lines
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect()
}

/// The user's name in the server's spelling, read= and write=, of `manager
/// show user NAME`.
fn rights(reply: &Reply) -> Option<(String, Grant, Grant)> {
    let lines = lines(reply);
    let value = |wanted: &str| {
        let mut pairs = lines.iter().filter_map(|line| line.split_once(':'));
        pairs.find_map(|(key, value)| (key.trim() == wanted).then_some(value.trim()))
    };
    let classes = |key| value(key).map(|words| Grant::Known(Classes::of_mask(words)));
    let name = value("username")?.to_owned();
    Some((name, classes("read perm")?, classes("write perm")?))
}

/// Where sessions of `user` come from, of `manager show connected`.
fn seen(reply: &Reply, user: &str) -> Vec<String> {
    let mut seen: Vec<String> = lines(reply)
        .iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let address = words.next()?;
            let is_ours = name.eq_ignore_ascii_case(user);
            is_ours.then(|| address.to_owned())
        })
        .collect();
    seen.sort();
    seen.dedup();
    seen
}

/// The lines of GetConfig, without the secret.
fn section(reply: &Reply) -> Option<Section> {
    let response = reply.response.as_ref()?;
    let options = response.headers().filter_map(|header| {
        let key = String::from_utf8_lossy(header.key);
        let value = String::from_utf8_lossy(header.value);
        let (option, value) = value.split_once('=')?;
        let option = option.trim().to_owned();
        let wanted = key.starts_with("Line-") && !option.eq_ignore_ascii_case("secret");
        wanted.then(|| (option, value.trim().to_owned()))
    });
    let options: Vec<_> = options.collect();
    (!options.is_empty()).then_some(Section(options))
}

/// What is in every server, whatever modules it has, and needs one class.
const PROOFS: &[(&str, &str)] = &[
    ("Setvar", "call"),
    ("DBPut", "system"),
    ("Command", "command"),
    ("UserEvent", "user"),
];

/// Who may send an Action that needs one class has it, and who may not send
/// one that every server has lacks it.
fn shown(listing: &Listing, is_1_4: bool) -> Grant {
    let single = listing.iter().filter(|one| one.privileges.len() == 1);
    let has: Vec<&str> = single
        .flat_map(|one| &one.privileges)
        .map(String::as_str)
        .collect();
    let originate = (!is_1_4).then_some(("Originate", "originate"));
    let proofs = PROOFS.iter().copied().chain(originate);
    let missing = proofs.filter(|(action, _)| listing.get(action).is_none());
    let lacks: Vec<&str> = missing.map(|(_, class)| class).collect();
    Grant::Shown {
        has: Classes::of_mask(&has.join(",")),
        lacks: Classes::of_mask(&lacks.join(",")),
    }
}

#[cfg(test)]
pub(super) mod tests;
