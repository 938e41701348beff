//! Several PBXs at once: which ones the command line means, and their names.

mod error;

pub use error::FleetError;

use super::config::{ALL, Config, Profile};
use super::destination::{Destination, Given};
use super::error::SettingsError;
use crate::cli::Cli;
use crate::files;
use crate::language::Expr;
use md5::{Digest, Md5};
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// How deep groups may stand in groups.
const DEPTH: usize = 16;

/// Several PBXs.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// What they are together, as typed but without an @.
    pub name: String,
    /// In the order of the configuration or of the command line.
    pub pbxs: Vec<Pbx>,
    /// How many are connected to and logged in to at a time.
    pub parallel: usize,
    /// Show what one PBX says after the other, in their order.
    pub by_target: bool,
    /// Who is not reached is tried again until it is.
    pub insists: bool,
    share: Option<Share>,
}

/// One of so many shares, from 0.
type Share = (u64, u64);

/// One PBX of a fleet.
#[derive(Debug, Clone)]
pub struct Pbx {
    /// The name of its profile, or the target as typed, without a user.
    pub name: String,
    /// Where it is, and how to log in there.
    pub destination: Destination,
    /// Classes of events, for `-e` without any.
    pub events: Option<String>,
    /// As `--filter`, for `-e`; that comes before it.
    pub filter: Option<Expr>,
}

impl Fleet {
    /// The one PBX of `word` and `destination`.
    pub(super) fn one(word: &str, destination: &Destination, cli: &Cli) -> Fleet {
        Fleet {
            name: String::new(),
            pbxs: vec![Pbx {
                name: without_user(word).to_owned(),
                destination: destination.clone(),
                events: None,
                filter: None,
            }],
            parallel: usize::from(cli.many.parallel),
            by_target: false,
            insists: false,
            share: None,
        }
    }

    /// The PBXs of `word`, which names several (`a,b`, `@group`), or of the file
    /// of `--targets`. None: one is meant, by `word` or by nothing. `is_input`:
    /// standard input is a script.
    ///
    /// # Errors
    /// There is no such group, or a target cannot be used.
    pub(super) fn of(
        cli: &Cli,
        word: Option<&str>,
        is_input: bool,
        config: &Config,
        given: &Given,
    ) -> Result<Option<Fleet>, SettingsError> {
        let is_several = |word: &&str| word.starts_with('@') || word.contains(',');
        let is_input = is_input || cli.run.file.iter().any(|file| file.as_os_str() == "-");
        if is_input && cli.many.targets.as_deref() == Some(Path::new("-")) {
            return Err(FleetError::Input.into());
        }
        let (words, from) = match (&cli.many.targets, word.filter(is_several)) {
            (Some(path), _) => (listed(path)?, path.display().to_string()),
            (None, Some(word)) => (split(word), word.to_owned()),
            (None, None) => {
                let is_limited = cli.typed.iter().any(|option| option == "--parallel");
                let option = [
                    (is_limited, "--parallel"),
                    (cli.many.shard.is_some(), "--shard"),
                    (cli.many.group_by.is_some(), "--group-by"),
                ];
                let option = option.iter().find(|(is, _)| *is);
                let one = option.map(|(_, option)| FleetError::One(option));
                return one.map_or(Ok(None), |one| Err(one.into()));
            }
        };
        let mut found = Found {
            config,
            given,
            is_unclassed: cli.stream.events == Some(None),
            share: share(cli)?,
            names: HashMap::new(),
            pbxs: Vec::new(),
        };
        for word in &words {
            found.add(word, &Profile::default(), DEPTH)?;
        }
        if found.names.is_empty() {
            return Err(FleetError::Empty(from).into());
        }
        Ok(Some(Fleet {
            name: from.trim_start_matches('@').to_owned(),
            pbxs: found.pbxs,
            ..Fleet::empty(cli)?
        }))
    }

    /// One whose PBXs are known later.
    ///
    /// # Errors
    /// The share is none.
    pub(super) fn empty(cli: &Cli) -> Result<Fleet, FleetError> {
        Ok(Fleet {
            share: share(cli)?,
            name: String::new(),
            pbxs: Vec::new(),
            parallel: usize::from(cli.many.parallel),
            by_target: cli.many.group_by.is_some(),
            insists: cli.connection.reconnect,
        })
    }

    /// Whether the PBX of this name is in the share of this process.
    pub fn is_own(&self, name: &str) -> bool {
        is_own(self.share, name)
    }
}

/// The PBXs found so far.
struct Found<'a> {
    config: &'a Config,
    given: &'a Given,
    /// `-e` names no classes.
    is_unclassed: bool,
    share: Option<Share>,
    /// Each with its user, also of those in other shares.
    names: HashMap<String, Option<String>>,
    pbxs: Vec<Pbx>,
}

impl Found<'_> {
    /// Adds what `word` names, with what its groups have in `common`.
    fn add(&mut self, word: &str, common: &Profile, depth: usize) -> Result<(), SettingsError> {
        let Some(name) = word.strip_prefix('@') else {
            return self.add_one(word, common);
        };
        let config = self.config;
        if name == ALL {
            let mut profiles = config.profiles.iter();
            return profiles.try_for_each(|profile| self.add_one(&profile.name, common));
        }
        let Some(group) = config.group(name) else {
            return Err(FleetError::NoGroup(name.to_owned(), self.groups(name)).into());
        };
        if depth == 0 {
            return Err(FleetError::Circle(name.to_owned()).into());
        }
        let common = group.common.within(common);
        for member in &group.members {
            let is_group = config.profile(member).is_none() && config.group(member).is_some();
            match is_group {
                true => self.add(&format!("@{member}"), &common, depth - 1)?,
                false => self.add(member, &common, depth - 1)?,
            }
        }
        Ok(())
    }

    fn add_one(&mut self, word: &str, common: &Profile) -> Result<(), SettingsError> {
        let profile = self.config.profile(word);
        let name = match profile {
            Some(profile) => profile.name.clone(),
            None => without_user(word).to_owned(),
        };
        let whole = profile.cloned().unwrap_or_default().within(common);
        let destination = self.given.of_fleet(word, profile.is_some(), &whole)?;
        let user = destination.user.clone();
        let name = match self.names.get(&name) {
            // Another user there is another target.
            Some(other) if *other != user => word.to_owned(),
            _ => name,
        };
        // Named twice, as a member of two groups, it is one PBX all the same.
        if self.names.insert(name.clone(), user).is_none() && self.is_own(&name) {
            self.pbxs.push(Pbx {
                name,
                destination,
                events: whole.events.filter(|_| self.is_unclassed),
                filter: whole.filter,
            });
        }
        Ok(())
    }

    fn is_own(&self, name: &str) -> bool {
        is_own(self.share, name)
    }

    /// What there is instead of `name`.
    fn groups(&self, name: &str) -> String {
        let groups = self.config.groups.iter().map(|group| &group.name[..]);
        let names: Vec<String> = groups.chain([ALL]).map(|name| format!("@{name}")).collect();
        let names = names.join(", ");
        match name.contains(['.', ':']) {
            true => format!("there are {names}; of a target the user stands before @"),
            false => format!("there are {names}"),
        }
    }
}

fn without_user(word: &str) -> &str {
    word.rsplit_once('@').map_or(word, |(_, place)| place)
}

fn split(word: &str) -> Vec<String> {
    let words = word.split(',').map(str::trim).filter(|one| !one.is_empty());
    words.map(str::to_owned).collect()
}

/// The targets in a file, one a line; `#` begins a comment.
fn listed(path: &Path) -> Result<Vec<String>, FleetError> {
    let wrong = |why: String| FleetError::File(path.display().to_string(), why);
    let text = match path.as_os_str() == "-" {
        true => files::read_to_end(io::stdin(), files::SCRIPT),
        false => {
            let file = files::open_argument(path).map_err(|why| wrong(why.to_string()))?;
            files::read_to_end(file, files::SCRIPT)
        }
    };
    let text = text.map_err(|why| wrong(why.to_string()))?;
    let text = String::from_utf8(text).map_err(|_| wrong("it is not UTF-8 text".to_owned()))?;
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    Ok(lines.flat_map(split).collect())
}

fn share(cli: &Cli) -> Result<Option<Share>, FleetError> {
    cli.many.shard.as_deref().map(shard).transpose()
}

fn is_own(share: Option<Share>, name: &str) -> bool {
    share.is_none_or(|(own, all)| number(name) % all == own)
}

/// `2/5` as the second of five, counted from 0.
fn shard(text: &str) -> Result<Share, FleetError> {
    let wrong = || FleetError::Shard(text.to_owned());
    let (own, all) = text.split_once('/').ok_or_else(wrong)?;
    let (own, all): (u64, u64) = match (own.parse(), all.parse()) {
        (Ok(own), Ok(all)) => (own, all),
        _ => return Err(wrong()),
    };
    match (1..=all).contains(&own) {
        true => Ok((own - 1, all)),
        false => Err(wrong()),
    }
}

/// The same number for a name on every machine and in every version, or two
/// processes would take the same PBX, and none another.
fn number(name: &str) -> u64 {
    let digest = Md5::digest(name.as_bytes());
    let first = digest.iter().take(8);
    first.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each PBX belongs to one process, on whatever machine and in whatever order it
    // is listed.
    #[test]
    fn every_pbx_is_in_one_share() {
        let names: Vec<String> = (0..1000).map(|i| format!("pbx{i}")).collect();
        let mut counts = [0; 5];
        for name in &names {
            counts[usize::try_from(number(name) % 5).unwrap()] += 1;
        }
        assert!(
            counts.iter().all(|count| (150..250).contains(count)),
            "{counts:?}"
        );
        // Of the first release: another number would move PBXs between processes.
        assert_eq!(number("office") % 5, 4);
        assert_eq!(shard("2/5").unwrap(), (1, 5));
        for wrong in ["", "0/5", "6/5", "2", "a/b", "-1/5", "1/0"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
