//! Some of the PBXs of a shell, by their names.

use crate::output::signs;
use crate::settings::Config;

/// The longest name of a choice in the prompt, in characters.
const LABEL: usize = 24;

/// How deep groups may stand in groups.
const DEPTH: usize = 16;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) struct Choice {
    /// For the prompt.
    pub label: String,
    /// None: all, also those that are added later.
    pub names: Option<Vec<String>>,
}

impl Choice {
    /// Everyone.
    pub fn all(whole: &str) -> Choice {
        Choice {
            label: shortened(whole),
            names: None,
        }
    }

    /// Those of `words`, which are names and groups with commas between them:
    /// some of the `known` ones, or the `whole`.
    ///
    /// # Errors
    /// One is unknown; the words are for the user.
    pub fn named(
        words: &str,
        (whole, known): (&str, &[String]),
        config: &Config,
    ) -> Result<Choice, String> {
        let mut names: Vec<String> = Vec::new();
        let words = words.split(',').map(|word| word.trim_start_matches('@'));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        for word in &words {
            if known.iter().any(|name| name == word) {
                names.push((*word).to_owned());
            } else if *word == "all" || *word == whole {
                return Ok(Choice::all(whole));
            } else {
                let all = members(word, config, DEPTH);
                let before = names.len();
                names.extend(known.iter().filter(|name| all.contains(name)).cloned());
                if names.len() == before {
                    return Err(unknown(word, known));
                }
            }
        }
        if names.is_empty() {
            return Err("a name is missing behind @, as in @office LINE".to_owned());
        }
        Ok(Choice {
            label: shortened(&words.join(",")),
            names: Some(names),
        })
    }

    pub fn has(&self, name: &str) -> bool {
        let names = self.names.as_ref();
        names.is_none_or(|names| names.iter().any(|one| one == name))
    }
}

/// The members of the group `name`, and of the groups in it.
fn members(name: &str, config: &Config, depth: usize) -> Vec<String> {
    let Some(group) = config.group(name).filter(|_| depth > 0) else {
        return Vec::new();
    };
    let mut all = group.members.clone();
    for member in &group.members {
        all.extend(members(member, config, depth - 1));
    }
    all
}

fn unknown(word: &str, known: &[String]) -> String {
    let few = (word.chars().count() / 3).clamp(1, 3);
    let wanted = word.to_lowercase();
    let near = known.iter().map(|name| {
        let lower = name.to_lowercase();
        let is_begun = !wanted.is_empty() && lower.starts_with(&wanted);
        let distance = strsim::osa_distance(&lower, &wanted);
        (if is_begun { 0 } else { distance }, name)
    });
    let near = near.min().filter(|(distance, _)| *distance <= few);
    let meant = match near {
        Some((_, near)) => format!("did you mean @{near}?"),
        None => "/pbxs lists them".to_owned(),
    };
    format!("there is no PBX {} here; {meant}", word.escape_debug())
}

fn shortened(label: &str) -> String {
    match label.chars().count() > LABEL {
        true => {
            let begin: String = label.chars().take(LABEL - 1).collect();
            format!("{begin}{}", signs("…"))
        }
        false => label.to_owned(),
    }
}
