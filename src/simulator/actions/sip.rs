//! SIPpeers and SIPshowpeer, of versions with chan_sip.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::phones;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::dialplan::PHONES;
use crate::simulator::world::known;

const ENTRY: &str = "Channeltype:SIP ObjectName ChanObjectType:peer IPaddress IPport:5060 Dynamic:yes Forcerport:yes \
                     VideoSupport:no TextSupport:no ACL:no Status RealtimeDevice:no";

/// From the source of 1.8.
const PEER: &str = "Channeltype:SIP ObjectName ChanObjectType:peer SecretExist:Y RemoteSecretExist:N MD5SecretExist:N \
                    Context:from-internal Language: AMAflags:Unknown CID-CallingPres Callgroup: Pickupgroup: MOHSuggest: \
                    VoiceMailbox TransferMode:open LastMsgsSent:0 Maxforwards:0 Call-limit:0 Busy-level:0 MaxCallBR \
                    Dynamic:Y Callerid RegExpire SIP-AuthInsecure:no SIP-Forcerport:Y ACL:N SIP-CanReinvite:Y \
                    SIP-DirectMedia:Y SIP-PromiscRedir:N SIP-UserPhone:N SIP-VideoSupport:N SIP-TextSupport:N \
                    SIP-T.38Support:N SIP-T.38EC:Unknown SIP-T.38MaxDtgrm:-1 SIP-Sess-Timers:Accept SIP-Sess-Refresh:uas \
                    SIP-Sess-Expires:1800 SIP-Sess-Min:90 SIP-RTP-Engine:asterisk SIP-Encryption:N SIP-DTMFmode:rfc2833 \
                    ToHost: Address-IP=IPaddress Address-Port:5060 Default-addr-IP:(null) Default-addr-port:0 \
                    Default-Username=ObjectName Codecs CodecOrder:ulaw,alaw Status SIP-Useragent Reg-Contact QualifyFreq \
                    Parkinglot: SIP-Use-Reason-Header:N";

fn facts(phone: &str, name: &str) -> Vec<(&'static str, String)> {
    let contact = phones::contact(phone);
    vec![
        ("ObjectName", phone.to_owned()),
        ("IPaddress", contact.address.clone()),
        ("Status", format!("OK ({} ms)", contact.milliseconds)),
        (
            "CID-CallingPres",
            "Presentation Allowed, Not Screened".to_owned(),
        ),
        ("VoiceMailbox", format!("{phone}@default")),
        ("MaxCallBR", "384 kbps".to_owned()),
        ("Callerid", format!("\"{name}\" <{phone}>")),
        ("RegExpire", "2712 seconds".to_owned()),
        ("Codecs", "0xc (ulaw|alaw)".to_owned()),
        ("SIP-Useragent", phones::USER_AGENT.to_owned()),
        ("Reg-Contact", contact.uri),
        ("QualifyFreq", "60000 ms".to_owned()),
    ]
}

pub(super) fn peers(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Peer status list will follow");
    for (phone, name) in PHONES {
        let packet = Packet::event("PeerEntry").action_id(request);
        list.add(packet.listed(ENTRY, known("", &[], &facts(phone, name))));
    }
    list.end("PeerlistComplete", &[])
}

pub(super) fn show_peer(_: &mut Peer, request: &Request) -> Answer {
    let wanted = request.text("Peer");
    if wanted.is_empty() {
        return Answer::error(request, "Peer: <name> missing.");
    }
    match PHONES.iter().find(|(phone, _)| *phone == wanted) {
        Some((phone, name)) => {
            let packet = Packet::response("Success", request);
            Answer::packet(packet.listed(PEER, known("", &[], &facts(phone, name))))
        }
        None => Answer::error(request, &format!("Peer {wanted} not found.")),
    }
}
