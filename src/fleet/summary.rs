//! What became of each PBX, in words and as one exit code.

use super::admission::NotTried;
use super::merge::Merge;
use crate::error::Error;
use crate::exit_code::Code;
use crate::output::{Answered, Gathering, Printer};
use std::io;

/// So many names are listed for each outcome.
const NAMED: usize = 5;

/// What became of one PBX.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was worked with, to this end.
    Done(Code),
    /// It was not reached, or there was no login.
    Failed(Error),
    /// It was not tried.
    Untried(NotTried),
    /// The output is broken.
    Output(io::Error),
}

impl Outcome {
    pub fn code(&self) -> Code {
        match self {
            Outcome::Done(code) => *code,
            Outcome::Failed(error) => error.code(),
            Outcome::Untried(NotTried::SecretRefused) => Code::Login,
            // The signal or the end of the stream counts by itself.
            Outcome::Untried(NotTried::Ending) => Code::Ok,
            Outcome::Output(_) => Code::Failed,
        }
    }

    pub fn words(&self) -> &'static str {
        match (self, self.code()) {
            (Outcome::Untried(why), _) => why.words(),
            (_, Code::Ok) => "ok",
            (_, Code::Error) => "answered an Error",
            (_, Code::Login) => "refused the login",
            (_, Code::NoConnection) => "not reached",
            (_, Code::Unknown) => "without an answer, their outcome unknown",
            (_, Code::Unmet) => "without what was expected",
            (_, Code::Lost) => "with events lost",
            (_, Code::Usage) => "refused before sending",
            (_, Code::Failed) => "failed here",
            (_, Code::Signal(_)) => "stopped",
        }
    }
}

/// Shows what was gathered, says why some failed, and how many did what. Returns
/// the exit code that counts.
pub(super) fn tell(
    merge: &Merge,
    printer: &mut Printer,
    gathering: &Gathering,
    outcomes: Vec<Outcome>,
    quiet: bool,
) -> Result<Code, Error> {
    let broken = |outcome: &Outcome| matches!(outcome, Outcome::Output(_));
    if outcomes.iter().any(broken) {
        let mut broken = outcomes.into_iter().filter_map(|outcome| match outcome {
            Outcome::Output(why) => Some(why),
            _ => None,
        });
        let why = broken.next().unwrap_or_else(|| io::ErrorKind::Other.into());
        return Err(Error::Output(why));
    }
    // What could not be written for others, whose turn it was.
    merge.flush().map_err(Error::Output)?;
    let names = merge.names();
    let together = Together::of(printer, gathering, names);
    merge.write(&together.text).map_err(Error::Output)?;
    together.notes.iter().for_each(|note| merge.say(note));
    for (name, outcome) in names.iter().zip(&outcomes) {
        if let Outcome::Failed(error) = outcome {
            merge.say(&format!("{name}: {error}"));
        }
    }
    let mut code = outcomes.iter().map(Outcome::code).min().unwrap_or(Code::Ok);
    if together.left_out > 0 {
        code = code.with(Code::Failed);
    }
    if outcomes.is_empty() {
        merge.say("none of the PBXs is in this share");
    } else if !quiet {
        merge.say(&counted(names, &outcomes));
    }
    Ok(code)
}

/// `38 ok, 1 not reached: branch`.
fn counted(names: &[String], outcomes: &[Outcome]) -> String {
    let mut kinds: Vec<(Code, &str, Vec<&str>)> = Vec::new();
    for (name, outcome) in names.iter().zip(outcomes) {
        let words = outcome.words();
        match kinds.iter_mut().find(|(_, known, _)| *known == words) {
            Some((_, _, who)) => who.push(name),
            None => kinds.push((outcome.code(), words, vec![name])),
        }
    }
    // Those that went well first, then what is worst.
    kinds.sort_by_key(|(code, _, _)| (*code != Code::Ok, *code));
    let part = |(code, words, who): &(Code, &str, Vec<&str>)| {
        let count = format!("{} {words}", who.len());
        if *code == Code::Ok {
            return count;
        }
        let mut named: Vec<&str> = who.iter().take(NAMED).copied().collect();
        let more = format!("{} more", who.len().saturating_sub(NAMED));
        if who.len() > NAMED {
            named.push(&more);
        }
        format!("{count} ({})", named.join(", "))
    };
    kinds.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What was gathered of all, as it is shown.
pub(super) struct Together {
    /// In the form of the printer.
    pub text: Vec<u8>,
    /// To be said below it.
    pub notes: Vec<String>,
    /// How many answers there was no memory for.
    pub left_out: usize,
}

impl Together {
    /// Of `gathering`, whose numbers are those of `names`.
    pub fn of(printer: &mut Printer, gathering: &Gathering, names: &[String]) -> Together {
        let name = |number: &usize| names.get(*number).map_or("", String::as_str);
        let (answers, left_out) = gathering.take();
        let (mut text, mut notes) = (Vec::new(), Vec::new());
        for (i, all) in answers.iter().enumerate() {
            let answered = all.iter().map(|(number, reply)| Answered {
                pbx: name(number),
                reply,
            });
            let answered: Vec<Answered<'_>> = answered.collect();
            if i > 0 && !printer.form.is_rows() {
                text.push(b'\n');
            }
            printer.merged(&mut text, &answered);
            notes.extend(printer.notes());
        }
        let screens = gathering.take_screens();
        let screens = screens
            .into_iter()
            .map(|(number, block)| (name(&number), block));
        let blocks = printer.one_screen(&screens.collect::<Vec<_>>());
        if !blocks.is_empty() {
            printer.meet_columns(&blocks);
            printer.screen(&mut text, &blocks);
        }
        notes.extend(printer.unmet().filter(|_| !text.is_empty()));
        if left_out > 0 {
            notes.push(format!(
                "{left_out} answers are missing in the tables, which would need more than 256 MiB: use -o json"
            ));
        }
        Together {
            text,
            notes,
            left_out,
        }
    }
}
