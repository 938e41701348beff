//! amish's own commands, `/word`: their arguments, and the one table that the
//! parser, help, completion, highlighting and the manual page use.

mod usage;

pub use usage::{METRICS, NO_METRICS, TABLE, Usage, nearest_builtin, usage_of};

use super::word::{Misplaced, Word, first_word, split, trim_start};
use super::{EventChoice, Expr, Fault, Place, Setting, Variables, duration};
use crate::catalog::Catalog;
use std::time::Duration;

/// A command with its arguments, named as it is typed.
#[allow(missing_docs)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Builtin {
    Calls,
    Doctor(Suspect),
    /// `/events`; None to ask which are shown.
    Events(Option<EventChoice>),
    Filter(Filter),
    Follow(String),
    /// `help`, with or without the slash, and its words.
    Help(Vec<String>),
    History,
    /// Of the prompt itself.
    Interactive(Interactive),
    Last(Last),
    /// `quit` or `exit`, with or without the slash.
    Quit,
    Reconnect,
    /// `/save FILE`; None is `/save off`.
    Save(Option<String>),
    /// `/set`; None to list the settings.
    Set(Option<Setting>),
    Source(String),
    /// `/timing`; None to toggle it.
    Timing(Option<bool>),
    Top,
    Watch(Repeat),
    Whoami,
    /// `/x`: the last reply or event with every header.
    Vertical,
}

/// A command of the prompt itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interactive {
    /// `/cli`: CLI mode on or off.
    Cli,
    /// `/connect TARGET`
    Connect(String),
    /// `/disconnect NAME`
    Disconnect(String),
    /// `/edit`
    Edit,
    /// `/pbxs`
    Pbxs,
    /// `/use @NAMES`
    Use(String),
}

/// What `/doctor` examines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspect {
    /// The session as a whole.
    Session,
    /// Why this Action fails.
    Action(String),
    /// Why this event does not come.
    Event(String),
    /// Who can get in, and what they can do then.
    Security,
}

/// What `/filter` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Tell the current filter.
    Told,
    /// Show every event.
    Off,
    /// Show only matching events.
    Only(Expr),
}

/// `/last [N] [EXPR]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// How many, if given.
    pub count: Option<usize>,
    /// Only matching events.
    pub expr: Option<Expr>,
}

/// `/watch SECONDS LINE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The pause between an answer and the next run.
    pub pause: Duration,
    /// The line to run, as typed.
    pub line: String,
}

/// The shortest pause, so that the server is not flooded.
const LEAST_PAUSE: Duration = Duration::from_millis(100);

/// Parses `/name` followed by `text`.
pub(super) fn builtin(name: &str, text: &Word, place: Place) -> Result<Builtin, Misplaced> {
    let misplaced = |fault| (text.span.clone(), fault);
    let usage =
        usage_of(name).ok_or_else(|| misplaced(Fault::NoSuchBuiltin(nearest_builtin(name))))?;
    match usage.name {
        "filter" => return filter(text, place).map(Builtin::Filter),
        "last" => return last(text, place).map(Builtin::Last),
        "events" => return events(text, place).map(Builtin::Events),
        "watch" => return watch(text).map(Builtin::Watch),
        _ => {}
    }
    let words = words(text, place)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let wrong = || misplaced(Fault::Usage(usage.name, usage.takes));
    Ok(match (usage.name, words.as_slice()) {
        ("calls", []) => Builtin::Calls,
        ("cli", []) => Builtin::Interactive(Interactive::Cli),
        ("connect", [target]) => Builtin::Interactive(Interactive::Connect((*target).to_owned())),
        ("disconnect", [name]) => Builtin::Interactive(Interactive::Disconnect((*name).to_owned())),
        ("doctor", []) => Builtin::Doctor(Suspect::Session),
        ("doctor", ["event", event]) => Builtin::Doctor(Suspect::Event((*event).to_owned())),
        ("doctor", ["security"]) => Builtin::Doctor(Suspect::Security),
        ("doctor", [action]) => Builtin::Doctor(Suspect::Action((*action).to_owned())),
        ("edit", []) => Builtin::Interactive(Interactive::Edit),
        ("follow", [channel]) => Builtin::Follow((*channel).to_owned()),
        ("help", topic) => Builtin::Help(topic.iter().map(|word| (*word).to_owned()).collect()),
        ("history", []) => Builtin::History,
        ("pbxs", []) => Builtin::Interactive(Interactive::Pbxs),
        ("quit", []) => Builtin::Quit,
        // Works without a slash, too.
        ("quit", _) => return Err(misplaced(Fault::TakesNothing(name.to_owned()))),
        ("reconnect", []) => Builtin::Reconnect,
        ("save", ["off"]) => Builtin::Save(None),
        ("save", [file]) => Builtin::Save(Some((*file).to_owned())),
        ("set", []) => Builtin::Set(None),
        ("set", [option, value]) => {
            let setting = Setting::of(option, value);
            Builtin::Set(Some(setting.map_err(|why| misplaced(Fault::Words(why)))?))
        }
        ("set", [option]) => return Err(misplaced(Fault::OptionOnly(Setting::missing(option)))),
        ("source", [file]) => Builtin::Source((*file).to_owned()),
        ("timing", []) => Builtin::Timing(None),
        ("timing", ["on"]) => Builtin::Timing(Some(true)),
        ("timing", ["off"]) => Builtin::Timing(Some(false)),
        ("top", []) => Builtin::Top,
        ("use", [names]) => Builtin::Interactive(Interactive::Use((*names).to_owned())),
        ("whoami", []) => Builtin::Whoami,
        ("x", []) => Builtin::Vertical,
        _ if usage.takes.is_empty() => {
            return Err(misplaced(Fault::TakesNothing(format!("/{name}"))));
        }
        _ => return Err(wrong()),
    })
}

fn words(text: &Word, place: Place) -> Result<Vec<String>, Misplaced> {
    let words = split(&text.value, text.span.start, place).into_iter();
    words.map(|word| Ok(word.sound()?.whole())).collect()
}

fn events(text: &Word, place: Place) -> Result<Option<EventChoice>, Misplaced> {
    match text.value.is_empty() {
        true => Ok(None),
        false => EventChoice::read(&text.value, text.span.start, place).map(Some),
    }
}

fn filter(text: &Word, place: Place) -> Result<Filter, Misplaced> {
    if text.value.is_empty() {
        Ok(Filter::Told)
    } else if text.value.eq_ignore_ascii_case(b"off") {
        Ok(Filter::Off)
    } else {
        Expr::read(&text.value, text.span.start, place).map(Filter::Only)
    }
}

fn last(text: &Word, place: Place) -> Result<Last, Misplaced> {
    let first = first_word(&text.value);
    let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let is_count = is_number(first);
    misplaced_count(text, is_count)?;
    let count = std::str::from_utf8(first).ok().filter(|_| is_count);
    let behind = text.value.get(count.map_or(0, str::len)..);
    let behind = trim_start(behind.unwrap_or_default());
    let at = text.span.end - behind.len();
    let expr = match behind.is_empty() {
        true => None,
        false => Some(Expr::read(behind, at, place)?),
    };
    Ok(Last {
        // A number too large means all of them.
        count: count.map(|count| count.parse().unwrap_or(usize::MAX)),
        expr,
    })
}

/// Refuses a number that is none, or not in its place: it would be the name of
/// an event.
fn misplaced_count(text: &Word, is_count: bool) -> Result<(), Misplaced> {
    let typed = text.value.lossy();
    let mut words = typed.split_ascii_whitespace();
    let (first, last) = (words.next().unwrap_or_default(), words.next_back());
    let begins = first.starts_with(|one: char| one == '-' || one == '+' || one.is_ascii_digit());
    let is_number = |word: &&str| word.bytes().all(|one| one.is_ascii_digit());
    let (wrong, right) = match last.filter(is_number) {
        _ if begins && !is_count => (first, "5 Hangup".to_owned()),
        Some(last) if !is_count => {
            let before = typed
                .trim_ascii_end()
                .strip_suffix(last)
                .unwrap_or_default();
            (last, format!("{last} {}", before.trim_ascii()))
        }
        _ => return Ok(()),
    };
    let fault = Fault::NoCount(wrong.escape_debug().to_string(), right);
    Err((text.span.clone(), fault))
}

fn watch(text: &Word) -> Result<Repeat, Misplaced> {
    let misplaced = |fault| (text.span.clone(), fault);
    let typed = text.value.lossy();
    let (seconds, line) = typed.split_once([' ', '\t']).unwrap_or((&typed, ""));
    let line = line.trim();
    let pause = duration(seconds).and_then(|pause| match pause < LEAST_PAUSE {
        true => Err(format!(
            "'{seconds}' is too short: a pause is at least 0.1 s"
        )),
        false => Ok(pause),
    });
    // `/watch QueueStatus support` lacks the pause.
    let known = ["cli", "help"].contains(&seconds)
        || seconds.starts_with('/')
        || Catalog::default().find(seconds).is_some();
    let fault = |why| match known {
        true if line.is_empty() => Fault::NoPause(seconds.to_owned()),
        true => Fault::NoPause(format!("{seconds} …")),
        false => Fault::Words(format!("{why}, as in /watch 2 LINE")),
    };
    if seconds.is_empty() || (line.is_empty() && pause.is_ok()) {
        return Err(misplaced(Fault::Usage("watch", "SECONDS LINE")));
    }
    Ok(Repeat {
        pause: pause.map_err(|why| misplaced(fault(why)))?,
        line: line.to_owned(),
    })
}

impl Builtin {
    /// Replaces the variables in its expression; None if it has none.
    pub(super) fn with(&self, variables: &Variables) -> Option<Result<Builtin, Fault>> {
        let (Builtin::Filter(Filter::Only(expr))
        | Builtin::Events(Some(EventChoice::Only(expr)))
        | Builtin::Last(Last {
            expr: Some(expr), ..
        })) = self
        else {
            return None;
        };
        if expr.is_fixed() {
            return None;
        }
        Some(expr.with(variables).map(|expr| match self {
            Builtin::Events(_) => Builtin::Events(Some(EventChoice::Only(expr))),
            Builtin::Last(last) => Builtin::Last(Last {
                count: last.count,
                expr: Some(expr),
            }),
            _ => Builtin::Filter(Filter::Only(expr)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // `/set color` alone is how users ask which values there are.
    #[test]
    fn an_option_without_a_value_says_what_it_takes() {
        let said = |text: &str| {
            let text = Word::plain(text.as_bytes(), 0);
            builtin("set", &text, Place::Shell)
                .unwrap_err()
                .1
                .to_string()
        };
        assert_eq!(
            said("Color"),
            "/set color needs a value, always, never or auto; /set alone lists what is set"
        );
        let options = "there is no option 'colour': color, fields, output, pager, timeout";
        assert_eq!(said("colour"), options);
        assert_eq!(said("colour always"), options);
    }

    // Help, completion and colours use this table; the parser must know exactly
    // the same names.
    #[test]
    fn the_table_is_sorted_and_every_row_is_parsed() {
        assert!(TABLE.is_sorted_by_key(|one| one.name));
        for one in TABLE {
            let text = match one.name {
                "watch" => "2 Ping",
                "set" => "output json",
                _ if one.takes.is_empty() || one.takes.starts_with('[') => "",
                _ => "x",
            };
            let text = Word::plain(text.as_bytes(), 0);
            let parsed = builtin(one.name, &text, Place::Shell);
            assert!(parsed.is_ok(), "{}: {parsed:?}", one.name);
        }
        let none = builtin("evnts", &Word::plain(b"", 0), Place::Shell).unwrap_err();
        assert_eq!(
            none.1.to_string(),
            "there is no /evnts; did you mean /events?"
        );
    }
}
