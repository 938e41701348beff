//! The keys of an Action as its row writes them, the page built from them, and
//! what they add to a server's page.

use super::super::name::Name;
use super::super::page::{Choice, Origin, Page, Parameter};
use super::row::Known;
use crate::peer_text::PeerText;

/// One key in the `keys` of a row, which are separated by one blank:
///
/// - `Key!`: the Action fails without it, and its documentation says so;
/// - `Key!!`: it fails without it (16.28 and 22.10), though the documentation
///   calls it optional;
/// - `Key?`: servers do without it, though the documentation requires it;
/// - `Key??`: the same, and only the documentation of some versions does;
/// - `Key*`: it may be given more than once;
/// - `+Key`: it is accepted, though the documentation does not list it;
/// - `Key=a|b`: values that it may have.
struct Written<'a> {
    key: &'a str,
    marks: &'a str,
    is_omitted: bool,
    choices: &'a str,
}

impl Written<'_> {
    fn of(word: &str) -> Written<'_> {
        let (head, choices) = word.split_once('=').unwrap_or((word, ""));
        let listed = head.strip_prefix('+');
        let head = listed.unwrap_or(head);
        let key = head.trim_end_matches(['!', '?', '*']);
        Written {
            key,
            marks: head.get(key.len()..).unwrap_or_default(),
            is_omitted: listed.is_some(),
            choices,
        }
    }

    fn is_spared(&self) -> bool {
        self.marks.contains('?')
    }

    /// Whether the documentation of 22 requires it.
    fn is_required(&self) -> bool {
        let only = |mark: char| self.marks.chars().filter(|one| *one == mark).count() == 1;
        only('!') || only('?')
    }

    fn is_repeatable(&self) -> bool {
        self.marks.contains('*')
    }

    fn parameter(&self) -> Option<Parameter> {
        Some(Parameter {
            key: Name::of_key(self.key.as_bytes())?,
            required: self.is_required(),
            repeatable: self.is_repeatable(),
            choices: self.choices(),
            about: Vec::new(),
        })
    }

    fn choices(&self) -> Vec<Choice> {
        let values = self.choices.split('|').filter(|value| !value.is_empty());
        let choice = |value: &str| Choice {
            value: PeerText::new(value.as_bytes().to_vec()),
            about: PeerText::default(),
        };
        values.map(choice).collect()
    }
}

impl Known {
    fn written(&self) -> impl Iterator<Item = Written<'static>> {
        self.keys.split_ascii_whitespace().map(Written::of)
    }

    fn key(&self, key: &str) -> Option<Written<'static>> {
        let mut all = self.written();
        all.find(|one| one.key.eq_ignore_ascii_case(key))
    }

    /// The keys that bare words fill, in order.
    pub(super) fn positions(&self) -> Vec<&'static str> {
        match self.words {
            Some(words) => words.split(' ').collect(),
            None => self.written().map(|one| one.key).collect(),
        }
    }

    /// The page of this Action. None: its name cannot be typed.
    pub(super) fn page(&self) -> Option<Page> {
        let name = Name::of_action(self.name.as_bytes())?;
        Some(Page {
            synopsis: PeerText::new(self.synopsis.as_bytes()),
            parameters: self.written().filter_map(|one| one.parameter()).collect(),
            origin: Origin::BuiltIn,
            ..Page::of(name)
        })
    }

    /// Whether the Action fails without `parameter`, which is on its page.
    pub(super) fn fails_without(&self, parameter: &Parameter) -> bool {
        match self.key(&parameter.key) {
            Some(ours) if ours.is_spared() => false,
            Some(ours) => parameter.required || ours.marks.contains("!!"),
            None => parameter.required,
        }
    }

    /// Adds what a server's `page` of this Action leaves out.
    pub(super) fn complete(&self, mut page: Page) -> Page {
        for one in &mut page.parameters {
            let Some(ours) = self.key(&one.key) else {
                continue;
            };
            one.required &= !ours.marks.contains("??");
            one.repeatable |= ours.is_repeatable();
            if one.choices.is_empty() {
                one.choices = ours.choices();
            }
        }
        let omitted = self.written().filter(|one| one.is_omitted);
        let omitted = omitted.filter_map(|one| one.parameter());
        let omitted: Vec<Parameter> = omitted.filter(|one| !page.knows(&one.key)).collect();
        page.parameters.extend(omitted);
        page
    }
}
