//! Which headers are shown, and in which order: `--fields`.

use std::str::FromStr;

/// The headers that the table, csv and tsv forms show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fields {
    /// Those that amish chooses for each kind.
    #[default]
    Chosen,
    /// `*`: all of them.
    All,
    /// These, in this order.
    Named(Vec<String>),
}

impl FromStr for Fields {
    /// What is wrong with them.
    type Err = String;

    fn from_str(text: &str) -> Result<Fields, String> {
        if text.trim() == "*" {
            return Ok(Fields::All);
        }
        let mut names: Vec<String> = Vec::new();
        for name in text.split(',').map(str::trim) {
            if name.is_empty() || name == "*" {
                return Err(format!(
                    "'{text}' has an empty name: write Queue,Calls, or * for all"
                ));
            }
            // It would give one header two columns.
            if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(format!("{name} is named twice"));
            }
            names.push(name.to_owned());
        }
        Ok(Fields::Named(names))
    }
}

impl Fields {
    /// As `/set fields` takes them; `off` resets them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn set(names: &str) -> Result<Fields, String> {
        match names {
            "off" => Ok(Fields::Chosen),
            names => names.parse(),
        }
    }

    /// The names, if any were given.
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

    // The header row repeats what was typed; slips are reported, not guessed.
    #[test]
    fn fields_are_a_list_of_names() {
        let named =
            |names: &[&str]| Ok(Fields::Named(names.iter().map(|n| n.to_string()).collect()));
        assert_eq!("*".parse(), Ok(Fields::All));
        assert_eq!("Queue, calls".parse(), named(&["Queue", "calls"]));
        assert_eq!("Named Callgroup".parse(), named(&["Named Callgroup"]));
        assert_eq!("A,a".parse::<Fields>(), Err("a is named twice".into()));
        for slip in ["", "A,,B", "A,*", ","] {
            let wrong = slip.parse::<Fields>().unwrap_err();
            assert!(
                wrong.starts_with(&format!("'{slip}' has an empty name")),
                "{wrong}"
            );
        }
    }
}
