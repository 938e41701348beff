//! `[group.NAME]`: several servers under one name, and what they have in common.

use super::reading::{ConfigError, Reading};
use super::{Config, Profile};
use std::ops::Range;
use toml::de::DeTable;

/// The name of the group of all profiles.
pub const ALL: &str = "all";

/// The keys of a group.
const KEYS: [&str; 13] = [
    "cacert",
    "color",
    "confirm",
    "events",
    "filter",
    "members",
    "read_only",
    "secret",
    "secret_command",
    "secret_file",
    "tls",
    "tls_name",
    "user",
];

/// Several servers under one name.
#[derive(Debug, Clone)]
pub struct Group {
    /// The name after the dot of `[group.NAME]`.
    pub name: String,
    /// Profiles, targets and other groups, as written.
    pub members: Vec<String>,
    /// What its members inherit where they do not say otherwise themselves.
    pub common: Profile,
}

impl Reading<'_> {
    /// `place` is where its name stands.
    pub(super) fn group(
        &self,
        name: &str,
        place: Range<usize>,
        table: &DeTable<'_>,
    ) -> Result<Group, ConfigError> {
        if name == ALL {
            let what = "@all is all profiles: give this group another name";
            return Err(self.wrong(place, what));
        }
        let (mut members, mut common) = (Vec::new(), DeTable::new());
        for (key, value) in table {
            match &**key.get_ref() {
                "members" => members = self.strings(value)?,
                "target" | "init" => {
                    let what = "a group has no target and no init: they belong to [profile.NAME]";
                    return Err(self.wrong(key.span(), what));
                }
                _ => {
                    common.insert(key.clone(), value.clone());
                }
            }
        }
        let common = self.profile(name, &common, &KEYS)?;
        if members.is_empty() {
            let what = format!("group {name} needs members = [\"…\", \"…\"]");
            return Err(self.wrong(place, &what));
        }
        Ok(Group {
            name: name.to_owned(),
            members,
            common,
        })
    }
}

impl Config {
    /// The group of this name, case-sensitive.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }
}

impl Profile {
    /// This profile, with what it does not say itself from `common`.
    pub(in crate::settings) fn within(&self, common: &Profile) -> Profile {
        let own = self.clone();
        // A secret belongs to its user: the secret of the group's user is not
        // that of another.
        let same = |user: &String| {
            let of_group = common.user.as_ref();
            of_group.is_none_or(|other| other.eq_ignore_ascii_case(user))
        };
        let inherits = own.user.as_ref().is_none_or(same);
        Profile {
            secret: own
                .secret
                .or_else(|| common.secret.clone().filter(|_| inherits)),
            user: own.user.or_else(|| common.user.clone()),
            tls: own.tls || common.tls,
            cacert: own.cacert.or_else(|| common.cacert.clone()),
            tls_name: own.tls_name.or_else(|| common.tls_name.clone()),
            events: own.events.or_else(|| common.events.clone()),
            filter: own.filter.or_else(|| common.filter.clone()),
            read_only: own.read_only || common.read_only,
            unasked: own.unasked || common.unasked,
            color: own.color.or(common.color),
            name: own.name,
            target: own.target,
            init: own.init,
        }
    }
}
