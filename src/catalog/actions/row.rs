//! A row of the table, and the functions that rows are written with.

/// What amish knows of one Action.
#[derive(Debug)]
pub struct Known {
    /// As 22 spells it.
    pub name: &'static str,
    /// What it does, in one line.
    pub synopsis: &'static str,
    /// The keys that bare words fill, in order, if these are not simply its
    /// `keys`: the documentation's order, required keys first; a place in the
    /// dialplan is Context, Exten, Priority.
    pub(super) words: Option<&'static str>,
    /// The keys that the words fill when there are too few to include Channel:
    /// the variable is then global.
    pub(in crate::catalog) fewer_positions: &'static str,
    /// The classes of which one is needed, separated by commas; empty if
    /// anybody may.
    privileges: &'static str,
    /// The classes that 1.4 requires, if they differ.
    privileges_1_4: Option<&'static str>,
    /// What it does to the server.
    pub effect: Effect,
    /// Why a person must confirm it before it is sent.
    pub danger: Option<Danger>,
    /// Nothing else may be in flight at the same time: the session depends on
    /// it, or any byte that follows ends it.
    pub stands_alone: bool,
    /// An Error may mean that its list is empty: `No endpoints found` (16 and
    /// 22), `No active conferences.`
    pub error_may_be_empty: bool,
    /// One of these keys is required (16.28 and 22.10), and what to say if all
    /// are missing.
    pub(in crate::catalog) one_of: Option<(&'static [&'static str], &'static str)>,
    /// Keys whose values differ from those of the same key elsewhere.
    pub(in crate::catalog) values: &'static [(&'static str, ValuesOf)],
    /// See [`super::keys`].
    pub(in crate::catalog) keys: &'static str,
}

/// What an Action does to the server, regardless of its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It may change something.
    Changes,
    /// It changes nothing but this session's own mask and filters.
    Reads,
    /// It changes nothing unless it has this header.
    ReadsUnless(&'static str),
}

/// What makes an Action dangerous enough to be confirmed, if its headers are
/// such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// It writes a configuration file.
    ChangeFile,
    /// It creates a configuration file.
    CreateFile,
    /// It deletes a part of the database.
    DeleteTree,
    /// It ends a bridge with everybody in it.
    DestroyBridge,
    /// It hangs up every channel that a pattern matches.
    HangUpMany,
    /// It resets statistics.
    ResetStatistics,
    /// It runs a CLI command, which may be any of these.
    RunCommand,
    /// It unloads a module.
    Unload,
}

/// Where the values of a key come from, if its name alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalog) enum ValuesOf {
    /// Sections of the configuration file named by the header of this key.
    Categories(&'static str),
    /// Keys of the database family in Family.
    DatabaseKeys,
    /// Functions of the dialplan.
    Functions,
    /// Extensions with a hint.
    Hints,
    /// Anything that can be called.
    Interfaces,
    /// Conferences of MeetMe.
    MeetmeRooms,
    /// Members of the queue in Queue.
    Members,
    /// Modules, loaded or not as LoadType wants them.
    Modules,
    /// Unknown.
    Nothing,
    /// The participants of the conference in Conference.
    Participants,
    /// chan_sip peers.
    SipPeers,
    /// AMI users.
    Users,
}

impl Known {
    /// The classes of which one is needed. (1.4 would need all of several, but
    /// never requires more than one.)
    pub fn privileges(&self, is_1_4: bool) -> Vec<&'static str> {
        let old = self.privileges_1_4.filter(|_| is_1_4);
        let classes = old.unwrap_or(self.privileges).split(',');
        classes.filter(|class| !class.is_empty()).collect()
    }
}

/// A row without keys, written `Name: synopsis`, or `Name class,class: synopsis`
/// unless anybody may send it.
pub(super) const fn known(text: &'static str) -> Known {
    let (head, synopsis) = cut(text, b':');
    let (name, privileges) = cut(head, b' ');
    Known {
        name,
        synopsis: synopsis.trim_ascii(),
        words: None,
        fewer_positions: "",
        privileges,
        privileges_1_4: None,
        effect: Effect::Changes,
        danger: None,
        stands_alone: false,
        error_may_be_empty: false,
        one_of: None,
        values: &[],
        keys: "",
    }
}

/// The parts of `text` before and after the first `mark`.
const fn cut(text: &'static str, mark: u8) -> (&'static str, &'static str) {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest
        && *byte != mark
    {
        rest = tail;
    }
    let (before, rest) = text.split_at(text.len() - rest.len());
    match rest.is_empty() {
        true => (before, ""),
        false => (before, rest.split_at(1).1),
    }
}

/// The rows are written with these.
impl Known {
    pub(super) const fn keys(self, keys: &'static str) -> Known {
        Known { keys, ..self }
    }

    pub(super) const fn words(self, words: &'static str) -> Known {
        let words = Some(words);
        Known { words, ..self }
    }

    pub(super) const fn fewer_words(self, fewer_positions: &'static str) -> Known {
        Known {
            fewer_positions,
            ..self
        }
    }

    pub(super) const fn one_of(self, keys: &'static [&'static str], words: &'static str) -> Known {
        let one_of = Some((keys, words));
        Known { one_of, ..self }
    }

    pub(super) const fn needs_in_1_4(self, privileges: &'static str) -> Known {
        let privileges_1_4 = Some(privileges);
        Known {
            privileges_1_4,
            ..self
        }
    }

    pub(super) const fn values(self, values: &'static [(&'static str, ValuesOf)]) -> Known {
        Known { values, ..self }
    }

    pub(super) const fn reads(self) -> Known {
        let effect = Effect::Reads;
        Known { effect, ..self }
    }

    pub(super) const fn reads_unless(self, header: &'static str) -> Known {
        let effect = Effect::ReadsUnless(header);
        Known { effect, ..self }
    }

    pub(super) const fn asks(self, danger: Danger) -> Known {
        let danger = Some(danger);
        Known { danger, ..self }
    }

    pub(super) const fn stands_alone(self) -> Known {
        Known {
            stands_alone: true,
            ..self
        }
    }

    pub(super) const fn error_may_be_empty(self) -> Known {
        Known {
            error_may_be_empty: true,
            ..self
        }
    }
}
