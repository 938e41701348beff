//! What documentation says of an Action: the server's own, or the built-in
//! table's where the server does not tell.

use super::listing::order;
use std::cmp::Ordering;

/// The documentation of one Action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The Action, in the server's spelling.
    pub name: String,
    /// What it does, in one line.
    pub synopsis: String,
    /// What it does, at length: one text a paragraph.
    pub description: Vec<String>,
    /// In the order of `[Syntax]`; ActionID, which every Action takes, is among
    /// them where the server lists it.
    pub parameters: Vec<Parameter>,
    /// The classes of which one is needed.
    pub privileges: Vec<String>,
    /// What else to read, as the server writes it.
    pub see_also: Vec<String>,
    /// The events that a list of it consists of.
    pub items: Vec<String>,
    /// The event that ends its list.
    pub completion: Option<String>,
    /// Whose words these are.
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

/// One key that an Action takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// As the server spells it.
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

impl Page {
    /// The parameter `key`, in any case.
    pub fn parameter(&self, key: &str) -> Option<&Parameter> {
        let mut all = self.parameters.iter();
        all.find(|one| order(&one.key, key) == Ordering::Equal)
    }
}
