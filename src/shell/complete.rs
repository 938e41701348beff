//! What may stand at the cursor: a line, a position and a Catalog in,
//! candidates out.

use super::builtin::{self, Builtin};
use crate::catalog::Catalog;
use crate::language::raw_packet_open;
use crate::session::Classes;
use crate::settings::Config;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Takes the place of what was typed of the word.
    pub text: String,
    /// What it is.
    pub about: String,
}

/// The candidates at `position` and where the word begins that they replace.
/// Both count bytes; `position` is at a character. `profiles` are for `/connect`.
pub(super) fn complete(
    buffer: &str,
    position: usize,
    catalog: &Catalog,
    profiles: &[Candidate],
) -> (usize, Vec<Candidate>) {
    let before = buffer.get(..position).unwrap_or(buffer);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let (above, line) = before.split_at(line_start);
    if !above.is_empty() && raw_packet_open(above.trim_end_matches('\n').as_bytes()) {
        return in_packet(line, position, catalog);
    }
    let line = line.trim_start();
    match line.split_once(char::is_whitespace) {
        None if is_action_header(line) => in_packet(line, position, catalog),
        None => (position - line.len(), first_words(line, catalog)),
        Some((first, _)) if is_action_header(first) => in_packet(line, position, catalog),
        Some((first, rest)) if first.eq_ignore_ascii_case("/connect") => {
            let typed = rest.trim_start();
            let fits = profiles.iter().filter(|one| one.text.starts_with(typed));
            (position - typed.len(), fits.cloned().collect())
        }
        Some((first, rest)) => {
            let word_at = rest.rfind([' ', ',']).map_or(0, |at| at + 1);
            let word = rest.get(word_at..).unwrap_or_default();
            let earlier = rest.get(..word_at).unwrap_or_default();
            (
                position - word.len(),
                further_words(first, earlier, word, catalog),
            )
        }
    }
}

/// The profiles of `config` that can be typed as one word.
pub(super) fn profiles(config: &Config) -> Vec<Candidate> {
    let is_word = |name: &str| !name.chars().any(|c| c.is_whitespace() || c.is_control());
    let typed = config.profiles.iter().filter(|one| is_word(&one.name));
    typed
        .map(|one| candidate(&one.name, one.target.as_deref().unwrap_or_default()))
        .collect()
}

fn is_action_header(word: &str) -> bool {
    word.get(..7)
        .is_some_and(|key| key.eq_ignore_ascii_case("action:"))
}

/// In a raw packet only the value of Action is known.
fn in_packet(line: &str, position: usize, catalog: &Catalog) -> (usize, Vec<Candidate>) {
    match line.split_once(':') {
        Some((key, value)) if key.trim().eq_ignore_ascii_case("action") => {
            let typed = value.trim_start();
            let found = actions(typed, catalog).collect();
            (position - typed.len(), found)
        }
        _ => (position, Vec::new()),
    }
}

fn first_words(typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    if typed.starts_with('/') {
        return builtins(typed).collect();
    }
    let plain = [
        ("cli", "an Asterisk CLI command"),
        ("help", "what can be typed here"),
        ("quit", "log off and leave"),
        ("exit", "log off and leave"),
    ];
    let plain = plain
        .iter()
        .filter(|(word, _)| begins(word, typed) && !typed.is_empty())
        .map(|(word, about)| candidate(word, about));
    actions(typed, catalog).chain(plain).collect()
}

fn further_words(first: &str, earlier: &str, typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    let earlier: Vec<&str> = earlier.split_whitespace().collect();
    let is_first = earlier.is_empty();
    let of = |words: &[(&str, &str)]| {
        let fits = words.iter().filter(|(word, _)| begins(word, typed));
        fits.map(|(word, about)| candidate(word, about)).collect()
    };
    match first.to_ascii_lowercase().as_str() {
        "help" | "/help" if is_first && typed.starts_with('/') => builtins(typed).collect(),
        "help" | "/help" if is_first => actions(typed, catalog).collect(),
        // One asks it about what the server does not list.
        "/doctor" if is_first => actions(typed, &Catalog::default()).collect(),
        "/events" => {
            let all = Classes::ALL.to_string();
            let classes = all.split(',').filter(|class| begins(class, typed));
            let classes = classes.map(|class| candidate(class, ""));
            let words: Vec<Candidate> = match is_first {
                true => of(&[("on", "every class"), ("off", "no events")]),
                false => Vec::new(),
            };
            words.into_iter().chain(classes).collect()
        }
        "/set" => match earlier.as_slice() {
            [] => of(builtin::OPTIONS),
            [name] => of(builtin::values(name)),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn actions<'a>(typed: &'a str, catalog: &'a Catalog) -> impl Iterator<Item = Candidate> + 'a {
    // What a server lists is a stranger's text: a name with a control byte in
    // it is none, and must not reach the terminal.
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic());
    let fits = catalog
        .actions()
        .filter(move |one| begins(one.name, typed) && is_name(one.name));
    fits.map(|one| {
        let about = match one.privileges {
            Some(classes) if !classes.is_empty() => {
                format!("{} ({})", one.synopsis, classes.join(","))
            }
            _ => one.synopsis.to_owned(),
        };
        candidate(one.name, &about)
    })
}

fn builtins(typed: &str) -> impl Iterator<Item = Candidate> + '_ {
    let name = typed.trim_start_matches('/');
    let all = builtin::ALL.iter();
    all.filter(move |one| begins(one.name, name))
        .map(|Builtin { name, about, .. }| candidate(&format!("/{name}"), about))
}

fn candidate(text: &str, about: &str) -> Candidate {
    Candidate {
        text: text.to_owned(),
        about: about.to_owned(),
    }
}

fn begins(word: &str, typed: &str) -> bool {
    let head = word.get(..typed.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles() -> [Candidate; 2] {
        [candidate("office", "pbx"), candidate("outpost", "10.0.0.7")]
    }

    fn texts(line: &str) -> Vec<String> {
        at(line, line.len())
    }

    fn at(line: &str, position: usize) -> Vec<String> {
        let (start, found) = complete(line, position, &Catalog::default(), &profiles());
        let begin = &line[..start];
        found
            .iter()
            .map(|one| format!("{begin}{}", one.text))
            .collect()
    }

    /// What Tab offers is what people learn the protocol from.
    #[test]
    fn names_are_completed_in_any_case_wherever_one_begins() {
        assert_eq!(texts("coreshowchannels"), ["CoreShowChannels"]);
        assert_eq!(texts("PIN"), ["Ping"]);
        assert_eq!(texts("Ping\npin"), ["Ping\nPing"]);
        assert_eq!(texts("action: pin"), ["action: Ping"]);
        assert_eq!(
            texts("variable: x\naction:pin"),
            ["variable: x\naction:Ping"]
        );
        assert_eq!(texts("help pin"), ["help Ping"]);
        assert_eq!(texts("hel"), ["help"]);
        assert_eq!(at("pin ActionID=1", 3), ["Ping"]);
        assert!(texts("action: ping\nchannel: S").is_empty());
        assert!(texts("Ping A").is_empty());
    }

    #[test]
    fn the_words_of_amish_are_completed() {
        assert_eq!(texts("/ev"), ["/events"]);
        assert_eq!(texts("/doctor origin"), ["/doctor Originate"]);
        assert_eq!(texts("/events ca"), ["/events call"]);
        assert_eq!(
            texts("/events call,ag"),
            ["/events call,agent", "/events call,agi"]
        );
        assert_eq!(texts("/set out"), ["/set output"]);
        assert_eq!(texts("/set output j"), ["/set output json"]);
        assert!(texts("/set output json x").is_empty());
        assert_eq!(texts("/connect o"), ["/connect office", "/connect outpost"]);
        assert_eq!(texts("/CONNECT  out"), ["/CONNECT  outpost"]);
        assert!(texts("/connect office o").is_empty());
    }
}
