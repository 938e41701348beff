//! `/events`, `/filter` and `/last`: which events are shown, and which arrived
//! lately.

use crate::ami::Classes;
use crate::engine::flow::{Done, Flow};
use crate::engine::runner::Runner;
use crate::language::{EventChoice, Expr, Filter, Last};

/// How many events `/last` shows without a number.
const LAST: usize = 20;

impl Runner<'_> {
    pub(super) fn events(&mut self, choice: Option<EventChoice>) -> Done {
        let Some(choice) = choice else {
            let words = self.events_shown();
            self.tell(&words)?;
            return Ok(Flow::Go);
        };
        let (classes, only) = choice.split();
        if let Some(only) = &only {
            self.doubt(only, classes)?;
            self.transcript.lock().filter = Some(only.clone());
        }
        if self.is_script() && classes != Classes::NONE {
            self.transcript.lock().takes_events()?;
        }
        self.connected()?;
        self.show_events(classes)?;
        if !self.is_script() {
            let words = self.events_shown();
            self.say(&words)?;
        }
        self.say_in_vain(classes, only.as_ref())?;
        Ok(Flow::Go)
    }

    /// Asks the server for events of `classes` only, and waits for its answer.
    ///
    /// # Errors
    /// Also: the server does not send them.
    pub fn show_events(&mut self, classes: Classes) -> Done<()> {
        match self.session.ask_events(classes)? {
            Some(ticket) => self.mask_answer(ticket),
            None => Ok(()),
        }
    }

    fn events_shown(&self) -> String {
        let classes = self.session.events();
        let shown = match classes {
            Classes::NONE => "events: off".to_owned(),
            Classes::ALL if !self.is_script() => "events: every class".to_owned(),
            classes => format!("events: {classes}"),
        };
        let filter = match &self.transcript.lock().filter {
            Some(filter) if !self.is_script() => {
                format!("; filtered by {filter} (/filter off shows all)")
            }
            _ => String::new(),
        };
        format!("{shown}{filter}")
    }

    pub(super) fn filter(&mut self, filter: Filter) -> Done {
        let is_told = filter == Filter::Told;
        if let Filter::Only(expr) = &filter {
            let asked = match self.session.events() {
                Classes::NONE => Classes::ALL,
                classes => classes,
            };
            self.doubt(expr, asked)?;
        }
        let mut words = {
            let mut transcript = self.transcript.lock();
            match filter {
                Filter::Told => {}
                Filter::Off => transcript.filter = None,
                Filter::Only(expr) => transcript.filter = Some(expr),
            }
            match &transcript.filter {
                Some(filter) => format!("filter: {filter}"),
                None => "filter: off".to_owned(),
            }
        };
        let is_on = self.transcript.lock().filter.is_some();
        if !self.is_script() {
            if is_on && self.session.events() == Classes::NONE {
                words.push_str("; events are off: /events on");
            }
            self.say(&words)?;
        } else if is_told {
            self.tell(&words)?;
        }
        Ok(Flow::Go)
    }

    pub(super) fn last(&mut self, last: &Last) -> Done {
        self.flush()?;
        let mut printer = self.printer();
        printer.takes_events(last.expr.as_ref().is_some_and(Expr::is_of_one_name))?;
        let mut out = Vec::new();
        {
            let transcript = self.transcript.lock();
            let count = last.count.unwrap_or(LAST);
            let observed = transcript.observed.iter();
            let events = observed.flat_map(|one| one.last(count, last.expr.as_ref()));
            events.for_each(|(time, event)| printer.event(&mut out, time, event));
        }
        if out.is_empty() {
            if let Some(expr) = &last.expr {
                self.doubt(expr, Classes::ALL)?;
            }
            let words = match &last.expr {
                Some(expr) => format!("no event so far matches {expr}"),
                None => "no events so far; /events on turns them on".to_owned(),
            };
            self.say(&words)?;
            return Ok(Flow::Go);
        }
        self.page(&out)?;
        Ok(Flow::Go)
    }
}
