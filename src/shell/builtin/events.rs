//! `/events`, `/filter` and `/last`: which events are shown, and which were.

use crate::ami::Status;
use crate::language::{Expr, Filter, Last};
use crate::perform::watch::Wanted;
use crate::session::{Answer, Classes};
use crate::shell::Shell;

/// Events that `/last` shows where nobody says how many.
const LAST: usize = 20;

impl Shell<'_> {
    /// `/events`: what is shown from now on, or what is.
    pub(in crate::shell) fn events(&mut self, words: &[String]) -> Result<(), String> {
        if !words.is_empty() {
            let (classes, only) = match Wanted::of(&words.join(" "))? {
                Wanted::Classes(classes) => (classes, None),
                Wanted::Only(expr) => (Classes::ALL, Some(expr)),
            };
            self.show_events(classes)?;
            if only.is_some() {
                self.screen.watch().set_filter(only);
            }
        }
        let classes = self.session.events();
        let shown = match classes {
            Classes::NONE => "events: off".to_owned(),
            Classes::ALL => "events: every class".to_owned(),
            classes => format!("events: {classes}"),
        };
        let filter = match self.screen.watch().filter() {
            Some(filter) => format!("; of these only {filter} (/filter off shows all)"),
            None => String::new(),
        };
        self.say(&format!("{shown}{filter}"));
        Ok(())
    }

    /// Asks the server for events of `classes` and no others.
    pub(in crate::shell) fn show_events(&self, classes: Classes) -> Result<(), String> {
        self.connected()?;
        let answer = self.session.set_events(classes);
        match answer.map_err(|e| e.to_string())? {
            Some(Answer::Reply(reply)) if reply.status() == Status::Error => {
                let why = reply.message().unwrap_or_default();
                Err(format!("the server refuses: {why}"))
            }
            None | Some(Answer::Reply(_)) => Ok(()),
            Some(_) => Err("no answer in time: the events are as they were, or not".to_owned()),
        }
    }

    /// `/filter`: which of the events are shown from now on, or are.
    pub(in crate::shell) fn filter(&self, filter: Filter) {
        let mut watch = self.screen.watch();
        match filter {
            Filter::Told => {}
            Filter::Off => watch.set_filter(None),
            Filter::Only(expr) => watch.set_filter(Some(expr)),
        }
        let mut words = match watch.filter() {
            Some(filter) => format!("filter: {filter}"),
            None => "filter: off".to_owned(),
        };
        if watch.filter().is_some() && self.session.events() == Classes::NONE {
            words.push_str("; events are off: /events on");
        }
        drop(watch);
        self.say(&words);
    }

    /// `/last`: events that have passed by, shown or not.
    pub(in crate::shell) fn last(&self, last: &Last) {
        let mut printer = self.screen.printer();
        let mut out = Vec::new();
        let watch = self.screen.watch();
        let count = last.count.unwrap_or(LAST);
        for (time, event) in watch.last(count, last.expr.as_ref()) {
            printer.event(&mut out, time, event);
        }
        drop(watch);
        if out.is_empty() {
            let of = |expr: &Expr| format!("no event passed by that {expr} means");
            let none = "no event passed by; /events on shows them as they come".to_owned();
            return self.say(&last.expr.as_ref().map_or(none, of));
        }
        self.page(&out);
    }
}
