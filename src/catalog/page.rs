//! What documentation says of an Action or an event: the server's own, or the
//! built-in table's where the server does not tell.

use super::listing::order;
use std::cmp::Ordering;

/// The documentation of one Action or event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its name, in the server's spelling.
    pub name: String,
    /// What it does, in one line.
    pub synopsis: String,
    /// The version of Asterisk that had it first; empty where nobody says so.
    pub since: String,
    /// What it does, at length: one text a paragraph.
    pub description: Vec<String>,
    /// In the order of `[Syntax]`; ActionID, which every Action takes, is among
    /// them where the server lists it. Behind them what is known to be left out
    /// there.
    pub parameters: Vec<Parameter>,
    /// The classes of which one is needed; empty where none is, or where the
    /// page is silent: the listing is the authority.
    pub privileges: Vec<String>,
    /// What else to read, as the server writes it.
    pub see_also: Vec<String>,
    /// The events that a list of it consists of.
    pub items: Vec<String>,
    /// The event that ends its list.
    pub completion: Option<String>,
    /// Who says which parameters there are.
    pub origin: Origin,
}

/// Who says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// This server.
    #[default]
    Server,
    /// Amish: another version may differ.
    BuiltIn,
}

/// One key that an Action takes, or an event has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// As the server spells it. `Action-000000`, `UnitAmount(0)` and `HeaderN`
    /// stand for many.
    pub key: String,
    /// The Action fails without it, as documented.
    pub required: bool,
    /// It may be given more than once.
    pub repeatable: bool,
    /// The values that its text names; others may do as well.
    pub choices: Vec<Choice>,
    /// What it is, at length; one text a paragraph.
    pub about: Vec<String>,
}

/// A value that documentation names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What to write.
    pub value: String,
    /// What it does; often empty.
    pub about: String,
}

/// Keys that every Action takes, documented or not.
const ALWAYS: [&str; 2] = ["ActionID", "SuppressEvents"];

impl Page {
    /// Did this server say so?
    pub fn is_from_server(&self) -> bool {
        self.origin == Origin::Server
    }

    /// The parameter `key`, in any case; of a key such as `Action-000003` or
    /// `Header7` the one that stands for it.
    pub fn parameter(&self, key: &str) -> Option<&Parameter> {
        let mut all = self.parameters.iter();
        let itself = all.find(|one| order(&one.key, key) == Ordering::Equal);
        itself.or_else(|| self.parameters.iter().find(|one| one.stands_for(key)))
    }

    /// Does the Action make use of any key there is?
    pub fn takes_any_key(&self) -> bool {
        self.name.eq_ignore_ascii_case("UserEvent")
    }

    /// May `key` be sent, as far as anybody knows?
    pub fn knows(&self, key: &str) -> bool {
        self.takes_any_key()
            || self.parameter(key).is_some()
            || ALWAYS.iter().any(|one| one.eq_ignore_ascii_case(key))
    }

    /// What the Action fails without.
    pub fn required(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|one| one.required)
    }
}

impl Parameter {
    /// Is the key a pattern, and `key` one of those that it stands for?
    /// UpdateConfig reads six digits, no more and no fewer; 1.4 writes them XXXXXX.
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
        let parameters = keys.iter().map(|key| Parameter {
            key: (*key).to_owned(),
            ..Parameter::default()
        });
        Page {
            name: "X".to_owned(),
            parameters: parameters.collect(),
            ..Page::default()
        }
    }

    // A valid packet must never be held for a slip because the documentation
    // names one key for many.
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
