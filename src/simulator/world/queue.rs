//! Queues, their members and waiting callers.

use std::time::Duration;

use super::channel::Id;

#[derive(Clone, Debug, Default)]
pub(in crate::simulator) struct Queue {
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) members: Vec<Member>,
    /// Who waits, the longest wait first.
    pub(in crate::simulator) callers: Vec<Caller>,
    pub(in crate::simulator) completed: u32,
    pub(in crate::simulator) abandoned: u32,
    pub(in crate::simulator) hold_time: u64,
    pub(in crate::simulator) talk_time: u64,
}

#[derive(Clone, Debug)]
pub(in crate::simulator) struct Caller {
    pub(in crate::simulator) channel: Id,
    pub(in crate::simulator) joined: Duration,
    pub(in crate::simulator) position_at_first: usize,
}

#[derive(Clone, Debug, Default)]
pub(in crate::simulator) struct Member {
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) interface: String,
    pub(in crate::simulator) state_interface: String,
    pub(in crate::simulator) dynamic: bool,
    pub(in crate::simulator) penalty: u32,
    pub(in crate::simulator) calls_taken: u32,
    pub(in crate::simulator) last_call: u64,
    pub(in crate::simulator) last_pause: u64,
    pub(in crate::simulator) login_time: u64,
    pub(in crate::simulator) in_call: bool,
    /// The device's state as a number: 0 unknown, 1 not in use, 2 in use, 4 invalid, 6 ringing.
    pub(in crate::simulator) status: u8,
    pub(in crate::simulator) paused: bool,
    pub(in crate::simulator) paused_reason: String,
}

impl Member {
    pub(in crate::simulator) fn new(name: &str, interface: &str, login_time: u64) -> Member {
        Member {
            name: name.into(),
            interface: interface.into(),
            state_interface: interface.into(),
            login_time,
            status: 1,
            ..Member::default()
        }
    }

    /// What packets say about it, in the order of Asterisk 22.
    pub(in crate::simulator) fn told(&self, queue: &str) -> [(&'static str, String); 16] {
        let membership = if self.dynamic { "dynamic" } else { "static" };
        [
            ("Queue", queue.into()),
            ("MemberName", self.name.clone()),
            ("Interface", self.interface.clone()),
            ("StateInterface", self.state_interface.clone()),
            ("Membership", membership.into()),
            ("Penalty", self.penalty.to_string()),
            ("CallsTaken", self.calls_taken.to_string()),
            ("LastCall", self.last_call.to_string()),
            ("LastPause", self.last_pause.to_string()),
            ("LoginTime", self.login_time.to_string()),
            ("InCall", u8::from(self.in_call).to_string()),
            ("Status", self.status.to_string()),
            ("Paused", u8::from(self.paused).to_string()),
            ("PausedReason", self.paused_reason.clone()),
            ("Ringinuse", "1".into()),
            ("Wrapuptime", "0".into()),
        ]
    }

    pub(in crate::simulator) fn is_available(&self) -> bool {
        !self.paused && self.status == 1
    }

    /// The state as `queue show` words it.
    pub(in crate::simulator) fn status_word(&self) -> &'static str {
        match self.status {
            1 => "Not in use",
            2 => "In use",
            4 => "Invalid",
            6 => "Ringing",
            _ => "Unknown",
        }
    }
}

impl Queue {
    fn new(name: &str, members: Vec<Member>) -> Queue {
        Queue {
            name: name.into(),
            members,
            ..Queue::default()
        }
    }

    /// The queues of the office.
    pub(super) fn all(login_time: u64) -> Vec<Queue> {
        let member = |name, interface| Member::new(name, interface, login_time);
        let support = vec![
            member("Alice", "PJSIP/101"),
            member("Bob", "PJSIP/102"),
            member("Carol", "PJSIP/103"),
        ];
        let sales = vec![member("Dave", "PJSIP/104"), member("Erin", "PJSIP/105")];
        vec![
            Queue::new("support", support),
            Queue::new("sales", sales),
            Queue::new("empty", Vec::new()),
        ]
    }

    /// Resets its statistics and those of its members.
    pub(in crate::simulator) fn reset(&mut self) {
        (self.completed, self.abandoned) = (0, 0);
        (self.hold_time, self.talk_time) = (0, 0);
        for member in &mut self.members {
            (member.calls_taken, member.last_call) = (0, 0);
        }
    }

    /// Percent of the calls that were answered in time.
    pub(in crate::simulator) fn service_level(&self) -> &'static str {
        if self.completed > 0 { "100.0" } else { "0.0" }
    }

    pub(super) fn member(&mut self, interface: &str) -> Option<&mut Member> {
        let mut members = self.members.iter_mut();
        members.find(|member| member.interface == interface)
    }

    /// To hints a queue is a device, in use while no member is free: its name and its state.
    pub(super) fn availability(&self) -> (String, &'static str) {
        let free = self.members.iter().any(Member::is_available);
        let state = if free { "NOT_INUSE" } else { "INUSE" };
        (format!("Queue:{}_avail", self.name), state)
    }

    /// The position of a waiting channel, counting from 1.
    pub(super) fn position(&self, channel: Id) -> Option<usize> {
        self.callers
            .iter()
            .position(|caller| caller.channel == channel)
            .map(|at| at + 1)
    }

    /// Asterisk moves its averages a quarter of the way to each new value.
    pub(super) fn average(old: u64, new: u64) -> u64 {
        (old * 3 + new) / 4
    }
}
