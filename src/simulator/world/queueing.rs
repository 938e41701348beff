//! The application Queue, and what clients do to queue members.

use std::time::Duration;

use super::channel::Id;
use super::queue::{Caller, Member, Queue};
use super::state::{Agent, Step, World};

/// How long members ring before a pause.
const RING: Duration = Duration::from_secs(15);

/// Why a member could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum Refused {
    NoSuchQueue,
    AlreadyThere,
    NotThere,
    NotDynamic,
}

impl World {
    pub(super) fn join_queue(&mut self, id: Id, name: &str) {
        let now = self.clock.now;
        let Some(queue) = self.queue_named(name) else {
            self.soon(Step::Run(id));
            return;
        };
        let position = queue.callers.len() + 1;
        queue.callers.push(Caller {
            channel: id,
            joined: now,
            position_at_first: position,
        });
        let place = position.to_string();
        let facts = [("Queue", name), ("Position", &place), ("Count", &place)];
        self.tell(id, "QueueCallerJoin", &facts);
        self.tell(id, "MusicOnHoldStart", &[("Class", "default")]);
        self.soon(Step::RingMembers(id));
    }

    /// The queue in which a channel waits.
    fn queue_of(&mut self, id: Id) -> Option<&mut Queue> {
        let mut queues = self.queues.iter_mut();
        queues.find(|queue| queue.position(id).is_some())
    }

    pub(super) fn queue_named(&mut self, name: &str) -> Option<&mut Queue> {
        self.queues.iter_mut().find(|queue| queue.name == name)
    }

    pub(super) fn is_waiting(&self, id: Id) -> bool {
        self.queues.iter().any(|queue| queue.position(id).is_some())
    }

    /// Rings every free member, or tries again a little later.
    pub(super) fn ring_members(&mut self, id: Id) {
        if self.attempts.contains_key(&id) {
            return;
        }
        let Some(queue) = self.queue_of(id) else {
            return;
        };
        let agent = |member: &Member| Agent {
            queue: queue.name.clone(),
            interface: member.interface.clone(),
            name: member.name.clone(),
        };
        let free = queue.members.iter().filter(|member| member.is_available());
        let free: Vec<Agent> = free.map(agent).collect();
        let mut legs = Vec::new();
        for agent in free {
            if let Some(leg) = self
                .new_leg(&agent.interface, Some(id))
                .filter(|leg| self.prepare(id, *leg, "AppQueue"))
            {
                self.tell_agent("AgentCalled", (id, leg), &agent, &[]);
                legs.push((leg, Some(agent)));
            }
        }
        if legs.is_empty() {
            self.after(Duration::from_secs(2), Step::RingMembers(id));
            return;
        }
        let started: Vec<Id> = legs.iter().map(|(leg, _)| *leg).collect();
        self.attempt(id, legs, RING);
        for leg in started {
            self.start_leg(leg);
        }
    }

    /// A member has answered the caller. Returns the caller's hold time in seconds.
    pub(super) fn connect_agent(
        &mut self,
        caller: Id,
        leg: Id,
        agent: &Agent,
        rang_since: Duration,
    ) -> u64 {
        let ring = self.clock.now.saturating_sub(rang_since).as_secs();
        self.tell(caller, "MusicOnHoldStop", &[]);
        let hold = self.leave_queue(caller).map_or(0, |(_, hold)| hold);
        if let Some(queue) = self.queue_named(&agent.queue) {
            queue.hold_time = Queue::average(queue.hold_time, hold);
            if let Some(member) = queue.member(&agent.interface) {
                member.in_call = true;
            }
        }
        let facts = [
            ("HoldTime", &*hold.to_string()),
            ("RingTime", &*ring.to_string()),
        ];
        self.tell_agent("AgentConnect", (caller, leg), agent, &facts);
        hold
    }

    /// Takes a caller out of its queue. Returns its original position and its hold time in seconds.
    fn leave_queue(&mut self, id: Id) -> Option<(usize, u64)> {
        let now = self.clock.now;
        let queue = self.queue_of(id)?;
        let position = queue.position(id)?;
        let caller = queue.callers.remove(position - 1);
        let (name, count) = (queue.name.clone(), queue.callers.len());
        let facts = [
            ("Queue", &*name),
            ("Position", &*position.to_string()),
            ("Count", &*count.to_string()),
        ];
        self.tell(id, "QueueCallerLeave", &facts);
        Some((
            caller.position_at_first,
            now.saturating_sub(caller.joined).as_secs(),
        ))
    }

    /// A caller hangs up while it waits.
    pub(super) fn abandon_queue(&mut self, id: Id) {
        let now = self.clock.now;
        let Some(queue) = self.queue_of(id) else {
            return;
        };
        let Some(position) = queue.position(id) else {
            return;
        };
        let Some(caller) = queue.callers.get(position - 1).cloned() else {
            return;
        };
        queue.abandoned += 1;
        let name = queue.name.clone();
        let hold = now.saturating_sub(caller.joined).as_secs();
        let facts = [
            ("Queue", &*name),
            ("Position", &*position.to_string()),
            ("OriginalPosition", &*caller.position_at_first.to_string()),
            ("HoldTime", &*hold.to_string()),
        ];
        self.tell(id, "QueueCallerAbandon", &facts);
        self.leave_queue(id);
    }

    pub(in crate::simulator) fn add_member(
        &mut self,
        queue: &str,
        member: Member,
    ) -> Result<(), Refused> {
        let queue = self.queue_named(queue).ok_or(Refused::NoSuchQueue)?;
        let mut members = queue.members.iter();
        if members.any(|there| there.interface.eq_ignore_ascii_case(&member.interface)) {
            return Err(Refused::AlreadyThere);
        }
        let facts = member.told(&queue.name);
        queue.members.push(member);
        let (device, state) = queue.availability();
        self.tell_member("QueueMemberAdded", &facts);
        self.tell_device(&device, state);
        Ok(())
    }

    pub(in crate::simulator) fn remove_member(
        &mut self,
        queue: &str,
        interface: &str,
    ) -> Result<(), Refused> {
        let queue = self.queue_named(queue).ok_or(Refused::NoSuchQueue)?;
        let member = queue.member(interface).ok_or(Refused::NotThere)?;
        if !member.dynamic {
            return Err(Refused::NotDynamic);
        }
        let facts = member.clone().told(&queue.name);
        queue.members.retain(|member| member.interface != interface);
        let (device, state) = queue.availability();
        self.tell_member("QueueMemberRemoved", &facts);
        self.tell_device(&device, state);
        Ok(())
    }

    /// Pauses a member in one queue or in all. False if it is a member of none.
    pub(in crate::simulator) fn pause_member(
        &mut self,
        queue: &str,
        who: &str,
        paused: bool,
        reason: &str,
    ) -> bool {
        let now = self.clock.seconds();
        let mut done = Vec::new();
        let met = |here: &&mut Queue| queue.is_empty() || here.name == queue;
        for queue in self.queues.iter_mut().filter(met) {
            let name = queue.name.clone();
            let Some(member) = queue.member(who) else {
                continue;
            };
            member.paused = paused;
            member.paused_reason = if paused { reason.into() } else { String::new() };
            if paused {
                member.last_pause = now;
            }
            let facts = member.told(&name);
            done.push((
                format!("Queue:{name}_pause_{who}"),
                facts,
                queue.availability(),
            ));
        }
        for (device, facts, (queue, free)) in &done {
            self.tell_device(device, if paused { "INUSE" } else { "NOT_INUSE" });
            self.tell_device(queue, free);
            self.tell_member("QueueMemberPause", facts);
        }
        !done.is_empty()
    }
}
