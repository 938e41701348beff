//! Bridges of two channels, and hanging up.

use std::time::Duration;

use super::channel::{Id, Runs};
use super::queue::Queue;
use super::state::{Agent, Bridge, Step, World};
use crate::simulator::config::Version;

impl World {
    pub(super) fn bridge(&mut self, caller: Id, callee: Id, agent: Option<(Agent, u64)>) {
        let uniqueid = self.random.uuid();
        self.tell_bridge("BridgeCreate", &uniqueid, 0, None);
        for (count, member) in [(1, callee), (2, caller)] {
            if let Some(channel) = self.channel_mut(member) {
                channel.bridge = Some(caller);
            }
            self.tell_bridge("BridgeEnter", &uniqueid, count, Some(member));
        }
        for (id, other) in [(callee, caller), (caller, callee)] {
            let other = self.channels.get(&other);
            let name = other.map_or(String::new(), |other| other.name.clone());
            self.set_variable(Some(id), "BRIDGEPEER", name.as_bytes());
        }
        self.tell_of("Link", &[("", caller), ("Dest", callee)], &[]);
        let bridge = Bridge {
            uniqueid,
            caller,
            callee,
            since: self.clock.now,
            agent,
        };
        self.bridges.insert(caller, bridge);
        if self.lively {
            let talk = Duration::from_secs(self.random.between(4, 40));
            let by_caller = self.random.percent(70);
            let who = if by_caller { caller } else { callee };
            self.after(talk, Step::HangUp(who, 16));
        }
    }

    /// Ends the bridge of a channel. Returns the other channel.
    pub(super) fn unbridge(&mut self, leaver: Id) -> Option<Id> {
        let bridge = self.channels.get(&leaver)?.bridge?;
        let bridge = self.bridges.remove(&bridge)?;
        let other = bridge.other(leaver);
        let both = [("", bridge.caller), ("Dest", bridge.callee)];
        self.tell_of("Unlink", &both, &[]);
        if let Some((agent, hold)) = &bridge.agent {
            let talk = self.clock.now.saturating_sub(bridge.since).as_secs();
            let by_caller = leaver == bridge.caller;
            let reason = if by_caller { "caller" } else { "agent" };
            let facts = [
                ("HoldTime", &*hold.to_string()),
                ("TalkTime", &*talk.to_string()),
                ("Reason", reason),
            ];
            let both = (bridge.caller, bridge.callee);
            self.tell_agent("AgentComplete", both, agent, &facts);
            self.call_taken(agent, talk);
        }
        for (left, member) in [(1, leaver), (0, other)] {
            self.tell_bridge("BridgeLeave", &bridge.uniqueid, left, Some(member));
            if let Some(channel) = self.channel_mut(member) {
                channel.bridge = None;
            }
        }
        self.tell_bridge("BridgeDestroy", &bridge.uniqueid, 0, None);
        Some(other)
    }

    fn call_taken(&mut self, agent: &Agent, talk: u64) {
        let now = self.clock.seconds();
        let Some(queue) = self.queue_named(&agent.queue) else {
            return;
        };
        queue.completed += 1;
        queue.talk_time = Queue::average(queue.talk_time, talk);
        if let Some(member) = queue.member(&agent.interface) {
            member.calls_taken += 1;
            member.last_call = now;
            member.in_call = false;
        }
    }

    /// Takes a channel out of whatever it is in. Returns the other channel of its bridge.
    pub(super) fn leave_all(&mut self, id: Id) -> Option<Id> {
        self.cancel_attempt(id);
        self.abandon_queue(id);
        self.leave_parking(id);
        self.leave_conference(id);
        self.end_consultation(id);
        self.unbridge(id)
    }

    /// Hangs a channel up for the action Hangup.
    pub(in crate::simulator) fn request_hangup(&mut self, id: Id, cause: u32) {
        let facts = [("Cause", &*cause.to_string())];
        self.tell(id, "HangupRequest", &facts);
        self.tell(id, "SoftHangupRequest", &facts);
        self.hang_up(id, cause);
    }

    /// Hangs a channel up, with the legs that it dials, its bridge and its other half.
    pub(super) fn hang_up(&mut self, id: Id, cause: u32) {
        let Some(channel) = self.channel_mut(id).filter(|channel| !channel.ending) else {
            return;
        };
        channel.ending = true;
        let (half, by, up) = (channel.half, channel.dialed_by, channel.is_up());
        let device = channel.device().to_owned();
        let other = self.leave_all(id);
        self.originate_failed(id, 1);
        if let Some(callee) = other.filter(|other| self.ends_before(*other, id)) {
            self.hang_up(callee, cause);
        }
        if let Some(half) = half {
            self.tell(half, "HangupRequest", &[("Cause", &cause.to_string())]);
        }
        self.tell_hangup(id, cause);
        self.channels.remove(&id);
        self.device_changed(&device);
        match by {
            Some(by) if up => self.dial_over(by, "ANSWER"),
            Some(by) => self.leg_gone(id, by),
            None => {}
        }
        for rest in [half, other].into_iter().flatten() {
            self.tell(rest, "SoftHangupRequest", &[("Cause", "16")]);
            self.hang_up(rest, cause);
        }
    }

    /// In 1.8 a dialed leg ends before the channel that dialed it, whichever hung up.
    fn ends_before(&self, leg: Id, caller: Id) -> bool {
        let leg = self.channels.get(&leg);
        self.version == Version::V18 && leg.is_some_and(|leg| leg.dialed_by == Some(caller))
    }

    /// The application Dial ends, after what it dialed.
    pub(super) fn dial_over(&mut self, caller: Id, status: &str) {
        let channel = self.channels.get(&caller);
        if channel.is_some_and(|channel| channel.application.eq_ignore_ascii_case("Dial")) {
            self.tell(caller, "DialOver", &[("DialStatus", status)]);
        }
    }

    /// Continues after an application has ended: with the next priority, or not
    /// at all.
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
