//! What a script asks of amish itself.

use super::{Flow, Script};
use crate::ami::{Action, Status};
use crate::catalog::{Catalog, Listing};
use crate::language::Statement;
use crate::output::table;
use crate::perform::Code;
use crate::run::Sink;
use crate::run::source::Setting;
use crate::session::{Answer, Classes};
use std::io;

const NO_EVENTS: &str = "the server did not answer Events: whether it sends any is unknown";
const CLOSED: &str = "the connection ended before the answer to Events";

impl Script<'_> {
    pub(super) fn builtin(
        &mut self,
        at: &Statement,
        name: &str,
        args: &[String],
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let (setting, only) = match Setting::of(name, args) {
            Ok(Setting::Only(expr)) => (Ok(Setting::Classes(Classes::ALL)), Some(expr)),
            setting => (setting, None),
        };
        if only.is_some() {
            sink.filter = only;
        }
        match setting {
            Ok(Setting::Classes(classes)) => {
                if classes != Classes::NONE
                    && let Err(words) = sink.takes_events()
                {
                    return Ok(self.fail_at(at.line, Code::Usage, &words, sink));
                }
                let waited = self.connected(sink)?;
                return Ok(waited.unwrap_or_else(|| self.events(at, classes, sink)));
            }
            Ok(Setting::Events) if sink.quiet => {}
            Ok(Setting::Events) => sink.say(&format!("events: {}", self.session.events())),
            Ok(Setting::Output(form)) => sink.printer.form = form,
            // Made classes above.
            Ok(Setting::Only(_)) => {}
            Ok(Setting::Fields(fields)) => sink.printer.set_fields(fields),
            Ok(Setting::Timing(on)) => self.timing = on.unwrap_or(!self.timing),
            Ok(Setting::Save(file)) => {
                if let Err(why) = sink.save(file.as_deref()) {
                    return Ok(self.fail_at(at.line, Code::Failed, &why, sink));
                }
            }
            Err(words) => return Ok(self.fail_at(at.line, Code::Usage, &words, sink)),
        }
        Ok(Flow::Go)
    }

    /// `/events CLASSES`. An answer is waited for, and one that is no success
    /// counts as that of an Action does.
    fn events(&mut self, at: &Statement, classes: Classes, sink: &mut Sink<'_>) -> Flow {
        let (code, words) = match self.session.set_events(classes) {
            Ok(None) => return Flow::Go,
            Ok(Some(Answer::Reply(reply))) if reply.status() != Status::Error => return Flow::Go,
            Ok(Some(Answer::Reply(reply))) => {
                let why = reply.message().unwrap_or_default().into_owned();
                (
                    Code::Error,
                    format!("the server refuses to send events: {why}"),
                )
            }
            Ok(Some(Answer::TimedOut(_))) => (Code::Unknown, NO_EVENTS.to_owned()),
            Ok(Some(Answer::Lost(_))) => (Code::Unknown, CLOSED.to_owned()),
            Err(error) => (Code::Unknown, error.to_string()),
        };
        if code == Code::Error && at.forgiven {
            return Flow::Go;
        }
        self.fail_at(at.line, code, &words, sink);
        self.after(code)
    }

    /// `help` in a script asks this server what it can do.
    pub(super) fn help(
        &mut self,
        at: usize,
        topic: &[String],
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let action = Action::own("ListCommands", &[]);
        let answer = self.session.call(action);
        if let Ok(Answer::Reply(reply)) = answer
            && reply.status() != Status::Error
        {
            self.catalog = Catalog::with(Listing::of(&reply));
        }
        let wanted = |name: &str| {
            topic.is_empty() || topic.iter().any(|word| word.eq_ignore_ascii_case(name))
        };
        if !self.catalog.actions().any(|entry| wanted(entry.name)) {
            let topic = topic.join(" ");
            let words = format!("there is no Action {topic}; help lists what there is");
            return Ok(self.fail_at(at, Code::Usage, &words, sink));
        }
        let mut out = Vec::new();
        let shown = self.catalog.actions().filter(|entry| wanted(entry.name));
        table::actions(&mut out, shown, &sink.printer.look);
        sink.show(&out)?;
        Ok(Flow::Go)
    }
}
