//! Channels that are sent elsewhere: the actions Redirect and BlindTransfer.

use std::time::Duration;

use super::channel::{Id, Runs};
use super::events::{self, snapshot};
use super::state::World;
use super::telling::Mixed;
use crate::simulator::config::Version;

/// Where to: the first priority is 1.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct Place {
    pub(in crate::simulator) context: String,
    pub(in crate::simulator) exten: String,
    pub(in crate::simulator) priority: u32,
}

/// Why there was no transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum NotMoved {
    /// The channel is in no call with another.
    Alone,
    /// It does not exist, or rings for somebody else.
    NotUp,
}

impl World {
    /// Sends a channel to an extension. Whoever it talks to is hung up.
    pub(in crate::simulator) fn redirect(&mut self, id: Id, to: &Place) -> Result<(), NotMoved> {
        let channel = self.channels.get(&id).filter(|channel| !channel.ending);
        let channel = channel.ok_or(NotMoved::NotUp)?;
        let is_dialed = channel.dialed_by.is_some() || self.originates.contains_key(&id);
        if is_dialed && !channel.is_up() {
            return Err(NotMoved::NotUp);
        }
        if let Some(other) = self.leave_all(id) {
            self.hang_up(other, 16);
        }
        self.move_to(id, to);
        Ok(())
    }

    /// Parts the two channels of a call, each of which is to be sent elsewhere.
    pub(in crate::simulator) fn part(&mut self, id: Id) {
        self.leave_all(id);
    }

    /// A channel that is in nothing any more goes on elsewhere.
    pub(super) fn move_to(&mut self, id: Id, to: &Place) {
        self.forget_steps(id);
        if let Some(channel) = self.channel_mut(id) {
            (channel.context, channel.exten) = (to.context.clone(), to.exten.clone());
            channel.priority = to.priority.saturating_sub(1);
            channel.runs = Runs::Dialplan;
            channel.dialed_by = None;
            self.run_dialplan(id, Duration::ZERO);
        }
    }

    /// Sends whoever a channel talks to elsewhere, and hangs the channel up.
    pub(in crate::simulator) fn blind_transfer(
        &mut self,
        id: Id,
        to: &Place,
    ) -> Result<(), NotMoved> {
        let channel = self.channels.get(&id).ok_or(NotMoved::NotUp)?;
        let other = self.bridged_with(channel).map(|other| other.id);
        self.tell_transfer(id, other, to);
        let other = other.ok_or(NotMoved::Alone)?;
        let names = [(id, other), (other, id)];
        for (of, with) in names {
            let name = self.channels.get(&with).map(|with| with.name.clone());
            let name = name.unwrap_or_default();
            self.set_variable(Some(of), "BLINDTRANSFER", name.as_bytes());
        }
        self.leave_all(id);
        // The other one may have been asking a third.
        if let Some(third) = self.leave_all(other) {
            self.hang_up(third, 16);
        }
        self.move_to(other, to);
        self.hang_up(id, 16);
        Ok(())
    }

    fn tell_transfer(&mut self, id: Id, other: Option<Id>, to: &Place) {
        if self.unheard || self.version != Version::V22 {
            return;
        }
        let Some(channel) = self.channels.get(&id) else {
            return;
        };
        let result = match other {
            Some(_) => "Success",
            None => "Invalid",
        };
        let packet = events::event("BlindTransfer", "call").header("Result", result);
        let packet = snapshot(packet, "Transferer", channel);
        let packet = match other.and_then(|id| self.channels.get(&id)) {
            Some(other) => {
                let packet = snapshot(packet, "Transferee", other);
                Mixed::call(self.bridge_of(channel), 2).told(packet, "")
            }
            None => packet,
        };
        let packet = packet.with(&[
            ("IsExternal", "Yes"),
            ("Context", &to.context),
            ("Extension", &to.exten),
        ]);
        self.tell_packet("call", packet);
    }
}
