//! What is known about a session, its user and its server, as shown by
//! `/whoami` and judged by `/doctor`. The server is asked; what it does not
//! tell stays unknown. Its texts are escaped when they are read.

use crate::ami::banner::{Age, is_1_4};
use crate::ami::{Action, Classes, Reply, Status};
use crate::catalog::{Listing, Name};
use crate::peer_text::{PeerText, visible};
use crate::session::Session;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// How long to wait for the answer to each query. A healthy server answers at
/// once.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The read or write rights of a user, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Exactly these classes.
    Known(Classes),
    /// Inferred from the Actions that the server lists.
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

    /// Whether `class` is granted. None: unknown.
    pub fn has(self, class: &str) -> Option<bool> {
        let holds = |classes: Classes| classes.admit(class.as_bytes());
        match self {
            Grant::Known(classes) => Some(holds(classes)),
            Grant::Shown { has, .. } if holds(has) => Some(true),
            Grant::Shown { lacks, .. } if holds(lacks) => Some(false),
            Grant::Shown { .. } => None,
        }
    }

    /// The classes that are certainly granted.
    pub fn least(self) -> Classes {
        match self {
            Grant::Known(has) | Grant::Shown { has, .. } => has,
        }
    }
}

/// The user's section of manager.conf, as currently on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section(Vec<(String, String)>);

impl Section {
    /// The option `name`; the last one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut options = self.0.iter().rev();
        options.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(&value[..]))
    }

    /// The eventfilter lines as written.
    pub fn filters(&self) -> impl Iterator<Item = String> {
        let filters = self.0.iter().filter(|(key, _)| {
            let name = key.get(..11).unwrap_or(key);
            name.eq_ignore_ascii_case("eventfilter")
        });
        filters.map(|(key, value)| format!("{key} = {value}"))
    }
}

/// What is known about a session, its user and its server.
#[derive(Debug)]
pub struct SessionFacts {
    /// None: nobody is logged in.
    pub user: Option<String>,
    /// `host:port` as connected.
    pub target: String,
    /// The server's first line.
    pub banner: String,
    /// For the built-in PBX: whether it has an Action of this name.
    pub built_in: Option<fn(&str) -> bool>,
    /// Its Asterisk version.
    pub product: Option<String>,
    /// Our address, as this machine sees it.
    pub local: Option<SocketAddr>,
    /// Addresses of this user's sessions, as the server sees them.
    pub seen: Vec<String>,
    /// Whether the link is encrypted.
    pub tls: bool,
    /// Whether there is a link.
    pub open: bool,
    /// When the link was made.
    pub since: SystemTime,
    /// The classes that the user asked for.
    pub events: Classes,
    /// The Actions that may be sent.
    pub listing: Option<Listing>,
    /// read=
    pub read: Grant,
    /// write=
    pub write: Grant,
    /// The server reported both itself.
    pub told: bool,
    /// write= as inferred from the listing: the rights of this session.
    pub shown: Grant,
    /// As far as it may be read.
    pub section: Option<Section>,
    /// A query was not answered, so the others were not sent.
    pub silent: bool,
}

impl SessionFacts {
    /// Gathers what `session` knows, and the server's answers to the queries
    /// that `ask` sends. After the first that returns None, no more are sent.
    pub fn of(session: &Session, ask: Ask<'_>) -> SessionFacts {
        let mut facts = SessionFacts {
            user: session.user(),
            target: session.target(),
            banner: PeerText::new(&session.banner()[..])
                .terminal()
                .trim()
                .to_owned(),
            built_in: session.built_in(),
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
        if let (true, Some(user)) = (facts.open, facts.user.clone()) {
            let mut asking = Asking { ask, silent: false };
            facts.ask(&user, &mut asking);
            facts.silent = asking.silent;
        }
        facts
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
        let mut spelled = user.to_owned();
        if self.lists("Command") && is_plain(user) {
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
            self.section = ask("GetConfig", &wanted).and_then(|reply| section(&reply, &spelled));
        }
        let written = self
            .section
            .as_ref()
            .and_then(|section| section.get("read"));
        if let (Grant::UNKNOWN, Some(read)) = (self.read, written) {
            self.read = Grant::Known(Classes::of_permissions(read));
        }
    }

    pub(super) fn is_1_4(&self) -> bool {
        is_1_4(self.banner.as_bytes())
    }

    /// The classes that every server with this banner has.
    pub(super) fn classes(&self) -> Classes {
        match Age::of(self.banner.as_bytes()) {
            Age::Oldest => Classes::of_mask(CLASSES_1_4),
            Age::Old => Classes::of_mask(CLASSES_1_6_0),
            Age::Newer => Classes::ALL,
        }
    }

    /// Whether the user may send `action`, as far as is known.
    pub fn lists(&self, action: &str) -> bool {
        let listing = self.listing.as_ref();
        listing.is_none_or(|listing| listing.get(action).is_some())
    }
}

/// Sends a query and waits for the answer, for at most [`PATIENCE`]; None if
/// none came.
pub type Ask<'a> = &'a mut dyn FnMut(Action) -> Option<Box<Reply>>;

/// Sends queries until one is not answered.
pub(super) struct Asking<'a> {
    pub ask: Ask<'a>,
    pub silent: bool,
}

impl Asking<'_> {
    pub fn answer(&mut self, name: &str, headers: &[(&str, &str)]) -> Option<Reply> {
        if self.silent {
            return None;
        }
        let mut action = Action::new(name).ok()?;
        for (key, value) in headers {
            action.push(key, value.as_bytes()).ok()?;
        }
        let Some(reply) = (self.ask)(action) else {
            self.silent = true;
            return None;
        };
        (reply.status() != Status::Error).then_some(*reply)
    }
}

fn text(reply: &Reply, key: &str) -> Option<String> {
    let value = visible::text(reply.get(key)?).trim().to_owned();
    Some(value).filter(|value| !value.is_empty())
}

pub(super) fn lines(reply: &Reply) -> Vec<String> {
    let lines = reply.output().unwrap_or_default().into_iter();
    lines.map(|line| visible::text(line).into_owned()).collect()
}

/// Quotes and backslashes are special to the CLI.
pub(super) fn is_plain(user: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"\"\\".contains(c);
    user.chars().all(plain)
}

/// Parses `manager show user NAME`: the name in the server's spelling, read=
/// and write=. 1.4 prints both as they stand in manager.conf.
pub(super) fn rights(reply: &Reply) -> Option<(String, Grant, Grant)> {
    let lines = lines(reply);
    let value = |wanted: &str| {
        let mut pairs = lines.iter().filter_map(|line| line.split_once(':'));
        pairs.find_map(|(key, value)| (key.trim() == wanted).then_some(value.trim()))
    };
    let classes = |listed: &str, written: &str| match value(listed) {
        Some(words) => Some(Grant::Known(listed_classes(words))),
        None => value(written).map(|words| Grant::Known(Classes::of_permissions(words))),
    };
    let name = value("username")?.to_owned();
    Some((
        name,
        classes("read perm", "read")?,
        classes("write perm", "write")?,
    ))
}

/// What a server's list of classes says. That of 1.6 ends in `all` for every
/// user, so behind other words it means something only if they are all there.
fn listed_classes(words: &str) -> Classes {
    let Some(listed) = words.strip_suffix(",all").map(Classes::of_mask) else {
        return Classes::of_mask(words);
    };
    match listed.contains(Classes::of_mask(CLASSES_1_6_0)) {
        true => Classes::ALL,
        false => listed,
    }
}

/// The classes of 1.4, and those of 1.6.0; 1.6.1 adds agi.
const CLASSES_1_4: &str = "system,call,log,verbose,command,agent,user,config";
const CLASSES_1_6_0: &str =
    "system,call,log,verbose,command,agent,user,config,dtmf,reporting,cdr,dialplan,originate";

/// Parses `manager show connected`: the addresses of the sessions of `user`.
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

/// The lines of GetConfig below `name`, without the secret. 1.4 prints the
/// whole file, whatever Category it is asked for.
fn section(reply: &Reply, name: &str) -> Option<Section> {
    let response = reply.response.as_ref()?;
    let number = response.headers().find_map(|header| {
        let key = visible::text(header.key);
        let number = key.strip_prefix("Category-")?;
        let is_it = visible::text(header.value).eq_ignore_ascii_case(name);
        is_it.then(|| number.to_owned())
    })?;
    let begin = format!("Line-{number}-");
    let options = response.headers().filter_map(|header| {
        let key = visible::text(header.key);
        let value = visible::text(header.value);
        let (option, value) = value.split_once('=')?;
        let option = option.trim().to_owned();
        let wanted = key.starts_with(&begin) && !option.eq_ignore_ascii_case("secret");
        wanted.then(|| (option, value.trim().to_owned()))
    });
    let options: Vec<_> = options.collect();
    (!options.is_empty()).then_some(Section(options))
}

/// Actions of every server, whatever modules are loaded, that need a single
/// class.
const PROOFS: &[(&str, &str)] = &[
    ("Setvar", "call"),
    ("DBPut", "system"),
    ("Command", "command"),
    ("UserEvent", "user"),
];

/// Infers rights: a listed Action that needs one class proves the class, and a
/// missing Action that every server has disproves it.
fn shown(listing: &Listing, is_1_4: bool) -> Grant {
    let single = listing.iter().filter(|one| one.privileges.len() == 1);
    let has: Vec<&str> = single
        .flat_map(|one| &one.privileges)
        .map(Name::as_str)
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
