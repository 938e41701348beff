//! Calls that a client of AMI asks for.

use std::sync::mpsc::Sender;
use std::time::Duration;

use super::channel::{Channel, Id, Party, Runs};
use super::events;
use super::happening::What;
use super::{Step, World};
use crate::simulator::Version;
use crate::simulator::wire::Packet;

/// What Originate asks for.
#[derive(Debug)]
pub(in crate::simulator) struct Order {
    /// The dial string, `Local/200@default` or `PJSIP/101`.
    pub(in crate::simulator) channel: String,
    pub(in crate::simulator) target: Target,
    pub(in crate::simulator) caller: Party,
    pub(in crate::simulator) account: String,
    pub(in crate::simulator) variables: Vec<(String, Vec<u8>)>,
    pub(in crate::simulator) timeout: Duration,
    pub(in crate::simulator) action_id: Vec<u8>,
    /// Who waits for the outcome. Nobody does with `Async`: then an OriginateResponse event tells of it.
    pub(in crate::simulator) waiter: Option<Sender<bool>>,
}

/// Where the call goes once its channel has answered.
#[derive(Clone, Debug)]
pub(in crate::simulator) enum Target {
    Extension {
        context: String,
        exten: String,
        priority: u32,
    },
    Application {
        name: String,
        data: String,
    },
}

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
                self.tell(id, &What::Hangup(0));
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

    /// Gives the new channels what the order says, before anything rings.
    fn equip(&mut self, leg: Id, order: &Order) {
        let half = self.channels.get(&leg).and_then(|channel| channel.half);
        if let Some(channel) = self.channel_mut(leg) {
            channel.application = "AppDial2".into();
            channel.data = "(Outgoing Line)".into();
        }
        if self.version == Version::V22 {
            self.tell(leg, &What::Newexten);
        }
        for id in [Some(leg), half].into_iter().flatten() {
            if let Some(channel) = self.channel_mut(id) {
                channel.account.clone_from(&order.account);
            }
            for (name, value) in &order.variables {
                self.set_variable(Some(id), name, value);
            }
        }
        self.tell_account(leg);
        if self.version == Version::V18 && order.caller.is_unknown() {
            self.tell(leg, &What::NewCallerid);
        }
        self.introduce(leg, &order.caller, &order.caller);
    }

    fn tell_account(&mut self, id: Id) {
        let Some(channel) = self
            .channels
            .get(&id)
            .filter(|_| self.version == Version::V18)
        else {
            return;
        };
        let packet = events::event("NewAccountCode", "call")
            .header("Channel", &channel.name)
            .header("Uniqueid", &channel.uniqueid)
            .header("AccountCode", &channel.account)
            .header("OldAccountCode", "");
        self.tell_packet("call", packet);
    }

    /// The channel is up: the outcome is known, and the call goes where it was to go.
    pub(super) fn originate_answered(&mut self, leg: Id) {
        let Some(order) = self.originates.remove(&leg) else {
            return;
        };
        let target = order.target.clone();
        self.tell_account(leg);
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
            let ringing = self
                .channels
                .get(&leg)
                .is_some_and(|channel| channel.state == super::State::Ringing);
            self.originate_failed(leg, if ringing { 3 } else { 1 });
            self.hang_up(leg, 19);
        }
    }

    /// Does nothing to a channel of which the outcome is known.
    pub(super) fn originate_failed(&mut self, leg: Id, reason: u32) {
        if let Some(order) = self.originates.remove(&leg) {
            self.report(order, None, reason);
        }
    }

    fn report(&mut self, order: Order, answered: Option<Id>, reason: u32) {
        let channel = answered.and_then(|id| self.channels.get(&id));
        match &order.waiter {
            // Nobody waits any longer where the client has gone.
            Some(waiter) => drop(waiter.send(channel.is_some())),
            None => {
                let packet = response(self.version, &order, channel, reason);
                self.tell_packet("call", packet);
            }
        }
    }

    /// Lets go of who waits for the outcome of an Originate; they take it for a failure.
    pub(in crate::simulator) fn release_waiting(&mut self) {
        self.originates
            .values_mut()
            .for_each(|order| order.waiter = None);
    }
}

fn response(version: Version, order: &Order, channel: Option<&Channel>, reason: u32) -> Packet {
    let or_unknown = |text: &str| {
        if text.is_empty() {
            "<unknown>".to_owned()
        } else {
            text.to_owned()
        }
    };
    let packet = events::event("OriginateResponse", "call");
    let packet = if order.action_id.is_empty() {
        packet
    } else {
        packet.header("ActionID", &order.action_id)
    };
    let packet = packet
        .header(
            "Response",
            if channel.is_some() {
                "Success"
            } else {
                "Failure"
            },
        )
        .header(
            "Channel",
            channel.map_or(&order.channel, |channel| &channel.name),
        );
    let packet = match (version, &order.target) {
        (_, Target::Extension { context, exten, .. }) => {
            packet.header("Context", context).header("Exten", exten)
        }
        (Version::V22, Target::Application { name, data }) => {
            packet.header("Application", name).header("Data", data)
        }
        (Version::V18, Target::Application { .. }) => {
            packet.header("Context", "").header("Exten", "")
        }
    };
    let nobody = match version {
        Version::V22 => "<unknown>",
        Version::V18 => "<null>",
    };
    packet
        .header("Reason", reason.to_string())
        .header(
            "Uniqueid",
            channel.map_or(nobody, |channel| &channel.uniqueid),
        )
        .header("CallerIDNum", or_unknown(&order.caller.num))
        .header("CallerIDName", or_unknown(&order.caller.name))
}
