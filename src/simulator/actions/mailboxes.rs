//! MailboxStatus, MailboxCount, VoicemailUsersList.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::dialplan::PHONES;
use crate::simulator::world::{Mailbox, known};

/// From the source of app_voicemail of 22; values of the sample configuration.
const USER: &str = "VMContext:default VoiceMailbox Fullname Email Pager: ServerEmail:asterisk FromString: MailCommand \
                    Language: TimeZone: Callback: Dialout: UniqueID: ExitContext: SayDurationMinimum:2 SayEnvelope:Yes \
                    SayCID:No AttachMessage:Yes AttachmentFormat:wav49|gsm|wav DeleteMessage:No VolumeGain:0.00 CanReview:No \
                    CanMarkUrgent:No CallOperator:No MaxMessageCount:100 MaxMessageLength:180 NewMessageCount OldMessageCount";

/// The name of the mailbox and what is in it.
fn mailbox(peer: &Peer, request: &Request) -> Option<(String, Mailbox)> {
    let name = request.text("Mailbox").into_owned();
    let found = peer.server.in_world(|world| world.mailbox(&name));
    (!name.is_empty()).then_some((name, found))
}

pub(super) fn status(peer: &mut Peer, request: &Request) -> Answer {
    let Some((name, found)) = mailbox(peer, request) else {
        return Answer::error(request, "Mailbox not specified");
    };
    let waiting = u8::from(found.new > 0).to_string();
    let packet = Packet::response("Success", request).header("Message", "Mailbox Status");
    let packet = packet.header("Mailbox", name);
    Answer::packet(packet.header("Waiting", waiting))
}

pub(super) fn count(peer: &mut Peer, request: &Request) -> Answer {
    let Some((name, Mailbox { new, old })) = mailbox(peer, request) else {
        return Answer::error(request, "Mailbox not specified");
    };
    let packet = Packet::response("Success", request).header("Message", "Mailbox Message Count");
    let packet = packet.header("Mailbox", name).header("UrgMessages", "0");
    let packet = packet.header("NewMessages", new.to_string());
    Answer::packet(packet.header("OldMessages", old.to_string()))
}

pub(super) fn users_list(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Voicemail user list will follow");
    peer.server.in_world(|world| {
        for (phone, name) in PHONES {
            let Mailbox { new, old } = world.mailbox(phone);
            let facts = [
                ("VoiceMailbox", phone.to_owned()),
                ("Fullname", name.to_owned()),
                (
                    "Email",
                    format!("{}@example.com", name.to_ascii_lowercase()),
                ),
                ("MailCommand", "/usr/sbin/sendmail -t".to_owned()),
                ("NewMessageCount", new.to_string()),
                ("OldMessageCount", old.to_string()),
            ];
            let packet = Packet::event("VoicemailUserEntry").action_id(request);
            list.add(packet.listed(USER, known("", &[], &facts)));
        }
    });
    list.end("VoicemailUserEntryComplete", &[])
}
