//! What is refused because of the first word of the command line: options without
//! effect, on which whoever typed them relies, and what is no target.

use super::config::Config;
use super::error::SettingsError;
use crate::cli::Cli;
use crate::language::{misplaced, surplus_target};

/// Options that all take.
const ALL: &str = "--color --no-pager --no-shell --quiet --verbose";

/// The first words, how they are typed, and the options of their own.
const TAKES: [(&str, &str, &str); 3] = [
    ("help", "amish help [TOPIC]", ""),
    (
        "init",
        "amish init [TARGET]",
        "--name --rights --user --secret-file --secret-command --plaintext --tls --cacert --tls-name \
         --timeout --connect-timeout --yes --dry-run",
    ),
    (
        "doctor",
        "amish doctor security [--file FILE]",
        "--file --output --fields",
    ),
];

/// # Errors
/// An option was typed that the first word of `cli` does not take.
pub(super) fn options(cli: &Cli) -> Result<(), SettingsError> {
    let first = cli.words.first().map_or("", String::as_str);
    let Some((word, typed, own)) = TAKES.iter().find(|(word, ..)| *word == first) else {
        return Ok(());
    };
    let is_taken = |option: &&String| {
        [ALL, own]
            .iter()
            .any(|all| all.split(' ').any(|one| one == *option))
    };
    match cli.typed.iter().find(|option| !is_taken(option)) {
        Some(option) => Err(SettingsError::Idle(option.clone(), word, typed)),
        None => Ok(()),
    }
}

/// # Errors
/// The words behind the options of `cli` make no sense with a target in front.
pub(super) fn target(cli: &Cli, config: &Config) -> Result<(), SettingsError> {
    if cli.offline.demo {
        let surplus = surplus_target(&cli.words).map(SettingsError::Misplaced);
        return surplus.map_or(Ok(()), Err);
    }
    let is_profile = cli
        .words
        .first()
        .is_some_and(|word| config.profile(word).is_some());
    match misplaced(&cli.words).filter(|meant| meant.is_certain && !is_profile) {
        Some(meant) => Err(SettingsError::Misplaced(meant.advice)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::TAKES;
    use crate::cli::{Cli, Unread};

    // A host of such a name cannot be reached by it, and only --help says how.
    #[test]
    fn help_names_the_words_that_are_no_hosts() {
        let args = ["amish", "--help"].map(Into::into);
        let Err(Unread::Shown(help)) = Cli::read(args, std::iter::empty()) else {
            panic!("--help is shown");
        };
        let help = help.to_string();
        let help: Vec<_> = help.split_whitespace().collect();
        let [first, second, third] = TAKES.map(|(word, ..)| word);
        let said =
            format!("To reach a host called {first}, {second} or {third}, write ami://NAME.");
        assert!(help.join(" ").contains(&said), "{said}");
    }
}
