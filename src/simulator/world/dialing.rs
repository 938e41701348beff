//! Legs: dialed channels, from the first ring to an answer, a refusal or a timeout.

use std::time::Duration;

use super::channel::{Channel, Id, Party, State};
use super::dialplan::{self, PHONES};
use super::state::{Agent, Attempt, Step, World};

/// Where a leg begins: the dialplan of its extension, or a phone on a desk.
enum Leg {
    Local { exten: String, context: String },
    Phone(String),
}

impl World {
    /// Creates the channel for a dial string such as `Local/200@default/n` or
    /// `PJSIP/101`. None if the technology or the phone does not exist.
    pub(super) fn new_leg(&mut self, dial: &str, by: Option<Id>) -> Option<Id> {
        let leg = match parse(dial)? {
            Leg::Local { exten, context } => self.new_local(&exten, &context, by),
            Leg::Phone(exten) => {
                PHONES.iter().find(|(phone, _)| *phone == exten)?;
                let dialing = by.and_then(|by| self.channels.get(&by));
                let context = match dialing.map_or("", |dialing| &dialing.context) {
                    "" => "from-internal".to_owned(),
                    context => context.to_owned(),
                };
                let name = self.phone_name(&exten);
                self.new_channel(name, State::Down, &context, "s", by)
            }
        };
        let rest = dial.split_once('/').map_or("", |(_, rest)| rest);
        let channel = self.channel_mut(leg)?;
        channel.dialed_by = by;
        channel.dialed = rest.trim_end_matches("/n").to_owned();
        Some(leg)
    }

    /// The name of the next channel of a phone.
    pub(super) fn phone_name(&mut self, phone: &str) -> String {
        self.last_phone += 1;
        format!("PJSIP/{phone}-{:08x}", self.last_phone - 1)
    }

    fn new_local(&mut self, exten: &str, context: &str, by: Option<Id>) -> Id {
        let name = format!("Local/{exten}@{context}-{:08x}", self.last_local);
        self.last_local += 1;
        let one = self.new_channel(format!("{name};1"), State::Down, context, exten, by);
        let two = self.new_channel(format!("{name};2"), State::Ring, context, exten, Some(one));
        for (half, other) in [(one, two), (two, one)] {
            if let Some(channel) = self.channel_mut(half) {
                channel.half = Some(other);
            }
        }
        one
    }

    /// True if the leg can be answered: a Local channel needs an existing extension.
    pub(super) fn leads_somewhere(&self, leg: Id) -> bool {
        self.channels.get(&leg).is_some_and(|leg| {
            leg.technology() != "Local" || dialplan::find(&leg.context, &leg.exten).is_some()
        })
    }

    /// Sets the caller ID of the leg, and the connected line of the other half of a Local channel.
    pub(super) fn introduce(&mut self, leg: Id, caller: &Party, connected: &Party) {
        let half = self.channels.get(&leg).and_then(|channel| channel.half);
        for (id, caller, connected) in [(Some(leg), caller, connected), (half, connected, caller)] {
            let Some((id, channel)) = id.and_then(|id| Some((id, self.channel_mut(id)?))) else {
                continue;
            };
            if !caller.is_unknown() {
                channel.caller = caller.clone();
                self.tell(id, "NewCallerid", &[]);
            }
            if !connected.is_unknown() {
                if let Some(channel) = self.channel_mut(id) {
                    channel.connected = connected.clone();
                }
                self.tell(id, "NewConnectedLine", &[]);
            }
        }
    }

    /// Lets a leg ring: the dialplan of a Local channel starts, a phone begins to do what phones do.
    pub(super) fn start_leg(&mut self, leg: Id) {
        let Some(channel) = self.channels.get(&leg) else {
            return;
        };
        // Queue dials the whole interface, Dial and Originate only what follows
        // the technology.
        let queued = channel.dialed_by.is_some_and(|by| self.is_waiting(by));
        let dialed = match queued {
            true => format!("{}/{}", channel.technology(), channel.dialed),
            false => channel.dialed.clone(),
        };
        let (half, by, device) = (channel.half, channel.dialed_by, channel.device().to_owned());
        if let Some(half) = half {
            let halves = [("LocalOne", leg), ("LocalTwo", half)];
            self.tell_of("LocalBridge", &halves, &[]);
            self.run_dialplan(half, Duration::ZERO);
        } else {
            self.start_phone(leg, &device);
        }
        self.tell_between(by, leg, "DialBegin", &[("DialString", &dialed)]);
    }

    /// A phone that is in use is busy; another rings, and is picked up after a while, or not at all.
    fn start_phone(&mut self, leg: Id, device: &str) {
        let of_device = |channel: &&Channel| channel.device() == device && channel.id != leg;
        if self.channels.values().any(|channel| of_device(&channel)) {
            self.after(Duration::from_millis(80), Step::Refuse(leg, 17));
            return;
        }
        self.after(Duration::from_millis(60), Step::Ring(leg));
        if !self.lively {
            self.after(Duration::from_secs(1), Step::PickUp(leg));
        } else if self.random.percent(80) {
            let wait = self.random.between(1_500, 9_000);
            self.after(Duration::from_millis(wait), Step::PickUp(leg));
        }
    }

    pub(super) fn ringing(&mut self, leg: Id) {
        let down = |channel: &&mut Channel| channel.state == State::Down;
        let Some(channel) = self.channel_mut(leg).filter(down) else {
            return;
        };
        channel.state = State::Ringing;
        let (by, device) = (channel.dialed_by, channel.device().to_owned());
        self.tell(leg, "Newstate", &[]);
        self.tell_between(by, leg, "DialState", &[("DialStatus", "RINGING")]);
        self.device_changed(&device);
        if let Some(by) = by {
            self.indicate_ringing(by);
        }
    }

    /// A caller on a Local channel passes the ringing on to whoever dialed the
    /// other half.
    pub(super) fn indicate_ringing(&mut self, caller: Id) {
        let caller = self.channels.get(&caller).filter(|caller| !caller.is_up());
        if let Some(half) = caller.and_then(|caller| caller.half) {
            self.ringing(half);
        }
    }

    /// A leg answers.
    pub(super) fn picked_up(&mut self, leg: Id) {
        let waits = |channel: &&Channel| !channel.is_up() && !channel.ending;
        let Some(channel) = self.channels.get(&leg).filter(waits) else {
            return;
        };
        let by = channel.dialed_by;
        self.set_up(leg);
        self.tell_dial_end(by, leg, "ANSWER");
        match by {
            Some(by) => self.dial_won(by, leg),
            None => {
                self.originate_answered(leg);
                self.consulted(leg);
            }
        }
    }

    /// A channel goes up by itself, as by the application Answer; for a Local channel its other half answers.
    pub(super) fn answer(&mut self, id: Id) {
        if self.channels.get(&id).is_none_or(Channel::is_up) {
            return;
        }
        self.set_up(id);
        if let Some(half) = self.channels.get(&id).and_then(|channel| channel.half) {
            self.picked_up(half);
        }
    }

    fn set_up(&mut self, id: Id) {
        let now = self.clock.now;
        let Some(channel) = self.channel_mut(id) else {
            return;
        };
        channel.state = State::Up;
        channel.answered = Some(now);
        let device = channel.device().to_owned();
        self.tell(id, "Newstate", &[]);
        self.device_changed(&device);
    }

    /// A leg is refused by its far end: 17 busy, 34 congestion.
    pub(super) fn failed(&mut self, leg: Id, cause: u32) {
        let Some(by) = self.channels.get(&leg).map(|channel| channel.dialed_by) else {
            return;
        };
        let status = if cause == 17 { "BUSY" } else { "CONGESTION" };
        self.tell_dial_end(by, leg, status);
        if by.is_none() {
            self.originate_failed(leg, if cause == 17 { 5 } else { 8 });
        }
        self.hang_up(leg, cause);
    }

    /// Notes that these legs ring for a caller, and for how long.
    pub(super) fn attempt(
        &mut self,
        caller: Id,
        legs: Vec<(Id, Option<Agent>)>,
        patience: Duration,
    ) {
        self.last_step += 1;
        let number = self.last_step;
        let attempt = Attempt {
            number,
            since: self.clock.now,
            legs,
        };
        self.attempts.insert(caller, attempt);
        self.after(patience, Step::GiveUp(caller, number));
    }

    /// Nobody answered in time.
    pub(super) fn give_up(&mut self, caller: Id, number: u64) {
        let late = |attempt: &Attempt| attempt.number != number;
        if self.attempts.get(&caller).is_none_or(late) {
            return;
        }
        let Some(attempt) = self.attempts.remove(&caller) else {
            return;
        };
        let rang = self.clock.now.saturating_sub(attempt.since).as_secs();
        for (leg, agent) in &attempt.legs {
            if let Some(agent) = agent {
                // Unlike the seconds of the others, this one counts milliseconds.
                let facts = [("RingTime", &*(rang * 1000).to_string())];
                self.tell_agent("AgentRingNoAnswer", (caller, *leg), agent, &facts);
            }
            self.tell_dial_end(Some(caller), *leg, "NOANSWER");
            self.hang_up(*leg, 16);
        }
        self.dial_lost(caller, "NOANSWER");
    }

    /// A leg ended before it answered. When the last one has, the attempt has failed.
    pub(super) fn leg_gone(&mut self, leg: Id, by: Id) {
        let Some(attempt) = self.attempts.get_mut(&by) else {
            return;
        };
        attempt.legs.retain(|(id, _)| *id != leg);
        if attempt.legs.is_empty() {
            self.attempts.remove(&by);
            self.dial_lost(by, "BUSY");
        }
    }

    fn dial_won(&mut self, caller: Id, leg: Id) {
        let Some(attempt) = self.attempts.remove(&caller) else {
            return;
        };
        let mut winner = None;
        for (other, agent) in attempt.legs {
            if other == leg {
                winner = agent;
                continue;
            }
            self.tell_dial_end(Some(caller), other, "CANCEL");
            self.hang_up(other, 26);
        }
        self.connected_to(caller, leg);
        let agent = winner.map(|agent| {
            let hold = self.connect_agent(caller, leg, &agent, attempt.since);
            (agent, hold)
        });
        self.answer(caller);
        self.bridge(caller, leg, agent);
    }

    /// The caller's display shows who has answered.
    fn connected_to(&mut self, caller: Id, leg: Id) {
        let Some(party) = self.channels.get(&leg).map(|leg| leg.caller.clone()) else {
            return;
        };
        if let Some(channel) = self.channel_mut(caller).filter(|_| !party.is_unknown()) {
            channel.connected = party;
            self.tell(caller, "NewConnectedLine", &[]);
        }
    }

    fn dial_lost(&mut self, caller: Id, status: &str) {
        if self.is_waiting(caller) {
            self.after(Duration::from_secs(5), Step::RingMembers(caller));
        } else {
            self.set_variable(Some(caller), "DIALSTATUS", status.as_bytes());
            self.dial_over(caller, status);
            self.run_dialplan(caller, Duration::ZERO);
        }
    }

    /// Ends what a caller is dialing, because it hangs up itself.
    pub(super) fn cancel_attempt(&mut self, caller: Id) {
        let Some(attempt) = self.attempts.remove(&caller) else {
            return;
        };
        for (leg, _) in attempt.legs {
            self.tell_dial_end(Some(caller), leg, "CANCEL");
            self.hang_up(leg, 16);
        }
        self.dial_over(caller, "CANCEL");
    }
}

fn parse(dial: &str) -> Option<Leg> {
    let (technology, rest) = dial.split_once('/')?;
    let rest = rest.trim_end_matches("/n");
    match technology.to_ascii_lowercase().as_str() {
        "local" => {
            let (exten, context) = rest.split_once('@').unwrap_or((rest, "default"));
            Some(Leg::Local {
                exten: exten.into(),
                context: context.into(),
            })
        }
        "pjsip" => Some(Leg::Phone(rest.into())),
        _ => None,
    }
}
