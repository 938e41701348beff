//! Legs: channels that somebody dials, from their first ring to an answer, a refusal or the end of patience.

use std::time::Duration;

use super::channel::{Channel, Id, Party, State};
use super::dialplan::{self, PHONES};
use super::happening::{Agent, Between, What};
use super::{Step, World};

/// Legs that ring for one caller at once; the first to answer wins.
#[derive(Debug)]
pub(super) struct Attempt {
    /// Tells a late `GiveUp` of an earlier attempt from one of this.
    pub(super) number: u64,
    pub(super) since: Duration,
    pub(super) legs: Vec<(Id, Option<Agent>)>,
}

/// Where a leg begins: the dialplan of its extension, or a phone on a desk.
enum Leg {
    Local { exten: String, context: String },
    Phone(String),
}

impl World {
    /// Creates the channel for a dial string such as `Local/200@default/n` or `PJSIP/101`. None where the technology
    /// or the phone does not exist.
    pub(super) fn new_leg(&mut self, dial: &str, by: Option<Id>) -> Option<Id> {
        let leg = match parse(dial)? {
            Leg::Local { exten, context } => self.new_local(&exten, &context, by),
            Leg::Phone(exten) => {
                PHONES.iter().find(|(phone, _)| *phone == exten)?;
                let context = by
                    .and_then(|by| self.channels.get(&by))
                    .map_or("", |by| &by.context)
                    .to_owned();
                let name = self.phone_name(&exten);
                self.new_channel(
                    name,
                    State::Down,
                    if context.is_empty() {
                        "from-internal"
                    } else {
                        &context
                    },
                    "s",
                    by,
                )
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

    /// True if there is somebody at the far end: a Local channel needs an extension.
    pub(super) fn leads_somewhere(&self, leg: Id) -> bool {
        self.channels.get(&leg).is_some_and(|leg| {
            leg.technology() != "Local" || dialplan::find(&leg.context, &leg.exten).is_some()
        })
    }

    /// Who calls is shown to the leg, and to the other half of a Local channel the other way round.
    pub(super) fn introduce(&mut self, leg: Id, caller: &Party, connected: &Party) {
        let half = self.channels.get(&leg).and_then(|channel| channel.half);
        for (id, caller, connected) in [(Some(leg), caller, connected), (half, connected, caller)] {
            let Some((id, channel)) = id.and_then(|id| Some((id, self.channel_mut(id)?))) else {
                continue;
            };
            if !caller.is_unknown() {
                channel.caller = caller.clone();
                self.tell(id, &What::NewCallerid);
            }
            if !connected.is_unknown() {
                if let Some(channel) = self.channel_mut(id) {
                    channel.connected = connected.clone();
                }
                self.tell(id, &What::NewConnectedLine);
            }
        }
    }

    /// Lets a leg ring: the dialplan of a Local channel starts, a phone begins to do what phones do.
    pub(super) fn start_leg(&mut self, leg: Id) {
        let Some(channel) = self.channels.get(&leg) else {
            return;
        };
        // Queue dials the whole interface, Dial and Originate what stands behind the technology.
        let queued = channel.dialed_by.is_some_and(|by| self.is_waiting(by));
        let dialed = if queued {
            format!("{}/{}", channel.technology(), channel.dialed)
        } else {
            channel.dialed.clone()
        };
        let (half, by, device) = (channel.half, channel.dialed_by, channel.device().to_owned());
        if let Some(half) = half {
            if let (Some(one), Some(two)) = (self.channels.get(&leg), self.channels.get(&half)) {
                self.events.extend(match self.version {
                    super::Version::V22 => Some(super::events::local_bridge(one, two)),
                    super::Version::V18 => None,
                });
            }
            self.run_dialplan(half, Duration::ZERO);
        } else {
            self.start_phone(leg, &device);
        }
        self.tell_between(by, leg, &Between::DialBegin(&dialed));
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
        let Some(channel) = self
            .channel_mut(leg)
            .filter(|channel| channel.state == State::Down)
        else {
            return;
        };
        channel.state = State::Ringing;
        let (by, device) = (channel.dialed_by, channel.device().to_owned());
        self.tell(leg, &What::Newstate);
        self.tell_between(by, leg, &Between::Ringing);
        self.device_changed(&device);
        if let Some(by) = by {
            self.indicate_ringing(by);
        }
    }

    /// A caller on a Local channel hands the ringing on to who dialed the other half.
    pub(super) fn indicate_ringing(&mut self, caller: Id) {
        if let Some(half) = self
            .channels
            .get(&caller)
            .filter(|caller| !caller.is_up())
            .and_then(|caller| caller.half)
        {
            self.ringing(half);
        }
    }

    /// A leg answers.
    pub(super) fn picked_up(&mut self, leg: Id) {
        let Some(channel) = self
            .channels
            .get(&leg)
            .filter(|channel| !channel.is_up() && !channel.ending)
        else {
            return;
        };
        let by = channel.dialed_by;
        self.set_up(leg);
        self.tell_between(by, leg, &Between::DialEnd("ANSWER"));
        match by {
            Some(by) => self.dial_won(by, leg),
            None => self.originate_answered(leg),
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
        self.tell(id, &What::Newstate);
        self.device_changed(&device);
    }

    /// A leg is refused by its far end: 17 busy, 34 congestion.
    pub(super) fn failed(&mut self, leg: Id, cause: u32) {
        let Some(by) = self.channels.get(&leg).map(|channel| channel.dialed_by) else {
            return;
        };
        let status = if cause == 17 { "BUSY" } else { "CONGESTION" };
        self.tell_between(by, leg, &Between::DialEnd(status));
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
        self.attempts.insert(
            caller,
            Attempt {
                number,
                since: self.clock.now,
                legs,
            },
        );
        self.after(patience, Step::GiveUp(caller, number));
    }

    /// Nobody answered in time.
    pub(super) fn give_up(&mut self, caller: Id, number: u64) {
        if self
            .attempts
            .get(&caller)
            .is_none_or(|attempt| attempt.number != number)
        {
            return;
        }
        let Some(attempt) = self.attempts.remove(&caller) else {
            return;
        };
        let rang = self.clock.now.saturating_sub(attempt.since).as_secs();
        for (leg, agent) in &attempt.legs {
            if let Some(agent) = agent {
                self.tell_between(Some(caller), *leg, &Between::AgentRingNoAnswer(agent, rang));
            }
            self.tell_between(Some(caller), *leg, &Between::DialEnd("NOANSWER"));
            self.hang_up(*leg, 16);
        }
        self.dial_lost(caller, "NOANSWER");
    }

    /// A leg is gone before it answered; with the last one the attempt is over.
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
        let agent = attempt
            .legs
            .iter()
            .find(|(id, _)| *id == leg)
            .and_then(|(_, agent)| agent.clone());
        for (other, _) in attempt.legs.iter().filter(|(id, _)| *id != leg) {
            self.tell_between(Some(caller), *other, &Between::DialEnd("CANCEL"));
            self.hang_up(*other, 26);
        }
        self.connected_to(caller, leg);
        let hold = match &agent {
            Some(agent) => self.connect_agent(caller, leg, agent, attempt.since),
            None => 0,
        };
        self.answer(caller);
        self.bridge(caller, leg, agent.map(|agent| (agent, hold)));
    }

    /// The caller's display shows who has answered.
    fn connected_to(&mut self, caller: Id, leg: Id) {
        let Some(party) = self.channels.get(&leg).map(|leg| leg.caller.clone()) else {
            return;
        };
        if let Some(channel) = self.channel_mut(caller).filter(|_| !party.is_unknown()) {
            channel.connected = party;
            self.tell(caller, &What::NewConnectedLine);
        }
    }

    fn dial_lost(&mut self, caller: Id, status: &str) {
        if self.is_waiting(caller) {
            self.after(Duration::from_secs(5), Step::RingMembers(caller));
        } else {
            self.set_variable(Some(caller), "DIALSTATUS", status.as_bytes());
            self.tell(caller, &What::DialOver(status));
            self.run_dialplan(caller, Duration::ZERO);
        }
    }

    /// Ends what a caller is dialing, because it hangs up itself.
    pub(super) fn cancel_attempt(&mut self, caller: Id) {
        let Some(attempt) = self.attempts.remove(&caller) else {
            return;
        };
        for (leg, _) in attempt.legs {
            self.tell_between(Some(caller), leg, &Between::DialEnd("CANCEL"));
            self.hang_up(leg, 16);
        }
    }
}

fn parse(dial: &str) -> Option<Leg> {
    let (technology, rest) = dial.split_once('/')?;
    let rest = rest.trim_end_matches("/n");
    if technology.eq_ignore_ascii_case("Local") {
        let (exten, context) = rest.split_once('@').unwrap_or((rest, "default"));
        Some(Leg::Local {
            exten: exten.into(),
            context: context.into(),
        })
    } else if technology.eq_ignore_ascii_case("PJSIP") {
        Some(Leg::Phone(rest.into()))
    } else {
        None
    }
}
