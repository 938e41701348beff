//! The documentation of an Action or event: the server's, or else the built-in
//! table's.

use super::name::{Name, order};
use crate::peer_text::PeerText;
use std::cmp::Ordering;

/// The documentation of one Action or event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its name, in the server's spelling.
    pub name: Name,
    /// What it does, in one line.
    pub synopsis: PeerText<'static>,
    /// The version of Asterisk that introduced it; empty if unknown.
    pub since: PeerText<'static>,
    /// The full description, one text per paragraph.
    pub description: Vec<PeerText<'static>>,
    /// In the order of `[Syntax]`, including ActionID if the server lists it.
    /// Keys that the server's documentation omits come last.
    pub parameters: Vec<Parameter>,
    /// The classes of which one is needed; empty if none is, or if the page
    /// does not say: the listing is authoritative.
    pub privileges: Vec<Name>,
    /// References, as the server writes them.
    pub see_also: Vec<PeerText<'static>>,
    /// The events that its list consists of.
    pub items: Vec<Name>,
    /// The event that ends its list.
    pub completion: Option<Name>,
    /// Where the parameters come from.
    pub origin: Origin,
}

/// The source of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// This server.
    Server,
    /// amish; another version may differ.
    BuiltIn,
}

/// One key that an Action takes, or an event has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As the server spells it. `Action-000000`, `UnitAmount(0)` and `HeaderN`
    /// stand for many.
    pub key: Name,
    /// The Action fails without it, according to the documentation.
    pub required: bool,
    /// It may be given more than once.
    pub repeatable: bool,
    /// The values that its text names; there may be others.
    pub choices: Vec<Choice>,
    /// Its description, one text per paragraph.
    pub about: Vec<PeerText<'static>>,
}

/// A value that documentation names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The value: any text, to be quoted when inserted into a line.
    pub value: PeerText<'static>,
    /// What it does; often empty.
    pub about: PeerText<'static>,
}

/// Keys that every Action takes, documented or not.
const ALWAYS: [&str; 2] = ["ActionID", "SuppressEvents"];

impl Page {
    /// The page of the Action or event `name`, otherwise empty, with the server
    /// as its source.
    pub fn of(name: Name) -> Page {
        Page {
            name,
            synopsis: PeerText::default(),
            since: PeerText::default(),
            description: Vec::new(),
            parameters: Vec::new(),
            privileges: Vec::new(),
            see_also: Vec::new(),
            items: Vec::new(),
            completion: None,
            origin: Origin::Server,
        }
    }

    /// Approximate memory in bytes.
    pub(super) fn bytes(&self) -> usize {
        let texts = |texts: &[PeerText<'_>]| -> usize { texts.iter().map(text).sum() };
        let names = |names: &[Name]| -> usize { names.iter().map(name).sum() };
        let parameter = |one: &Parameter| {
            let choices = one.choices.iter();
            let choices = choices.map(|one| text(&one.value) + text(&one.about));
            size_of::<Parameter>() + one.key.len() + texts(&one.about) + choices.sum::<usize>()
        };
        size_of::<Page>()
            + self.name.len()
            + text(&self.synopsis)
            + text(&self.since)
            + texts(&self.description)
            + texts(&self.see_also)
            + names(&self.privileges)
            + names(&self.items)
            + self.parameters.iter().map(parameter).sum::<usize>()
    }

    /// Whether this server is its source.
    pub fn is_from_server(&self) -> bool {
        self.origin == Origin::Server
    }

    /// The parameter `key`, in any case; for a key such as `Action-000003` or
    /// `Header7` the pattern that covers it. What is sent is the typed key: see
    /// `Page::spelling`.
    pub fn parameter(&self, key: &str) -> Option<&Parameter> {
        let itself = self.parameters.iter().find(|one| one.is(key));
        itself.or_else(|| self.parameters.iter().find(|one| one.stands_for(key)))
    }

    /// The listed spelling of the very key `key`, which differs from it in the
    /// letters' case at most. None for a key that only a pattern covers: its
    /// number is part of what the user says.
    pub(super) fn spelling(&self, key: &str) -> Option<&str> {
        let mut all = self.parameters.iter();
        all.find(|one| one.is(key)).map(|one| one.key.as_str())
    }

    /// Whether the Action accepts any key.
    pub fn takes_any_key(&self) -> bool {
        self.name.eq_ignore_ascii_case("UserEvent")
    }

    /// Whether `key` may be sent, as far as is known.
    pub fn knows(&self, key: &str) -> bool {
        self.takes_any_key()
            || self.parameter(key).is_some()
            || ALWAYS.iter().any(|one| one.eq_ignore_ascii_case(key))
    }

    /// The parameters that the Action fails without.
    pub fn required(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|one| one.required)
    }
}

fn text(text: &PeerText<'_>) -> usize {
    size_of::<PeerText<'_>>() + text.bytes().len()
}

fn name(name: &Name) -> usize {
    size_of::<Name>() + name.len()
}

impl Parameter {
    /// A parameter `key`, otherwise unknown.
    pub fn of(key: Name) -> Parameter {
        Parameter {
            key,
            required: false,
            repeatable: false,
            choices: Vec::new(),
            about: Vec::new(),
        }
    }

    /// Whether this is the key `key`, in any case.
    fn is(&self, key: &str) -> bool {
        order(&self.key, key) == Ordering::Equal
    }

    /// Whether it is the key `key`, or a pattern that covers it.
    pub(super) fn covers(&self, key: &str) -> bool {
        self.is(key) || self.stands_for(key)
    }

    /// Whether the key is a pattern that covers `key`. UpdateConfig reads
    /// exactly six digits; 1.4 documents them as XXXXXX.
    fn stands_for(&self, key: &str) -> bool {
        let pattern = self.key.as_str();
        let numbered = |tail: &str, close: &str, digits: &dyn Fn(usize) -> bool| {
            let stem = pattern.strip_suffix(tail)?;
            let (head, rest) = key.split_at_checked(stem.len())?;
            let number = rest.strip_suffix(close)?;
            let is_stem = order(head, stem) == Ordering::Equal;
            let are_digits = number.bytes().all(|byte| byte.is_ascii_digit());
            (is_stem && are_digits && digits(number.len())).then_some(())
        };
        numbered("000000", "", &|count| count == 6).is_some()
            || numbered("XXXXXX", "", &|count| count == 6).is_some()
            || numbered("0)", ")", &|count| count > 0).is_some()
            || numbered("N", "", &|count| count > 0).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(keys: &[&str]) -> Page {
        let parameters = keys.iter().filter_map(|key| Name::of_key(key.as_bytes()));
        Page {
            parameters: parameters.map(Parameter::of).collect(),
            ..Page::of(Name::of_action(b"X").unwrap())
        }
    }

    // A valid packet must not be refused because the documentation names one
    // key for many.
    #[test]
    fn a_pattern_stands_for_its_keys_and_no_others() {
        let page = page(&["Header1", "HeaderN", "Action-000000", "UnitAmount(0)"]);
        for (key, stands) in [
            ("header1", Some("Header1")),
            ("Header12", Some("HeaderN")),
            ("Header", None),
            ("HeaderX", None),
            ("action-000017", Some("Action-000000")),
            ("Action-17", None),
            ("Action-0000017", None),
            ("UNITAMOUNT(3)", Some("UnitAmount(0)")),
            ("UnitAmount()", None),
            ("Ünit", None),
        ] {
            let found = page.parameter(key).map(|one| one.key.as_str());
            assert_eq!(found, stands, "{key}");
        }
        assert!(page.knows("suppressevents") && page.knows("ActionID"));
        assert!(!page.knows("Chanel"));
    }
}
