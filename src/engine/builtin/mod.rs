//! amish's own commands, each implemented once for the prompt and for scripts.

mod calls;
mod diagnosis;
mod events;
mod follow;
mod help;
mod repeat;
mod search;
mod security;
mod top;

pub use help::About;

use super::flow::{Done, Failure, Flow};
use super::runner::Runner;
use super::step::Line;
use super::transcript::Shown;
use super::wait::Waited;
use crate::exit_code::Code;
use crate::language::{Builtin, Setting};
use crate::output::{Block, Form, Look, vertical};
use crate::session::Arrival;
use std::time::SystemTime;

impl Runner<'_> {
    pub(super) fn builtin(&mut self, builtin: Builtin, line: Line) -> Done {
        match builtin {
            Builtin::Calls => self.calls(),
            Builtin::Doctor(suspect) => self.doctor(&suspect),
            Builtin::Events(choice) => self.events(choice),
            Builtin::Filter(filter) => self.filter(filter),
            Builtin::Follow(channel) => self.follow(&channel),
            Builtin::Help(topic) => self.help(&topic),
            Builtin::Last(last) => self.last(&last),
            Builtin::Quit => Ok(Flow::Leave),
            Builtin::Reconnect => self.reconnect(),
            Builtin::Save(file) => self.save(file.as_deref()),
            Builtin::Set(None) => self.list_settings(),
            Builtin::Set(Some(setting)) => {
                if let Setting::Timeout(time) = setting {
                    self.session.set_patience(time);
                }
                self.transcript.lock().set(&setting);
                Ok(Flow::Go)
            }
            Builtin::Source(file) => self.source(&file, line),
            Builtin::Timing(on) => self.timing(on),
            Builtin::Top => self.top(),
            Builtin::Vertical => self.vertical(),
            Builtin::Watch(repeat) => self.repeat(&repeat),
            Builtin::Whoami => self.whoami(),
            Builtin::History => {
                let text = self.face.history().unwrap_or_default();
                self.page(text.as_bytes())?;
                Ok(Flow::Go)
            }
            Builtin::Interactive(command) => Ok(self.face.interactive(&command)?),
        }
    }

    fn screen(&mut self, blocks: &[Block]) -> Done {
        let mut out = Vec::new();
        self.transcript.lock().printer.meet_columns(blocks);
        self.printer().screen(&mut out, blocks);
        self.page(&out)?;
        Ok(Flow::Go)
    }

    fn list_settings(&mut self) -> Done {
        let timeout = self.session.patience().as_secs_f64();
        let facts = {
            let transcript = self.transcript.lock();
            let pager = if transcript.pager { "on" } else { "off" };
            vec![
                ("color", transcript.color.word().to_owned()),
                ("fields", transcript.printer.fields().to_string()),
                ("output", transcript.printer.form.name().to_owned()),
                ("pager", pager.to_owned()),
                ("timeout", timeout.to_string()),
            ]
        };
        self.screen(&[Block::Facts {
            kind: "settings",
            facts,
        }])
    }

    fn save(&mut self, file: Option<&str>) -> Done {
        self.flush()?;
        let saved = self.transcript.lock().save(file);
        saved.map_err(|why| {
            let words = format!("{}: {why}", file.unwrap_or_default());
            Failure(Code::Failed, words)
        })?;
        if !self.is_script() {
            let words = match file {
                None => "replies and events are no longer saved".to_owned(),
                Some(file) => {
                    format!("saving replies and events to {file}, in the form a pipe would get")
                }
            };
            self.say(&words)?;
        }
        Ok(Flow::Go)
    }

    fn timing(&mut self, on: Option<bool>) -> Done {
        let on = {
            let mut transcript = self.transcript.lock();
            transcript.timing = on.unwrap_or(!transcript.timing);
            transcript.timing
        };
        if !self.is_script() {
            self.say(match on {
                true => "timing is on",
                false => "timing is off",
            })?;
        }
        Ok(Flow::Go)
    }

    /// `/x`: shows the last reply or event with every header.
    fn vertical(&mut self) -> Done {
        let printer = self.printer();
        let look = Look {
            now: Some(SystemTime::now()),
            ..printer.drawn_look()
        };
        let mut text = Vec::new();
        match (&self.transcript.lock().last, printer.form) {
            (None, _) => {
                let words = "no reply or event was shown yet".to_owned();
                return Err(Failure(Code::Unmet, words).into());
            }
            // These forms show every header anyway.
            (Some(last), Form::Json | Form::Raw) => {
                let mut printer = printer.clone();
                match last {
                    Shown::Reply(reply) => reply
                        .packets()
                        .for_each(|packet| printer.captured(&mut text, packet)),
                    Shown::Event(event) => printer.captured(&mut text, event),
                }
            }
            (Some(Shown::Reply(reply)), _) => vertical::reply(&mut text, reply, &look),
            (Some(Shown::Event(event)), _) => vertical::event(&mut text, event, &look),
        }
        self.page(&text)?;
        Ok(Flow::Go)
    }

    fn reconnect(&mut self) -> Done {
        let session = self.session;
        let before = session.generation();
        session.reconnect();
        while session.generation() == before {
            let has_failed = |what: &Arrival| matches!(what, Arrival::StillDown(..));
            match self.wait_through(None, has_failed)? {
                Waited::Done(()) => break,
                Waited::Interrupted => {
                    let words = "stopped waiting for the connection; amish keeps trying";
                    return Err(Failure(Code::NoConnection, words.to_owned()).into());
                }
                Waited::Over | Waited::Nudged | Waited::Ended => {}
            }
        }
        Ok(Flow::Go)
    }
}
