//! The application Queue, and what clients do to queue members.

use std::time::Duration;

use super::channel::Id;
use super::happening::{Agent, Between, Queued, What};
use super::queue::{Caller, Member, Queue};
use super::{Step, World};

/// How long members ring before they are left in peace for a while.
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
        let Some(queue) = self.queues.iter_mut().find(|queue| queue.name == name) else {
            self.soon(Step::Run(id));
            return;
        };
        let position = queue.callers.len() + 1;
        queue.callers.push(Caller {
            channel: id,
            joined: now,
            position_at_first: position,
        });
        self.tell(
            id,
            &What::Queued {
                queue: name,
                position,
                what: Queued::Join { count: position },
            },
        );
        self.tell(id, &What::HoldMusic(true));
        self.soon(Step::RingMembers(id));
    }

    pub(super) fn is_waiting(&self, id: Id) -> bool {
        self.queues.iter().any(|queue| queue.position(id).is_some())
    }

    /// Rings every member who is free, or looks again a little later.
    pub(super) fn ring_members(&mut self, id: Id) {
        let Some(queue) = self
            .queues
            .iter()
            .find(|queue| queue.position(id).is_some())
        else {
            return;
        };
        if self.attempts.contains_key(&id) {
            return;
        }
        let name = queue.name.clone();
        let agent = |member: &Member| Agent {
            queue: name.clone(),
            interface: member.interface.clone(),
            name: member.name.clone(),
        };
        let free: Vec<Agent> = queue
            .members
            .iter()
            .filter(|member| member.is_available())
            .map(agent)
            .collect();
        let mut legs = Vec::new();
        for agent in free {
            if let Some(leg) = self
                .new_leg(&agent.interface, Some(id))
                .filter(|leg| self.prepare(id, *leg, "AppQueue"))
            {
                self.tell_between(Some(id), leg, &Between::AgentCalled(&agent));
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

    /// The caller has its member; gives back how many seconds it held.
    pub(super) fn connect_agent(
        &mut self,
        caller: Id,
        leg: Id,
        agent: &Agent,
        rang_since: Duration,
    ) -> u64 {
        let ring = self.clock.now.saturating_sub(rang_since).as_secs();
        self.tell(caller, &What::HoldMusic(false));
        let hold = self.leave_queue(caller).map_or(0, |(_, hold)| hold);
        if let Some(queue) = self
            .queues
            .iter_mut()
            .find(|queue| queue.name == agent.queue)
        {
            queue.hold_time = Queue::average(queue.hold_time, hold);
            if let Some(member) = queue
                .members
                .iter_mut()
                .find(|member| member.interface == agent.interface)
            {
                member.in_call = true;
            }
        }
        self.tell_between(
            Some(caller),
            leg,
            &Between::AgentConnect { agent, hold, ring },
        );
        hold
    }

    /// Takes a caller out of its queue; gives back how it stood when it came, and for how many seconds it held.
    fn leave_queue(&mut self, id: Id) -> Option<(usize, u64)> {
        let now = self.clock.now;
        let queue = self
            .queues
            .iter_mut()
            .find(|queue| queue.position(id).is_some())?;
        let position = queue.position(id)?;
        let caller = queue.callers.remove(position - 1);
        let (name, count) = (queue.name.clone(), queue.callers.len());
        self.tell(
            id,
            &What::Queued {
                queue: &name,
                position,
                what: Queued::Leave { count },
            },
        );
        Some((
            caller.position_at_first,
            now.saturating_sub(caller.joined).as_secs(),
        ))
    }

    /// A caller hangs up while it waits.
    pub(super) fn abandon_queue(&mut self, id: Id) {
        let now = self.clock.now;
        let Some(queue) = self
            .queues
            .iter_mut()
            .find(|queue| queue.position(id).is_some())
        else {
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
        let at_first = caller.position_at_first;
        self.tell(
            id,
            &What::Queued {
                queue: &name,
                position,
                what: Queued::Abandon { at_first, hold },
            },
        );
        self.leave_queue(id);
    }

    fn queue_index(&self, name: &str) -> Option<usize> {
        self.queues.iter().position(|queue| queue.name == name)
    }

    pub(in crate::simulator) fn add_member(
        &mut self,
        queue: &str,
        member: Member,
    ) -> Result<(), Refused> {
        let at = self.queue_index(queue).ok_or(Refused::NoSuchQueue)?;
        let members = &mut self.queues.get_mut(at).ok_or(Refused::NoSuchQueue)?.members;
        if members
            .iter()
            .any(|there| there.interface.eq_ignore_ascii_case(&member.interface))
        {
            return Err(Refused::AlreadyThere);
        }
        members.push(member);
        let last = members.len() - 1;
        self.tell_member("QueueMemberAdded", at, last);
        self.tell_availability(at);
        Ok(())
    }

    pub(in crate::simulator) fn remove_member(
        &mut self,
        queue: &str,
        interface: &str,
    ) -> Result<(), Refused> {
        let at = self.queue_index(queue).ok_or(Refused::NoSuchQueue)?;
        let members = &self.queues.get(at).ok_or(Refused::NoSuchQueue)?.members;
        let found = members
            .iter()
            .position(|member| member.interface == interface)
            .ok_or(Refused::NotThere)?;
        if members.get(found).is_some_and(|member| !member.dynamic) {
            return Err(Refused::NotDynamic);
        }
        self.tell_member("QueueMemberRemoved", at, found);
        if let Some(queue) = self.queues.get_mut(at) {
            queue.members.remove(found);
        }
        self.tell_availability(at);
        Ok(())
    }

    /// Pauses a member in one queue or in all; false if it is nowhere.
    pub(in crate::simulator) fn pause_member(
        &mut self,
        queue: &str,
        who: &str,
        paused: bool,
        reason: &str,
    ) -> bool {
        let now = self.clock.seconds();
        let mut found = false;
        for at in 0..self.queues.len() {
            let Some(in_queue) = self
                .queues
                .get_mut(at)
                .filter(|here| queue.is_empty() || here.name == queue)
            else {
                continue;
            };
            let Some(index) = in_queue
                .members
                .iter()
                .position(|member| member.interface == who)
            else {
                continue;
            };
            if let Some(member) = in_queue.members.get_mut(index) {
                member.paused = paused;
                member.paused_reason = if paused { reason.into() } else { String::new() };
                if paused {
                    member.last_pause = now;
                }
            }
            found = true;
            self.tell_pause(at, who, paused);
            self.tell_member("QueueMemberPause", at, index);
        }
        found
    }

    /// A queue is a device to hints: in use while no member is free.
    fn tell_availability(&mut self, queue: usize) {
        let Some(queue) = self.queues.get(queue) else {
            return;
        };
        let free = queue.members.iter().any(Member::is_available);
        let device = format!("Queue:{}_avail", queue.name);
        self.tell_device(&device, if free { "NOT_INUSE" } else { "INUSE" });
    }

    fn tell_pause(&mut self, queue: usize, who: &str, paused: bool) {
        let Some(name) = self.queues.get(queue).map(|queue| queue.name.clone()) else {
            return;
        };
        self.tell_device(
            &format!("Queue:{name}_pause_{who}"),
            if paused { "INUSE" } else { "NOT_INUSE" },
        );
        self.tell_availability(queue);
    }
}
