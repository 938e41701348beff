//! The application VoiceMail.

use std::time::Duration;

use super::channel::Id;
use super::dialplan::PHONES;
use super::events;
use super::mailbox::Mailbox;
use super::state::{Step, World};
use crate::simulator::config::Version;

/// How long callers speak into a mailbox, where calls come by themselves and where they do not.
const LONG: Duration = Duration::from_secs(8);
const SHORT: Duration = Duration::from_secs(1);
/// With so many new messages the owner listens to them.
const LISTENS_AT: u32 = 5;
/// Most old messages; the oldest ones are deleted.
const MOST_OLD: u32 = 20;

/// The place among the mailboxes of `101@default` or `101`.
fn place(name: &str) -> Option<usize> {
    let (box_, context) = name.split_once('@').unwrap_or((name, "default"));
    let mut phones = PHONES.iter();
    let at = phones.position(|(phone, _)| *phone == box_);
    at.filter(|_| context == "default")
}

impl World {
    /// One that does not exist is empty, as in Asterisk.
    pub(in crate::simulator) fn mailbox(&self, name: &str) -> Mailbox {
        let at = place(name).and_then(|at| self.mailboxes.get(at));
        at.copied().unwrap_or_default()
    }

    pub(super) fn record_message(&mut self, id: Id, mailbox: &str) {
        self.answer(id);
        match place(mailbox) {
            Some(at) => self.after(
                if self.lively { LONG } else { SHORT },
                Step::Message(id, at),
            ),
            None => self.soon(Step::Run(id)),
        }
    }

    /// The caller has spoken; who has hung up before that leaves nothing.
    pub(super) fn message_left(&mut self, id: Id, at: usize) {
        if !self.channels.contains_key(&id) {
            return;
        }
        if let (Some(mailbox), Some((phone, _))) = (self.mailboxes.get_mut(at), PHONES.get(at)) {
            mailbox.new += 1;
            if mailbox.new > LISTENS_AT {
                mailbox.old = (mailbox.old + mailbox.new - 1).min(MOST_OLD);
                mailbox.new = 1;
            }
            let Mailbox { new, old } = *mailbox;
            let channel = self.channels.get(&id).filter(|_| !self.unheard);
            if let (Version::V22, Some(channel)) = (self.version, channel) {
                let packet = events::event("MessageWaiting", "call");
                let packet = events::snapshot(packet, "", channel)
                    .header("Mailbox", format!("{phone}@default"))
                    .header("Waiting", "1")
                    .header("New", new.to_string())
                    .header("Old", old.to_string());
                self.tell_packet("call", packet);
            }
        }
        self.soon(Step::Run(id));
    }
}
