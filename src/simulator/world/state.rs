//! The state of the PBX and its schedule: the one value that everything in this module changes.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::channel::{Channel, Id, State};
use super::clock::Clock;
use super::conference::Conference;
use super::lot::Parking;
use super::mailbox::{self, Mailbox};
use super::order::Order;
use super::queue::Queue;
use super::random::Random;
use crate::simulator::config::{Life, Version};
use crate::simulator::outbox::Event;

/// The state of the PBX.
#[derive(Debug, Default)]
pub(in crate::simulator) struct World {
    pub(in crate::simulator) version: Version,
    /// `systemname` of asterisk.conf.
    pub(in crate::simulator) name: String,
    /// Nobody gets events now, so none are made.
    pub(in crate::simulator) unheard: bool,
    pub(in crate::simulator) clock: Clock,
    pub(in crate::simulator) queues: Vec<Queue>,
    /// AstDB: `/family/key` and its value.
    pub(in crate::simulator) database: BTreeMap<String, Vec<u8>>,
    pub(in crate::simulator) globals: BTreeMap<String, Vec<u8>>,
    /// In the order in which they began.
    pub(in crate::simulator) conferences: Vec<Conference>,
    pub(in crate::simulator) parking: Parking,
    /// Of the phones, in their order.
    pub(in crate::simulator) mailboxes: mailbox::All,
    /// What was set with PRESENCE_STATE, by provider: state, subtype and message with commas between them.
    pub(in crate::simulator) presences: BTreeMap<String, String>,
    /// Calls since the start.
    pub(in crate::simulator) processed: u64,
    pub(super) channels: BTreeMap<Id, Channel>,
    pub(super) bridges: BTreeMap<Id, Bridge>,
    pub(super) originates: BTreeMap<Id, Order>,
    pub(super) attempts: BTreeMap<Id, Attempt>,
    pub(super) consultations: Vec<Consultation>,
    pub(super) devices: BTreeMap<String, &'static str>,
    pub(super) schedule: BTreeMap<(Duration, u64), Step>,
    pub(super) events: Vec<Event>,
    pub(super) random: Random,
    pub(super) lively: bool,
    pub(super) flood: Flood,
    pub(super) last_id: Id,
    pub(super) last_local: u32,
    pub(super) last_phone: u32,
    pub(super) last_step: u64,
    pub(super) last_recording: u64,
    /// How many have joined the meeting since the start.
    pub(super) meetings: u64,
}

/// A queue member who is called for a caller.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) queue: String,
    pub(super) interface: String,
    pub(super) name: String,
}

/// Two channels in a bridge.
#[derive(Debug)]
pub(super) struct Bridge {
    pub(super) uniqueid: String,
    pub(super) caller: Id,
    pub(super) callee: Id,
    pub(super) since: Duration,
    /// The queue member who answered, and the caller's hold time in seconds.
    pub(super) agent: Option<(Agent, u64)>,
}

impl Bridge {
    pub(super) fn other(&self, channel: Id) -> Id {
        match channel == self.caller {
            true => self.callee,
            false => self.caller,
        }
    }
}

/// Legs that ring for one caller at once; the first to answer wins.
#[derive(Debug)]
pub(super) struct Attempt {
    /// Tells a late `GiveUp` of an earlier attempt from one for this attempt.
    pub(super) number: u64,
    pub(super) since: Duration,
    pub(super) legs: Vec<(Id, Option<Agent>)>,
}

/// A channel that consults another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Consultation {
    /// Who asks.
    pub(super) transferer: Id,
    /// Who waits.
    pub(super) transferee: Id,
    /// Who is asked.
    pub(super) target: Id,
    /// The key of the call that waits.
    pub(super) call: Id,
}

impl Consultation {
    pub(super) fn has(&self, id: Id) -> bool {
        [self.transferer, self.transferee, self.target].contains(&id)
    }
}

/// A steady load of UserEvents, and how much of it there was since the start.
#[derive(Debug, Default)]
pub(super) struct Flood {
    pub(super) per_second: u32,
    pub(super) rounds: u64,
    pub(super) sent: u64,
}

/// A scheduled step. It does nothing if its channel has ended by then.
#[derive(Clone, Debug)]
pub(super) enum Step {
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
    ComeBack(Id),
    /// A caller has spoken into a mailbox of this number.
    Message(Id, usize),
    Meeting,
    Flood,
}

impl World {
    pub(in crate::simulator) fn new(version: Version, life: Life, start: SystemTime) -> World {
        let clock = Clock::new(start);
        let seed = match life {
            Life::Still | Life::Flood(_) => 0,
            Life::Seeded(seed) => seed,
        };
        let mut world = World {
            version,
            clock,
            queues: Queue::all(clock.seconds()),
            mailboxes: Mailbox::all(),
            random: Random::new(seed),
            lively: matches!(life, Life::Seeded(_)),
            ..World::default()
        };
        world
            .database
            .insert("/pbx/UUID".into(), world.random.uuid().into_bytes());
        if world.lively {
            world.after(Duration::from_millis(500), Step::Arrival);
            world.after(Duration::from_secs(2), Step::Meeting);
        }
        if let Life::Flood(per_second) = life {
            world.flood.per_second = per_second;
            world.soon(Step::Flood);
        }
        world
    }

    pub(in crate::simulator) fn uptime(&self) -> Duration {
        self.clock.now
    }

    /// Does everything that is due by then.
    pub(in crate::simulator) fn advance(&mut self, now: Duration) {
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

    /// When the next step is due.
    pub(in crate::simulator) fn next_due(&self) -> Option<Duration> {
        self.schedule.keys().next().map(|(due, _)| *due)
    }

    /// The events since this was last asked.
    pub(in crate::simulator) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(in crate::simulator) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// A channel by its name, which Asterisk compares without regard to case, or its Uniqueid.
    pub(in crate::simulator) fn find_channel(&self, name: &str) -> Option<&Channel> {
        self.channels()
            .find(|channel| channel.name.eq_ignore_ascii_case(name) || channel.uniqueid == name)
    }

    pub(in crate::simulator) fn channel(&self, id: Id) -> Option<&Channel> {
        self.channels.get(&id)
    }

    pub(in crate::simulator) fn bridge_of(&self, channel: &Channel) -> &str {
        let bridge = channel.bridge.and_then(|id| self.bridges.get(&id));
        let bridge = bridge.map(|bridge| &*bridge.uniqueid);
        let room = || self.conference_of(channel.id).map(|room| &*room.uniqueid);
        let bridge = bridge.or_else(room);
        bridge.or_else(|| self.lot_of(channel)).unwrap_or_default()
    }

    /// The other channel of its bridge.
    pub(in crate::simulator) fn bridged_with(&self, channel: &Channel) -> Option<&Channel> {
        let bridge = self.bridges.get(&channel.bridge?)?;
        self.channels.get(&bridge.other(channel.id))
    }

    /// Sets a variable of a channel, or a global one.
    pub(in crate::simulator) fn set_variable(
        &mut self,
        channel: Option<Id>,
        name: &str,
        value: &[u8],
    ) {
        match channel {
            Some(id) => {
                if let Some(channel) = self.channels.get_mut(&id) {
                    channel.set_variable(name, value);
                    self.tell_variable(id, name, value);
                }
            }
            None => {
                self.globals.insert(name.into(), value.to_vec());
            }
        }
    }

    pub(super) fn after(&mut self, wait: Duration, step: Step) {
        self.last_step += 1;
        self.schedule
            .insert((self.clock.now + wait, self.last_step), step);
    }

    /// What was to happen to a channel that is sent elsewhere.
    pub(super) fn forget_steps(&mut self, id: Id) {
        self.schedule.retain(|_, step| match step {
            Step::Run(of) | Step::HangUp(of, _) | Step::LosePatience(of) => *of != id,
            Step::Message(of, _) => *of != id,
            _ => true,
        });
    }

    pub(super) fn soon(&mut self, step: Step) {
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
            Step::Flood => self.go_on_flooding(),
            Step::LosePatience(id) => self.lose_patience(id),
            Step::ComeBack(id) => self.come_back(id),
            Step::Message(id, mailbox) => self.message_left(id, mailbox),
            Step::Meeting => self.meet(),
        }
    }

    /// Creates a channel and sends the event.
    pub(super) fn new_channel(
        &mut self,
        name: String,
        state: State,
        context: &str,
        exten: &str,
        linked: Option<Id>,
    ) -> Id {
        let id = self.unannounced(name, state, context, exten, linked);
        self.tell(id, "Newchannel", &[]);
        id
    }

    pub(super) fn unannounced(
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
        let seconds = self.clock.seconds();
        let uniqueid = match &*self.name {
            "" => format!("{seconds}.{id}"),
            name => format!("{name}-{seconds}.{id}"),
        };
        let first = linked.and_then(|linked| self.channels.get(&linked));
        let linkedid = first.map_or(&uniqueid, |first| &first.linkedid).clone();
        let channel = Channel {
            id,
            name,
            uniqueid,
            linkedid,
            state,
            context: context.into(),
            exten: exten.into(),
            priority: 1,
            created: self.clock.now,
            ..Channel::default()
        };
        self.channels.insert(id, channel);
        id
    }

    pub(super) fn channel_mut(&mut self, id: Id) -> Option<&mut Channel> {
        self.channels.get_mut(&id)
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

    // Tests that watch calls come and go need the same calls every time.
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
            count("BridgeDestroy") + world.bridges.len() + world.conferences.len()
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
