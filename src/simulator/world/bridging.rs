//! Two channels that hear each other, and the end of channels.

use std::time::Duration;

use super::channel::{Id, Runs};
use super::happening::{Agent, Between, What};
use super::queue::Queue;
use super::{Step, World};

#[derive(Debug)]
pub(super) struct Bridge {
    pub(super) uniqueid: String,
    pub(super) caller: Id,
    pub(super) callee: Id,
    since: Duration,
    /// The queue member at the far end, and how long the caller held for it.
    agent: Option<(Agent, u64)>,
}

impl World {
    pub(super) fn bridge(&mut self, caller: Id, callee: Id, agent: Option<(Agent, u64)>) {
        let uniqueid = self.random.uuid();
        self.tell_bridge("BridgeCreate", &uniqueid, 0, None);
        let id = caller;
        for (count, member) in [(1, callee), (2, caller)] {
            if let Some(channel) = self.channel_mut(member) {
                channel.bridge = Some(id);
            }
            self.tell_bridge("BridgeEnter", &uniqueid, count, Some(member));
        }
        for (id, other) in [(callee, caller), (caller, callee)] {
            let name = self
                .channels
                .get(&other)
                .map(|channel| channel.name.clone())
                .unwrap_or_default();
            self.set_variable(Some(id), "BRIDGEPEER", name.as_bytes());
        }
        self.tell_link(true, caller, callee);
        self.bridges.insert(
            id,
            Bridge {
                uniqueid,
                caller,
                callee,
                since: self.clock.now,
                agent,
            },
        );
        if self.lively {
            let (talk, who) = (
                self.random.between(4, 40),
                if self.random.percent(70) {
                    caller
                } else {
                    callee
                },
            );
            self.after(Duration::from_secs(talk), Step::HangUp(who, 16));
        }
    }

    /// Ends the bridge of a channel that leaves; gives back who was in it with it.
    fn unbridge(&mut self, leaver: Id) -> Option<Id> {
        let bridge = self.channels.get(&leaver)?.bridge?;
        let bridge = self.bridges.remove(&bridge)?;
        let other = if bridge.caller == leaver {
            bridge.callee
        } else {
            bridge.caller
        };
        if let Some((agent, hold)) = &bridge.agent {
            let talk = self.clock.now.saturating_sub(bridge.since).as_secs();
            let reason = if leaver == bridge.caller {
                "caller"
            } else {
                "agent"
            };
            let complete = Between::AgentComplete {
                agent,
                hold: *hold,
                talk,
                reason,
            };
            self.tell_between(Some(bridge.caller), bridge.callee, &complete);
            self.call_taken(agent, talk);
        }
        self.tell_link(false, bridge.caller, bridge.callee);
        for (left, member) in [(1, leaver), (0, other)] {
            self.tell_bridge("BridgeLeave", &bridge.uniqueid, left, Some(member));
            if let Some(channel) = self.channel_mut(member) {
                channel.bridge = None;
            }
        }
        self.tell_bridge("BridgeDestroy", &bridge.uniqueid, 0, None);
        if bridge.agent.is_none() {
            self.tell(bridge.caller, &What::DialOver("ANSWER"));
        }
        Some(other)
    }

    fn call_taken(&mut self, agent: &Agent, talk: u64) {
        let now = self.clock.seconds();
        let Some(queue) = self
            .queues
            .iter_mut()
            .find(|queue| queue.name == agent.queue)
        else {
            return;
        };
        queue.completed += 1;
        queue.talk_time = Queue::average(queue.talk_time, talk);
        if let Some(member) = queue
            .members
            .iter_mut()
            .find(|member| member.interface == agent.interface)
        {
            member.calls_taken += 1;
            member.last_call = now;
            member.in_call = false;
        }
    }

    /// Hangs a channel up as a client of AMI asks for it; true if there was such a channel.
    pub(in crate::simulator) fn request_hangup(&mut self, id: Id, cause: u32) {
        self.tell(id, &What::HangupRequest(cause));
        self.tell(id, &What::SoftHangupRequest(cause));
        self.hang_up(id, cause);
    }

    /// Ends a channel with all that hangs on it: what it dials, its bridge, its other half.
    pub(super) fn hang_up(&mut self, id: Id, cause: u32) {
        let Some(channel) = self.channel_mut(id).filter(|channel| !channel.ending) else {
            return;
        };
        channel.ending = true;
        let (half, by, up) = (channel.half, channel.dialed_by, channel.is_up());
        let device = channel.device().to_owned();
        self.cancel_attempt(id);
        self.abandon_queue(id);
        let other = self.unbridge(id);
        self.originate_failed(id, 1);
        if let Some(half) = half {
            self.tell(half, &What::HangupRequest(cause));
        }
        self.tell(id, &What::Hangup(cause));
        self.channels.remove(&id);
        self.device_changed(&device);
        if let Some(by) = by.filter(|_| !up) {
            self.leg_gone(id, by);
        }
        for rest in [half, other].into_iter().flatten() {
            self.tell(rest, &What::SoftHangupRequest(16));
            self.hang_up(rest, cause);
        }
    }

    /// What comes behind an application that came to its end: the next priority, or nothing more.
    pub(super) fn run_dialplan(&mut self, id: Id, wait: Duration) {
        if let Some(channel) = self.channel_mut(id) {
            if channel.runs == Runs::Nothing {
                channel.runs = Runs::Dialplan;
                channel.priority = 0;
            }
            self.after(wait, Step::Run(id));
        }
    }
}
