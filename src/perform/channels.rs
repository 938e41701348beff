//! The channels of this moment, as the server lists them.

use super::{Code, Error, Manner, Meanwhile, Rules, perform};
use crate::ami::{Action, Reply};
use crate::session::{Arrived, Session};
use std::time::SystemTime;

/// Every channel, and who of them is parked.
#[derive(Debug)]
pub struct Channels {
    /// When the server told.
    pub time: SystemTime,
    /// Of CoreShowChannels, or of Status.
    pub all: Box<Reply>,
    /// Of ParkedCalls; None where there is no parking.
    pub parked: Option<Box<Reply>>,
}

impl Channels {
    /// Asks for them. What arrives meanwhile goes to `aside`.
    ///
    /// # Errors
    /// Words for the user: nothing was sent, or no list came.
    pub fn ask(
        session: &Session,
        rules: Rules,
        aside: &mut dyn FnMut(Arrived),
    ) -> Result<Channels, String> {
        // CoreShowChannels wants another class than Status, and 1.4 has only
        // the latter.
        let (time, all) = match list(session, rules, "CoreShowChannels", aside) {
            Ok(listed) => listed,
            Err(why) => list(session, rules, "Status", aside).map_err(|_| why)?,
        };
        let parked = list(session, rules, "ParkedCalls", aside).ok();
        let parked = parked.map(|(_, reply)| reply);
        Ok(Channels { time, all, parked })
    }
}

fn list(
    session: &Session,
    rules: Rules,
    name: &str,
    aside: &mut dyn FnMut(Arrived),
) -> Result<(SystemTime, Box<Reply>), String> {
    let mut aside = |what| {
        if let Meanwhile::Arrived(arrived) = what {
            aside(arrived);
        }
    };
    let action = Action::own(name, &[]);
    let done = perform(session, rules, action, Manner::Raw, &mut aside);
    let outcome = done.map_err(|error: Error| error.to_string())?;
    match outcome.ending {
        super::Ending::Reply(reply) if outcome.code == Code::Ok => Ok((outcome.time, reply)),
        ending => Err(outcome.note.unwrap_or_else(|| {
            let message = ending.reply().and_then(Reply::message);
            format!("no list of channels: {}", message.unwrap_or_default())
        })),
    }
}
