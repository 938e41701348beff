//! The chapters of the manual: `amish help TOPIC` prints one, the manual page
//! has all of them, and the tests run their examples.

/// A chapter.
#[derive(Debug)]
pub struct Topic {
    /// What is typed behind `help`.
    pub name: &'static str,
    /// Its heading in the manual page, where sections have names of their own.
    pub section: &'static str,
    /// What it is about, for the list of topics.
    pub about: &'static str,
    /// Its text, in Markdown.
    pub text: &'static str,
}

macro_rules! topic {
    ($name:literal, $section:literal, $about:literal) => {
        Topic {
            name: $name,
            section: $section,
            about: $about,
            text: include_str!(concat!("manual/", $name, ".md")),
        }
    };
}

/// In the order in which they are read.
pub const TOPICS: [Topic; 15] = [
    topic!(
        "connecting",
        "CONNECTING",
        "a user on the PBX, targets, secrets, TLS, what happens when the link ends"
    ),
    topic!(
        "profiles",
        "PROFILES",
        "names for servers, aliases, function keys"
    ),
    topic!(
        "shell",
        "THE SHELL",
        "what can be typed, completion, calls, several PBXs at one prompt"
    ),
    topic!(
        "commands",
        "COMMANDS",
        "the commands of amish, from /calls to /x"
    ),
    topic!(
        "scripts",
        "SCRIPTS",
        "files, pipes and -c, variables, expect, --window, --dry-run"
    ),
    topic!(
        "events",
        "EVENTS",
        "streams, filters, Redis, NATS and other brokers"
    ),
    topic!(
        "output",
        "OUTPUT",
        "tables, json, csv and tsv, --fields, captures"
    ),
    topic!(
        "fleet",
        "MANY PBXS",
        "one action, script or stream on many PBXs"
    ),
    topic!("metrics", "METRICS", "figures for Prometheus"),
    topic!(
        "security",
        "SECURITY",
        "rights, secrets, files, and what a server says"
    ),
    topic!("exit-codes", "EXIT STATUS", "what each exit code means"),
    topic!("environment", "ENVIRONMENT", "variables that amish reads"),
    topic!("files", "FILES", "files that amish reads and writes"),
    topic!("cookbook", "COOKBOOK", "recipes, each with what it prints"),
    topic!("demo", "THE BUILT-IN PBX", "--demo and --demo-listen"),
];

/// Which topics there are, in Markdown.
pub fn list() -> String {
    let row = |topic: &Topic| format!("| `{}` | {} |\n", topic.name, topic.about);
    let rows: String = TOPICS.iter().map(row).collect();
    format!(
        "# The manual\n\n`amish help TOPIC` prints a chapter; the beginning of its name is enough.\n\n\
         | topic | is about |\n|---|---|\n{rows}\n\
         `help` in the shell explains actions, events and commands, `amish --help` the options. `amish --man` is \
         the whole as a manual page.\n"
    )
}

/// The topic that `typed` names, or is the beginning of and of no other.
///
/// # Errors
/// There is none; the words name the nearest, and list them.
pub fn find(typed: &str) -> Result<&'static Topic, String> {
    let wanted = typed.to_ascii_lowercase();
    if let Some(topic) = TOPICS.iter().find(|topic| topic.name == wanted) {
        return Ok(topic);
    }
    let begun = || {
        let begun = TOPICS
            .iter()
            .filter(|topic| topic.name.starts_with(&wanted));
        begun.filter(|_| !wanted.is_empty())
    };
    let mut begins = begun();
    if let (Some(topic), None) = (begins.next(), begins.next()) {
        return Ok(topic);
    }
    let distance = |topic: &&Topic| strsim::osa_distance(topic.name, &wanted);
    let near = TOPICS.iter().min_by_key(distance);
    let near = near.filter(|topic| distance(topic) <= (wanted.len() / 3).max(1));
    let near: Vec<&str> = begun().chain(near).map(|topic| topic.name).collect();
    let meant = match near.is_empty() {
        true => String::new(),
        false => format!("did you mean {}? ", near.join(" or ")),
    };
    let all = TOPICS.map(|topic| topic.name).join(", ");
    Err(format!(
        "there is no topic '{}'. {meant}Topics are {all}; help in the shell explains actions and events",
        typed.escape_debug()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whoever does not know the exact word must not have to look it up first.
    #[test]
    fn a_topic_is_found_by_its_beginning_or_named() {
        let found = |typed| find(typed).map(|topic| topic.name);
        assert_eq!(found("scr"), Ok("scripts"));
        assert_eq!(found("EXIT"), Ok("exit-codes"));
        for (typed, meant) in [
            ("scirpts", "did you mean scripts?"),
            ("e", "did you mean events or exit-codes or environment?"),
        ] {
            let told = found(typed).unwrap_err();
            assert!(told.contains(meant), "{told}");
        }
        for typed in ["", "QueueAdd", "\u{1b}[2J"] {
            let told = found(typed).unwrap_err();
            assert!(!told.contains("did you mean"), "{told}");
            assert!(told.contains("connecting, profiles, shell"), "{told}");
            assert!(!told.contains('\u{1b}'), "{told}");
        }
    }
}
