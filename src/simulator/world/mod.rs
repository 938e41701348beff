//! The PBX behind the sockets. No socket, no thread and no clock of its own: time comes in, events go out, and the
//! same seed gives the same calls.

mod bridging;
mod channel;
mod clock;
mod dialing;
pub(super) mod dialplan;
mod events;
mod events_1_8;
mod happening;
mod life;
mod originate;
mod queue;
mod queueing;
mod random;
mod running;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

pub(super) use channel::{Channel, Id, Party};
pub(super) use clock::{Clock, date_and_time, hms};
pub(super) use events::{escaped, snapshot};
pub(super) use originate::{Order, Target};
pub(super) use queue::{Caller, Member, Queue};
pub(super) use queueing::Refused;

use super::outbox::Event;
use super::{Life, Version};
use bridging::Bridge;
use channel::State;
use dialing::Attempt;
use happening::What;
use random::Random;

/// Everything that is true of the PBX now.
#[derive(Debug)]
pub(super) struct World {
    pub(super) version: Version,
    pub(super) clock: Clock,
    pub(super) queues: Vec<Queue>,
    /// AstDB: `/family/key` and its value.
    pub(super) database: BTreeMap<String, Vec<u8>>,
    pub(super) globals: BTreeMap<String, Vec<u8>>,
    /// Calls that came to be since the start.
    pub(super) processed: u64,
    channels: BTreeMap<Id, Channel>,
    bridges: BTreeMap<Id, Bridge>,
    originates: BTreeMap<Id, Order>,
    attempts: BTreeMap<Id, Attempt>,
    devices: BTreeMap<String, &'static str>,
    schedule: BTreeMap<(Duration, u64), Step>,
    events: Vec<Event>,
    random: Random,
    lively: bool,
    last_id: Id,
    last_local: u32,
    last_phone: u32,
    last_step: u64,
}

/// What is to be done later. A step whose channel is gone by then does nothing.
#[derive(Clone, Debug)]
enum Step {
    Run(Id),
    Ring(Id),
    PickUp(Id),
    Refuse(Id, u32),
    GiveUp(Id, u64),
    RingMembers(Id),
    OriginateTimeout(Id),
    HangUp(Id, u32),
    Arrival,
    LosePatience(Id),
}

impl World {
    pub(super) fn new(version: Version, life: Life, start: SystemTime) -> World {
        let clock = Clock::new(start);
        let seed = match life {
            Life::Still => 0,
            Life::Seeded(seed) => seed,
        };
        let mut world = World {
            version,
            clock,
            queues: Queue::all(clock.seconds()),
            database: BTreeMap::new(),
            globals: BTreeMap::new(),
            processed: 0,
            channels: BTreeMap::new(),
            bridges: BTreeMap::new(),
            originates: BTreeMap::new(),
            attempts: BTreeMap::new(),
            devices: BTreeMap::new(),
            schedule: BTreeMap::new(),
            events: Vec::new(),
            random: Random::new(seed),
            lively: life != Life::Still,
            last_id: 0,
            last_local: 0,
            last_phone: 0,
            last_step: 0,
        };
        world
            .database
            .insert("/pbx/UUID".into(), world.random.uuid().into_bytes());
        if world.lively {
            world.after(Duration::from_millis(500), Step::Arrival);
        }
        world
    }

    pub(super) fn uptime(&self) -> Duration {
        self.clock.now
    }

    /// Does everything that is due by then.
    pub(super) fn advance(&mut self, now: Duration) {
        while let Some(((due, number), step)) = self.schedule.pop_first() {
            if due > now {
                self.schedule.insert((due, number), step);
                break;
            }
            self.clock.now = self.clock.now.max(due);
            self.take(step);
        }
        self.clock.now = self.clock.now.max(now);
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.schedule.keys().next().map(|(due, _)| *due)
    }

    /// The events since this was last asked.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(super) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// A channel by its name, which Asterisk compares without regard to case, or its Uniqueid.
    pub(super) fn find_channel(&self, name: &str) -> Option<&Channel> {
        self.channels()
            .find(|channel| channel.name.eq_ignore_ascii_case(name) || channel.uniqueid == name)
    }

    pub(super) fn channel(&self, id: Id) -> Option<&Channel> {
        self.channels.get(&id)
    }

    pub(super) fn bridge_of(&self, channel: &Channel) -> &str {
        channel
            .bridge
            .and_then(|bridge| self.bridges.get(&bridge))
            .map_or("", |bridge| &bridge.uniqueid)
    }

    /// The name and Uniqueid of who hears this channel.
    pub(super) fn bridged_with(&self, channel: &Channel) -> Option<&Channel> {
        let bridge = self.bridges.get(&channel.bridge?)?;
        self.channels.get(if bridge.caller == channel.id {
            &bridge.callee
        } else {
            &bridge.caller
        })
    }

    /// Sets a variable of a channel, or a global one.
    pub(super) fn set_variable(&mut self, channel: Option<Id>, name: &str, value: &[u8]) {
        match channel {
            Some(id) => {
                if let Some(channel) = self.channels.get_mut(&id) {
                    channel.set_variable(name, value);
                    self.tell(id, &What::VarSet(name, value));
                }
            }
            None => {
                self.globals.insert(name.into(), value.to_vec());
            }
        }
    }

    fn after(&mut self, wait: Duration, step: Step) {
        self.last_step += 1;
        self.schedule
            .insert((self.clock.now + wait, self.last_step), step);
    }

    fn soon(&mut self, step: Step) {
        self.after(Duration::ZERO, step);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Run(id) => self.run_next(id),
            Step::Ring(id) => self.ringing(id),
            Step::PickUp(id) => self.picked_up(id),
            Step::Refuse(id, cause) => self.failed(id, cause),
            Step::GiveUp(id, number) => self.give_up(id, number),
            Step::RingMembers(id) => self.ring_members(id),
            Step::OriginateTimeout(id) => self.originate_timeout(id),
            Step::HangUp(id, cause) => self.hang_up(id, cause),
            Step::Arrival => self.arrival(),
            Step::LosePatience(id) => self.lose_patience(id),
        }
    }

    /// Creates a channel and says so.
    fn new_channel(
        &mut self,
        name: String,
        state: State,
        context: &str,
        exten: &str,
        linked: Option<Id>,
    ) -> Id {
        let id = self.unannounced(name, state, context, exten, linked);
        self.tell(id, &What::Newchannel);
        id
    }

    fn unannounced(
        &mut self,
        name: String,
        state: State,
        context: &str,
        exten: &str,
        linked: Option<Id>,
    ) -> Id {
        let id = self.last_id;
        self.last_id += 1;
        self.processed += u64::from(linked.is_none());
        let uniqueid = format!("{}.{id}", self.clock.seconds());
        let linkedid = linked
            .and_then(|linked| self.channels.get(&linked))
            .map(|first| first.linkedid.clone());
        let linkedid = linkedid.unwrap_or_else(|| uniqueid.clone());
        let channel = Channel::new(
            id,
            name,
            (uniqueid, linkedid),
            state,
            (context, exten),
            self.clock.now,
        );
        self.channels.insert(id, channel);
        id
    }

    fn channel_mut(&mut self, id: Id) -> Option<&mut Channel> {
        self.channels.get_mut(&id)
    }

    /// Says what has become of a device, to those who watch it and to its queues.
    fn device_changed(&mut self, device: &str) {
        let of_device = |channel: &&Channel| channel.device() == device;
        let states: Vec<State> = self
            .channels
            .values()
            .filter(of_device)
            .map(|channel| channel.state)
            .collect();
        let (state, status) = if states
            .iter()
            .any(|state| matches!(state, State::Up | State::Ring))
        {
            ("INUSE", 2)
        } else if states.contains(&State::Ringing) {
            ("RINGING", 6)
        } else {
            ("NOT_INUSE", 1)
        };
        let before = self
            .devices
            .insert(device.to_owned(), state)
            .unwrap_or("NOT_INUSE");
        if before == state {
            return;
        }
        self.tell_device(device, state);
        for queue in 0..self.queues.len() {
            for at in 0..self
                .queues
                .get(queue)
                .map_or(0, |queue| queue.members.len())
            {
                let member = self
                    .queues
                    .get_mut(queue)
                    .and_then(|queue| queue.members.get_mut(at));
                if let Some(member) = member.filter(|member| member.state_interface == device) {
                    member.status = status;
                    self.tell_member("QueueMemberStatus", queue, at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn lived(version: Version, seed: u64, minutes: u64) -> (World, String) {
        let mut world = World::new(version, Life::Seeded(seed), UNIX_EPOCH);
        world.advance(Duration::from_secs(minutes * 60));
        let text = world.take_events().iter().map(Event::text).collect();
        (world, text)
    }

    // A test that watches calls come and go can only be written against calls that are the same every time.
    #[test]
    fn the_seed_decides_everything() {
        assert_eq!(lived(Version::V22, 7, 5).1, lived(Version::V22, 7, 5).1);
        assert_ne!(lived(Version::V22, 7, 5).1, lived(Version::V22, 8, 5).1);
    }

    #[test]
    fn an_hour_of_office_life_has_every_kind_of_event_and_leaves_nothing_behind() {
        let (world, text) = lived(Version::V22, 1, 60);
        let kinds = "Newchannel Newstate Newexten NewCallerid NewConnectedLine DialBegin DialState DialEnd BridgeCreate \
                     BridgeEnter BridgeLeave BridgeDestroy QueueCallerJoin QueueCallerLeave QueueCallerAbandon AgentCalled \
                     AgentConnect AgentComplete AgentRingNoAnswer QueueMemberStatus DeviceStateChange Hangup";
        for kind in kinds.split(' ') {
            assert!(text.contains(&format!("Event: {kind}\r\n")), "{kind}");
        }
        let count = |kind: &str| text.matches(&format!("Event: {kind}\r\n")).count();
        assert_eq!(count("Newchannel"), count("Hangup") + world.channels.len());
        assert_eq!(
            count("BridgeCreate"),
            count("BridgeDestroy") + world.bridges.len()
        );
        assert_eq!(
            count("QueueCallerJoin"),
            count("QueueCallerLeave") + waiting(&world)
        );
        assert!(
            world.channels.len() < 40 && world.schedule.len() < 200,
            "{world:?}"
        );
    }

    fn waiting(world: &World) -> usize {
        world.queues.iter().map(|queue| queue.callers.len()).sum()
    }

    #[test]
    fn old_versions_have_a_life_in_their_own_words() {
        let (_, text) = lived(Version::V18, 1, 10);
        for kind in ["Join", "Leave", "Dial", "Bridge", "Unlink", "Cdr"] {
            assert!(text.contains(&format!("Event: {kind}\r\n")), "{kind}");
        }
        assert!(!text.contains("Linkedid"));
    }
}
