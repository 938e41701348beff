//! One line of a shell on several PBXs.

use super::Streams;
use super::merge::{How, Merge};
use super::summary::Together;
use super::threads::{GATHERED, STACK};
use crate::engine::{Batch, Face, Part, Rules, Runner, Shared};
use crate::language::Statement;
use crate::output::{Form, Gathering, Look, Printer};
use crate::peer_text::visible;
use crate::session::Session;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// So many names stand before the same words.
const NAMED: usize = 5;

/// So many different words are said.
const MOST: usize = 40;

/// How long what is said may wait for the end.
const MOMENT: Duration = Duration::from_secs(1);

/// A line, and how it is carried out.
pub struct Line<'a> {
    /// What is to be done.
    pub statement: &'a Statement,
    /// The rules for each; a PBX may be read-only while others are not.
    pub rules: Rules,
    /// A local command reads what they answer.
    pub is_piped: bool,
    /// Show what one PBX says after the other, in their order.
    pub by_target: bool,
    /// The most bytes that may wait for their turn.
    pub limit: usize,
}

/// One PBX that it is for.
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its session.
    pub session: Arc<Session>,
    /// What is shown of it.
    pub transcript: Shared,
    /// Nothing may be changed there.
    pub read_only: bool,
}

/// What is shown at the end.
pub struct Told {
    /// What all answered.
    pub text: Vec<u8>,
    /// Words below it.
    pub words: Vec<String>,
}

/// What the threads share.
struct Crowd<'a> {
    line: &'a Line<'a>,
    chosen: &'a [Chosen],
    merge: Merge,
    gathering: Arc<Gathering>,
    /// How and what a local command gets of answers that are not shown together.
    look: Look,
    piped: Mutex<Vec<u8>>,
    /// In this form a comment says whose a packet is.
    is_marked: bool,
    said: Mutex<Vec<(usize, String)>>,
    /// How many are still at work.
    left: Mutex<usize>,
    changed: Condvar,
}

/// Carries out `line` on all of `chosen`, each with events of its own, which are
/// shown until the last one is done. What they answer is returned, if `printer` has
/// a form that shows it together. Ctrl-C interrupts all sessions.
pub fn line(line: &Line<'_>, chosen: &[Chosen], mut printer: Printer, streams: Streams) -> Told {
    let names: Vec<String> = chosen.iter().map(|one| one.name.clone()).collect();
    let how = How {
        by_target: line.by_target,
        form: printer.form,
        is_one_by_one: false,
        limit: line.limit,
    };
    let shared = Crowd {
        line,
        chosen,
        merge: Merge::new(how, names.clone(), streams),
        gathering: Arc::new(Gathering::new(GATHERED)),
        look: printer.look,
        piped: Mutex::default(),
        is_marked: printer.form == Form::Packet,
        said: Mutex::default(),
        left: Mutex::new(chosen.len()),
        changed: Condvar::new(),
    };
    std::thread::scope(|scope| {
        for (number, one) in chosen.iter().enumerate() {
            let builder = Builder::new().name("pbx".into()).stack_size(STACK);
            let shared = &shared;
            let started = builder.spawn_scoped(scope, move || shared.one(number, one));
            if let Err(why) = started {
                shared.say(number, &format!("cannot start a thread: {why}"));
                shared.finish(number);
            }
        }
        shared.tell();
    });
    let mut together = Together::of(&mut printer, &shared.gathering, &names);
    together.notes.extend(shared.take_said());
    let mut text = std::mem::take(&mut *lock(&shared.piped));
    text.append(&mut together.text);
    Told {
        text,
        words: together.notes,
    }
}

impl Crowd<'_> {
    fn one(&self, number: usize, one: &Chosen) {
        let gathering = Some((self.gathering.clone(), number));
        let look = {
            let printer = &mut one.transcript.lock().printer;
            printer.gather(gathering);
            match self.line.is_piped {
                true => std::mem::replace(&mut printer.look, self.look),
                false => printer.look,
            }
        };
        let rules = Rules {
            read_only: self.line.rules.read_only || one.read_only,
            ..self.line.rules
        };
        let mut face = Voice {
            shared: self,
            number,
        };
        let transcript = one.transcript.clone();
        let mut runner = Runner::at_prompt(&one.session, transcript, &mut face, rules, false);
        // The terminal, if it is gone, is noticed at the next prompt.
        let _ = runner.statement(self.line.statement.clone().into());
        let _ = runner.flush();
        {
            let printer = &mut one.transcript.lock().printer;
            printer.gather(None);
            printer.look = look;
        }
        self.finish(number);
        // Its events are shown while others are at work.
        while *lock(&self.left) > 0 {
            match runner.wait_for_nudge() {
                Ok(true) => {}
                Ok(false) | Err(_) => break,
            }
        }
        let _ = runner.flush();
    }

    /// One has done all that it had to do.
    fn finish(&self, number: usize) {
        self.merge.finish(number);
        let mut left = lock(&self.left);
        *left -= 1;
        if *left == 0 {
            self.changed.notify_all();
            for one in self.chosen {
                one.session.backlog().nudge();
            }
        }
    }

    /// Says from time to time what was said, until all are done: of what takes long a
    /// person wants to know that it has begun. The rest is said below the answers.
    fn tell(&self) {
        let mut left = lock(&self.left);
        while *left > 0 {
            let waited = self
                .changed
                .wait_timeout_while(left, MOMENT, |left| *left > 0);
            let (still, time) = waited.unwrap_or_else(PoisonError::into_inner);
            left = still;
            if time.timed_out() {
                drop(left);
                self.take_said()
                    .iter()
                    .for_each(|words| self.merge.say(words));
                left = lock(&self.left);
            }
        }
    }

    fn take_said(&self) -> Vec<String> {
        let names: Vec<&str> = self.chosen.iter().map(|one| &one.name[..]).collect();
        of_all(std::mem::take(&mut *lock(&self.said)), &names)
    }

    fn say(&self, number: usize, words: &str) {
        lock(&self.said).push((number, words.to_owned()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics half way through a change.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One PBX as a face: its words are said below what all have answered, once if
/// several say the same.
struct Voice<'a> {
    shared: &'a Crowd<'a>,
    number: usize,
}

impl Face for Voice<'_> {
    fn show(&mut self, batch: &Batch) -> io::Result<()> {
        self.shared.merge.show(self.number, batch.parts())
    }

    fn page(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            // It is shown with that of the others.
            return Ok(());
        }
        if !self.shared.line.is_piped {
            return self.shared.merge.show(self.number, [Part::Text(text)]);
        }
        let mut piped = lock(&self.shared.piped);
        if self.shared.is_marked {
            let name = self.shared.chosen.get(self.number);
            let name = visible::text(name.map_or("", |one| &one.name).as_bytes());
            piped.extend_from_slice(format!("# {name}\n").as_bytes());
        }
        piped.extend_from_slice(text);
        Ok(())
    }

    fn say(&mut self, words: &str) {
        self.shared.say(self.number, words);
    }
}

/// What was said, in the order of the PBXs, with the names of those who said it.
fn of_all(mut said: Vec<(usize, String)>, names: &[&str]) -> Vec<String> {
    said.sort_by_key(|(number, _)| *number);
    let mut kinds: Vec<(String, Vec<usize>)> = Vec::new();
    for (number, words) in said {
        match kinds.iter_mut().find(|(known, _)| *known == words) {
            Some((_, who)) if who.last() == Some(&number) => {}
            Some((_, who)) => who.push(number),
            None => kinds.push((words, vec![number])),
        }
    }
    let whose = |(words, who): (String, Vec<usize>)| {
        if who.len() == names.len() {
            return words;
        }
        let named = who.iter().take(NAMED).filter_map(|one| names.get(*one));
        let mut named: Vec<&str> = named.copied().collect();
        let more = format!("{} more", who.len().saturating_sub(NAMED));
        if who.len() > NAMED {
            named.push(&more);
        }
        format!("{}: {words}", named.join(", "))
    };
    let more = kinds.len().saturating_sub(MOST);
    kinds.truncate(MOST);
    let more = (more > 0).then(|| format!("{more} more PBXs said something else"));
    kinds.into_iter().map(whose).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // A thousand PBXs that all say the same are one line, and whoever differs is
    // named.
    #[test]
    fn the_same_words_are_said_once() {
        let names: Vec<String> = (0..99).map(|i| format!("pbx{i}")).collect();
        let every: Vec<&str> = names.iter().map(String::as_str).collect();
        let names = &every[..9];
        let said = |who: &[usize], words: &str| -> Vec<(usize, String)> {
            who.iter().map(|one| (*one, words.to_owned())).collect()
        };
        let all: Vec<usize> = (0..9).collect();
        assert_eq!(of_all(said(&all, "timing is on"), names), ["timing is on"]);
        let mixed = [said(&[4, 3], "no answer"), said(&[1], "not connected")].concat();
        let wanted = ["pbx1: not connected", "pbx3, pbx4: no answer"];
        assert_eq!(of_all(mixed, names), wanted);
        let many = of_all(said(&all[1..], "x"), names);
        assert_eq!(many, ["pbx1, pbx2, pbx3, pbx4, pbx5, 3 more: x"]);
        let all = (0..99).map(|one| (one, format!("call {one}"))).collect();
        let told = of_all(all, &every);
        assert_eq!(told.len(), MOST + 1);
        assert_eq!(told[MOST], "59 more PBXs said something else");
    }
}
