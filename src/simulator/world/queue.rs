//! Queues, their members and who waits in them.

use std::time::Duration;

use super::channel::Id;

#[derive(Clone, Debug)]
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

#[derive(Clone, Debug)]
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
            dynamic: false,
            penalty: 0,
            calls_taken: 0,
            last_call: 0,
            last_pause: 0,
            login_time,
            in_call: false,
            status: 1,
            paused: false,
            paused_reason: String::new(),
        }
    }

    pub(in crate::simulator) fn membership(&self) -> &'static str {
        if self.dynamic { "dynamic" } else { "static" }
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
        let name = name.into();
        Queue {
            name,
            members,
            callers: Vec::new(),
            completed: 0,
            abandoned: 0,
            hold_time: 0,
            talk_time: 0,
        }
    }

    /// The queues of the office.
    pub(super) fn all(login_time: u64) -> Vec<Queue> {
        let member = |name, interface| Member::new(name, interface, login_time);
        vec![
            Queue::new(
                "support",
                vec![
                    member("Alice", "PJSIP/101"),
                    member("Bob", "PJSIP/102"),
                    member("Carol", "PJSIP/103"),
                ],
            ),
            Queue::new(
                "sales",
                vec![member("Dave", "PJSIP/104"), member("Erin", "PJSIP/105")],
            ),
            Queue::new("empty", Vec::new()),
        ]
    }

    /// Sets its figures and those of its members to nothing.
    pub(in crate::simulator) fn reset(&mut self) {
        (
            self.completed,
            self.abandoned,
            self.hold_time,
            self.talk_time,
        ) = (0, 0, 0, 0);
        for member in &mut self.members {
            (member.calls_taken, member.last_call) = (0, 0);
        }
    }

    /// The position of a waiting channel, counted from 1.
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
