//! Calls requested by AMI clients.

use super::channel::{Channel, Id, Runs, State};
use super::events;
use super::order::{Order, Target};
use super::state::{Step, World};
use crate::simulator::config::Version;
use crate::simulator::wire::Packet;

impl World {
    pub(in crate::simulator) fn originate(&mut self, order: Order) {
        let Some(leg) = self.new_leg(&order.channel, None) else {
            self.report(order, None, 0);
            return;
        };
        self.equip(leg, &order);
        if !self.leads_somewhere(leg) {
            // The half that would run the dialplan goes first, and nobody is asked to hang up.
            let half = self.channels.get(&leg).and_then(|channel| channel.half);
            for id in [half, Some(leg)].into_iter().flatten() {
                self.tell_hangup(id, 0);
                self.channels.remove(&id);
            }
            let device = order.channel.trim_end_matches("/n").to_owned();
            self.report(order, None, 0);
            for _half in 0..2 {
                self.tell_device(&device, "INVALID");
            }
            return;
        }
        self.after(order.timeout, Step::OriginateTimeout(leg));
        self.originates.insert(leg, order);
        self.start_leg(leg);
    }

    /// Sets the caller ID, account and variables of the new channels, before anything rings.
    fn equip(&mut self, leg: Id, order: &Order) {
        let half = self.channels.get(&leg).and_then(|channel| channel.half);
        if let Some(channel) = self.channel_mut(leg) {
            channel.application = "AppDial2".into();
            channel.data = "(Outgoing Line)".into();
        }
        if self.version == Version::V22 {
            self.tell(leg, "Newexten", &[]);
        }
        for id in [Some(leg), half].into_iter().flatten() {
            if let Some(channel) = self.channel_mut(id) {
                channel.account.clone_from(&order.account);
            }
            for (name, value) in &order.variables {
                self.set_variable(Some(id), name, value);
            }
        }
        self.tell(leg, "NewAccountCode", &[]);
        if self.version == Version::V18 && order.caller.is_unknown() {
            self.tell(leg, "NewCallerid", &[]);
        }
        self.introduce(leg, &order.caller, &order.caller);
    }

    /// The channel has answered: the Originate has succeeded, and the call goes on to its target.
    pub(super) fn originate_answered(&mut self, leg: Id) {
        let Some(order) = self.originates.remove(&leg) else {
            return;
        };
        let target = order.target.clone();
        self.tell(leg, "NewAccountCode", &[]);
        self.report(order, Some(leg), 4);
        match target {
            Target::Extension {
                context,
                exten,
                priority,
            } => {
                if let Some(channel) = self.channel_mut(leg) {
                    // Without an extension it goes on where the channel itself is.
                    if !exten.is_empty() {
                        (channel.context, channel.exten) = (context, exten);
                    }
                    channel.priority = priority.saturating_sub(1);
                    channel.runs = Runs::Dialplan;
                }
                self.soon(Step::Run(leg));
            }
            Target::Application { name, data } => self.run_application(leg, &name, &data),
        }
    }

    pub(super) fn originate_timeout(&mut self, leg: Id) {
        if self.originates.contains_key(&leg) {
            let channel = self.channels.get(&leg);
            let ringing = channel.is_some_and(|channel| channel.state == State::Ringing);
            self.originate_failed(leg, if ringing { 3 } else { 1 });
            self.hang_up(leg, 19);
        }
    }

    /// Does nothing if the outcome is known already.
    pub(super) fn originate_failed(&mut self, leg: Id, reason: u32) {
        if let Some(order) = self.originates.remove(&leg) {
            self.report(order, None, reason);
        }
    }

    fn report(&mut self, order: Order, answered: Option<Id>, reason: u32) {
        let channel = answered.and_then(|id| self.channels.get(&id));
        match &order.waiter {
            // Nobody receives it if the client has gone.
            Some(waiter) => drop(waiter.send(channel.is_some())),
            None => {
                let packet = response(self.version, &order, channel, reason);
                self.tell_packet("call", packet);
            }
        }
    }

    /// Ends every wait for the outcome of an Originate; the waiting clients get a failure.
    pub(in crate::simulator) fn release_waiting(&mut self) {
        self.originates
            .values_mut()
            .for_each(|order| order.waiter = None);
    }
}

fn response(version: Version, order: &Order, channel: Option<&Channel>, reason: u32) -> Packet {
    let packet = events::event("OriginateResponse", "call");
    let packet = match &*order.action_id {
        b"" => packet,
        id => packet.header("ActionID", id),
    };
    let nobody = match version {
        Version::V22 => "<unknown>",
        Version::V18 => "<null>",
    };
    let (response, name, uniqueid) = match channel {
        Some(channel) => ("Success", &channel.name, &*channel.uniqueid),
        None => ("Failure", &order.channel, nobody),
    };
    let target = match (version, &order.target) {
        (_, Target::Extension { context, exten, .. }) => [("Context", context), ("Exten", exten)],
        (Version::V22, Target::Application { name, data }) => {
            [("Application", name), ("Data", data)]
        }
        (Version::V18, Target::Application { .. }) => {
            [("Context", &String::new()), ("Exten", &String::new())]
        }
    };
    let facts = [
        ("CallerIDNum", &order.caller.num),
        ("CallerIDName", &order.caller.name),
    ];
    packet
        .header("Response", response)
        .header("Channel", name)
        .with(&target)
        .header("Reason", reason.to_string())
        .header("Uniqueid", uniqueid)
        .listed(
            "CallerIDNum CallerIDName",
            events::known("<unknown>", &[], &facts),
        )
}
