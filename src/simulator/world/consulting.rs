//! The action Atxfer: a channel of a call asks somebody else, who takes the call once the channel hangs up.
//!
//! While it asks, its own call stays in `bridges`, with the other channel alone in it.

use std::time::Duration;

use super::channel::{Id, Party};
use super::events::{self, snapshot};
use super::moving::{NotMoved, Place};
use super::state::{Consultation, Step, World};
use super::telling::Mixed;

/// How long a call of the office lasts after a consultation.
const TALKS: Duration = Duration::from_secs(30);

impl World {
    /// Lets a channel consult an extension, if it is in a call.
    pub(in crate::simulator) fn consult(&mut self, id: Id, to: &Place) -> Result<(), NotMoved> {
        let channel = self.channels.get(&id).ok_or(NotMoved::NotUp)?;
        let call = channel.bridge.ok_or(NotMoved::Alone)?;
        let caller = channel.caller.clone();
        let transferee = self.bridged_with(channel).ok_or(NotMoved::Alone)?.id;
        if self.consultations.iter().any(|one| one.has(id)) {
            return Err(NotMoved::Alone);
        }
        self.tell(id, "Hold", &[]);
        let dial = format!("Local/{}@{}", to.exten, to.context);
        let Some(target) = self.new_leg(&dial, None) else {
            self.tell(id, "Unhold", &[]);
            return Err(NotMoved::Alone);
        };
        self.introduce(target, &Party::new(&to.exten, ""), &caller);
        if !self.leads_somewhere(target) {
            self.hang_up(target, 0);
            self.tell(id, "Unhold", &[]);
            return Ok(());
        }
        for one in [id, transferee] {
            self.forget_steps(one);
        }
        self.consultations.push(Consultation {
            transferer: id,
            transferee,
            target,
            call,
        });
        self.start_leg(target);
        Ok(())
    }

    /// Who is asked has answered.
    pub(super) fn consulted(&mut self, target: Id) {
        let met = |one: &&Consultation| one.target == target;
        let Some(one) = self.consultations.iter().find(met).copied() else {
            return;
        };
        if let Some(bridge) = self.bridges.get(&one.call) {
            let uniqueid = bridge.uniqueid.clone();
            self.tell_bridge("BridgeLeave", &uniqueid, 1, Some(one.transferer));
        }
        self.bridge(target, one.transferer, None);
    }

    /// Ends the consultation of a channel, which returns to its call. False if it consults nobody.
    pub(in crate::simulator) fn cancel_consultation(&mut self, id: Id) -> bool {
        let met = |one: &&Consultation| one.transferer == id;
        let target = self.consultations.iter().find(met).map(|one| one.target);
        if let Some(target) = target {
            self.hang_up(target, 16);
        }
        target.is_some()
    }

    /// A channel that takes part in one leaves, before it leaves its bridge.
    pub(super) fn end_consultation(&mut self, id: Id) {
        let Some(at) = self.consultations.iter().position(|one| one.has(id)) else {
            return;
        };
        let one = self.consultations.remove(at);
        let has_answered = self
            .channels
            .get(&one.target)
            .is_some_and(|target| target.bridge == Some(one.target));
        if id == one.target {
            self.return_to_call(&one, has_answered);
        } else if id == one.transferee {
            if has_answered {
                self.empty_call(&one);
            } else {
                self.hang_up(one.target, 16);
            }
        } else if has_answered {
            self.hand_over(&one);
        } else {
            self.hang_up(one.target, 16);
        }
    }

    /// Who was asked leaves, and the two of the call talk again.
    fn return_to_call(&mut self, one: &Consultation, has_answered: bool) {
        if has_answered {
            self.unbridge(one.target);
            if let Some(channel) = self.channel_mut(one.transferer) {
                channel.bridge = Some(one.call);
            }
            if let Some(bridge) = self.bridges.get(&one.call) {
                let uniqueid = bridge.uniqueid.clone();
                self.tell_bridge("BridgeEnter", &uniqueid, 2, Some(one.transferer));
            }
        }
        self.tell(one.transferer, "Unhold", &[]);
        self.talk_on(one.transferer);
    }

    /// Who waits leaves the call, in which nobody else is.
    fn empty_call(&mut self, one: &Consultation) {
        if let Some(bridge) = self.bridges.remove(&one.call) {
            self.tell_bridge("BridgeLeave", &bridge.uniqueid, 0, Some(one.transferee));
            self.tell_bridge("BridgeDestroy", &bridge.uniqueid, 0, None);
        }
        if let Some(channel) = self.channel_mut(one.transferee) {
            channel.bridge = None;
        }
    }

    /// Who asked leaves, and who was asked takes its place in the call.
    fn hand_over(&mut self, one: &Consultation) {
        self.tell_attended(one);
        self.unbridge(one.transferer);
        let Some(bridge) = self.bridges.get_mut(&one.call) else {
            return;
        };
        match bridge.caller == one.transferer {
            true => bridge.caller = one.target,
            false => bridge.callee = one.target,
        }
        let uniqueid = bridge.uniqueid.clone();
        if let Some(channel) = self.channel_mut(one.target) {
            channel.bridge = Some(one.call);
        }
        self.tell_bridge("BridgeEnter", &uniqueid, 2, Some(one.target));
        self.talk_on(one.target);
        // The transferer has not dialed it, nor has it the transferer any more.
        for id in [one.transferer, one.transferee] {
            if let Some(channel) = self.channel_mut(id) {
                channel.dialed_by = None;
            }
        }
    }

    /// Where calls end by themselves, this one does too.
    fn talk_on(&mut self, id: Id) {
        if self.lively {
            self.after(TALKS, Step::HangUp(id, 16));
        }
    }

    fn tell_attended(&mut self, one: &Consultation) {
        let channel = |id| self.channels.get(&id);
        if self.unheard {
            return;
        }
        let (Some(transferer), Some(transferee), Some(target)) = (
            channel(one.transferer),
            channel(one.transferee),
            channel(one.target),
        ) else {
            return;
        };
        let call = self.bridges.get(&one.call);
        let call = call.map_or("", |bridge| &bridge.uniqueid);
        let packet = events::event("AttendedTransfer", "call").header("Result", "Success");
        let packet = snapshot(packet, "OrigTransferer", transferer);
        let packet = Mixed::call(call, 1).told(packet, "Orig");
        let packet = snapshot(packet, "SecondTransferer", transferer);
        let second = Mixed::call(self.bridge_of(target), 2);
        let packet = second.told(packet, "Second");
        let packet = snapshot(packet, "Transferee", transferee);
        let packet = snapshot(packet, "TransferTarget", target).with(&[
            ("IsExternal", "No"),
            ("DestType", "Bridge"),
            ("DestBridgeUniqueid", call),
        ]);
        self.tell_packet("call", packet);
    }
}
