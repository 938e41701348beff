//! `set`: what a server has answered, for later lines.

use super::{Flow, Script};
use crate::ami::{Packet, Reply};
use crate::language::{Assigned, Statement};
use crate::run::Sink;
use std::io;

/// What `set` reads.
pub(super) enum Last {
    /// The reply to the last Action.
    Reply(Box<Reply>),
    /// The event that was expected.
    Event(Packet),
}

impl Last {
    /// The value of its first header `key`: of the response, then of the items.
    /// What a Command printed is its Output, in both wire forms.
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            Last::Event(event) => event.get(key).map(<[u8]>::to_vec),
            Last::Reply(reply) => {
                let output = || reply.output().map(|lines| lines.join(&b"\n"[..]));
                let output = output().filter(|_| key.eq_ignore_ascii_case("Output"));
                let header = || reply.packets().find_map(|packet| packet.get(key));
                output.or_else(|| header().map(<[u8]>::to_vec))
            }
        }
    }
}

impl Script<'_> {
    pub(super) fn set(
        &mut self,
        name: &str,
        value: &Assigned,
        at: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let key = match value {
            Assigned::Text(text) => {
                self.variables.set(name, text.to_vec());
                return Ok(Flow::Go);
            }
            Assigned::Header(key) => key,
        };
        if let Some(value) = self.last.as_ref().and_then(|last| last.get(key)) {
            self.variables.set(name, value);
            return Ok(Flow::Go);
        }
        // A value of before would be taken for the new one.
        self.variables.unset(name);
        let whose = match self.last {
            Some(Last::Reply(_)) => format!("the last reply has no header {key}"),
            Some(Last::Event(_)) => format!("the expected event has no header {key}"),
            None => "nothing was answered yet".to_owned(),
        };
        Ok(self.unmet(at, &format!("set {name}: {whose}"), sink))
    }
}
