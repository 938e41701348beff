//! Calls that come and go by themselves: a small office on a working day.

use std::time::Duration;

use super::channel::{Id, Party, Runs, State};
use super::dialplan::PHONES;
use super::state::{Step, World};

/// At most this many calls at once.
const MOST_CHANNELS: usize = 24;

/// At most this many in the meeting.
const MOST_SEATED: usize = 3;
/// How long each of them stays.
const MEETS: Duration = Duration::from_secs(170);

/// Who calls from outside; some have characters in their names that Asterisk escapes.
const OUTSIDE: [(&str, &str); 8] = [
    ("+442079460018", "Harper & Sons"),
    ("+35315550123", "Sinéad O'Brien"),
    ("+15551234567", "Wilson, Ann"),
    ("+4989123456", "Müller GmbH"),
    ("+61255501234", ""),
    ("+12025550147", "Northwind \"Tom\""),
    ("+390655501", "Rossi"),
    ("+15557654321", "Is it open?"),
];

impl World {
    /// Begins a call and decides when the next one comes.
    pub(super) fn arrival(&mut self) {
        let wait = self.random.between(1_500, 7_000);
        self.after(Duration::from_millis(wait), Step::Arrival);
        if self.channels.len() >= MOST_CHANNELS {
            return;
        }
        if self.random.percent(25) {
            self.call_inside();
        } else {
            self.call_from_outside();
        }
    }

    fn call_from_outside(&mut self) {
        let Some((num, name)) = self.random.pick(&OUTSIDE).copied() else {
            return;
        };
        let exten = match self.random.between(1, 10) {
            1..=5 => "300",
            6..=8 => "310",
            _ => self.random.pick(&PHONES).map_or("101", |(exten, _)| *exten),
        };
        let id = self.call("trunk", "from-trunk", exten, Party::new(num, name));
        self.may_give_up(id);
    }

    /// From time to time somebody joins the meeting in room 800, so that there is one to look at. Not by chance: the other
    /// calls are those of the seed.
    pub(super) fn meet(&mut self) {
        let seated = self.conference("800").map_or(0, |room| room.seats.len());
        let wait = if seated < 2 { 5 } else { 60 };
        self.after(Duration::from_secs(wait), Step::Meeting);
        if seated >= MOST_SEATED {
            return;
        }
        let who = usize::try_from(self.meetings).unwrap_or(0) % OUTSIDE.len();
        self.meetings += 1;
        if let Some((num, name)) = OUTSIDE.get(who) {
            let id = self.call("trunk", "from-trunk", "800", Party::new(num, name));
            self.after(MEETS, Step::HangUp(id, 16));
        }
    }

    /// Somebody at a free desk calls a colleague.
    fn call_inside(&mut self) {
        let Some((from, name)) = self.random.pick(&PHONES).copied() else {
            return;
        };
        let Some((to, _)) = self.random.pick(&PHONES).copied() else {
            return;
        };
        let device = format!("PJSIP/{from}");
        let mut channels = self.channels.values();
        if from != to && channels.all(|channel| channel.device() != device) {
            let id = self.call(from, "from-internal", to, Party::new(from, name));
            self.may_give_up(id);
        }
    }

    fn call(&mut self, phone: &str, context: &str, exten: &str, caller: Party) -> Id {
        let name = self.phone_name(phone);
        let id = self.unannounced(name, State::Ring, context, exten, None);
        if let Some(channel) = self.channel_mut(id) {
            channel.caller = caller;
            (channel.runs, channel.priority) = (Runs::Dialplan, 0);
            let device = channel.device().to_owned();
            self.tell(id, "Newchannel", &[]);
            self.device_changed(&device);
            self.soon(Step::Run(id));
        }
        id
    }

    fn may_give_up(&mut self, id: Id) {
        // Some callers give up; the step does nothing for a caller who is talking by then.
        if self.random.percent(30) {
            let patience = self.random.between(4, 12);
            self.after(Duration::from_secs(patience), Step::LosePatience(id));
        }
    }

    pub(super) fn lose_patience(&mut self, id: Id) {
        let channel = self.channels.get(&id);
        if channel.is_some_and(|channel| channel.bridge.is_none()) {
            self.hang_up(id, 16);
        }
    }
}
