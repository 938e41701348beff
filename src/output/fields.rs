//! Which headers are shown, and in which order: `--fields`.

use std::str::FromStr;
use thiserror::Error;

/// The headers that the table, csv and tsv forms show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fields {
    /// Those that amish chooses for the kind.
    #[default]
    Chosen,
    /// `*`: every one.
    All,
    /// These, in this order.
    Named(Vec<String>),
}

/// Why a text names no headers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadFields {
    /// An empty name.
    #[error("'{0}' has an empty name: write Queue,Calls, or * for all")]
    Empty(String),
    /// It would be two columns of one header.
    #[error("{0} is named twice")]
    Twice(String),
}

impl FromStr for Fields {
    type Err = BadFields;

    fn from_str(text: &str) -> Result<Fields, BadFields> {
        if text.trim() == "*" {
            return Ok(Fields::All);
        }
        let mut names: Vec<String> = Vec::new();
        for name in text.split(',').map(str::trim) {
            if name.is_empty() || name == "*" {
                return Err(BadFields::Empty(text.to_owned()));
            }
            if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(BadFields::Twice(name.to_owned()));
            }
            names.push(name.to_owned());
        }
        Ok(Fields::Named(names))
    }
}

impl Fields {
    /// As `/set fields` takes them: `off` is none.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn set(names: &str) -> Result<Fields, String> {
        match names {
            "off" => Ok(Fields::Chosen),
            names => names.parse().map_err(|wrong: BadFields| wrong.to_string()),
        }
    }

    /// The names, where there are any.
    pub fn named(&self) -> Option<&[String]> {
        match self {
            Fields::Named(names) => Some(names),
            _ => None,
        }
    }
}

impl std::fmt::Display for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fields::Chosen => f.write_str("off"),
            Fields::All => f.write_str("*"),
            Fields::Named(names) => f.write_str(&names.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // What is typed is what the header row says; a slip is told, not guessed.
    #[test]
    fn fields_are_a_list_of_names() {
        let named =
            |names: &[&str]| Ok(Fields::Named(names.iter().map(|n| n.to_string()).collect()));
        assert_eq!("*".parse(), Ok(Fields::All));
        assert_eq!("Queue, calls".parse(), named(&["Queue", "calls"]));
        assert_eq!("Named Callgroup".parse(), named(&["Named Callgroup"]));
        assert_eq!("A,a".parse::<Fields>(), Err(BadFields::Twice("a".into())));
        for slip in ["", "A,,B", "A,*", ","] {
            assert_eq!(slip.parse::<Fields>(), Err(BadFields::Empty(slip.into())));
        }
    }
}
