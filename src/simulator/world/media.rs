//! Recordings and digits of a channel.

use super::channel::Id;
use super::events::{event, snapshot};
use super::state::World;
use crate::simulator::config::Version;
use crate::simulator::outbox::Event;

/// Most recordings of a channel at a time.
const MOST_RECORDINGS: usize = 8;

impl World {
    /// Begins a recording. Returns its number as Asterisk shows it.
    pub(in crate::simulator) fn start_recording(
        &mut self,
        id: Id,
        file: &str,
        options: &str,
    ) -> Option<String> {
        self.last_recording += 1;
        let number = self.last_recording;
        let channel = self.channel_mut(id)?;
        if channel.recordings.len() >= MOST_RECORDINGS {
            return None;
        }
        channel.recordings.push(number);
        if !file.is_empty() {
            let path = match file.starts_with('/') {
                true => file.to_owned(),
                false => format!("/var/spool/asterisk/monitor/{file}"),
            };
            self.set_variable(Some(id), "MIXMONITOR_FILENAME", path.as_bytes());
        }
        // The option `i(NAME)` has the number kept in a variable.
        let name = options
            .split_once("i(")
            .and_then(|(_, rest)| rest.split_once(')'));
        if let Some((name, _)) = name {
            self.set_variable(Some(id), name, shown(number).as_bytes());
        }
        self.tell(id, "MixMonitorStart", &[]);
        Some(shown(number))
    }

    /// Ends one recording, or the first if none is named. False if there is none.
    pub(in crate::simulator) fn stop_recording(&mut self, id: Id, which: &str) -> bool {
        let Some(channel) = self.channel_mut(id) else {
            return false;
        };
        let met = |number: &u64| which.is_empty() || shown(*number) == which;
        let Some(at) = channel.recordings.iter().position(met) else {
            return false;
        };
        channel.recordings.remove(at);
        self.tell(id, "MixMonitorStop", &[]);
        true
    }

    /// A digit: from the channel, or played to it for so many milliseconds, which the other half of a Local channel hears.
    pub(in crate::simulator) fn press(&mut self, id: Id, digit: char, played: Option<u32>) {
        let half = self.channels.get(&id).and_then(|channel| channel.half);
        let (id, direction) = match (played, half) {
            (None, _) => (id, "Received"),
            (Some(_), Some(half)) => (half, "Received"),
            (Some(_), None) => (id, "Sent"),
        };
        let Some(channel) = self.channels.get(&id).filter(|_| !self.unheard) else {
            return;
        };
        if self.version != Version::V22 {
            return;
        }
        let digit = digit.to_string();
        let of = |name| snapshot(event(name, "dtmf"), "", channel).header("Digit", &digit);
        let begin = of("DTMFBegin").header("Direction", direction);
        let duration = played.unwrap_or(0).to_string();
        let end = of("DTMFEnd").header("DurationMs", duration);
        let end = end.header("Direction", direction);
        let begin = played.map(|_| Event::new("dtmf", begin));
        self.events.extend(begin);
        self.events.push(Event::new("dtmf", end));
    }
}

/// The address of a structure, to Asterisk.
fn shown(number: u64) -> String {
    format!("0x{:012x}", 0x7f3c_7800_0000_u64 + number * 0x40)
}
