//! PJSIPShowEndpoints, PJSIPShowEndpoint, PJSIPShowContacts, PJSIPShowAors, PJSIPShowRegistrationsOutbound.

mod headers;

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::phones::{USER_AGENT, contact};
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::dialplan::PHONES;
use crate::simulator::world::{World, known};

/// How long a registration lasts, in seconds.
const EXPIRES: u64 = 3600;
/// How the codecs of an offer are chosen.
const PENDING: &str = "prefer:pending, operation:intersect, keep:all, transcode:allow";
const UNION: &str = "prefer:pending, operation:union, keep:all, transcode:allow";

/// What the lists say of a phone, under the names in `headers`.
fn facts(world: &World, phone: &str, name: &str) -> Vec<(&'static str, String)> {
    let contact = contact(phone);
    let device = format!("PJSIP/{phone}");
    let channels = world
        .channels()
        .filter(|one| one.device() == device)
        .count();
    let state = match world.device(&device) {
        "INUSE" => "In use",
        "RINGING" => "Ringing",
        _ => "Not in use",
    };
    let expires = world.clock.seconds() / EXPIRES * EXPIRES + EXPIRES;
    let place = format!("{phone}/{}", contact.uri);
    vec![
        ("ObjectName", phone.to_owned()),
        ("DeviceState", state.to_owned()),
        ("ActiveChannels", channels.to_string()),
        ("ContactList", format!("{place},")),
        ("Contacts", place),
        ("Mailboxes", format!("{phone}@default")),
        ("Callerid", format!("\"{name}\" <{phone}>")),
        ("Password", format!("demo-{phone}")),
        ("URI", contact.uri.clone()),
        ("UserAgent", USER_AGENT.to_owned()),
        ("RegExpire", expires.to_string()),
        ("ViaAddr", contact.address.clone()),
        ("ViaAddress", format!("{}:5060", contact.address)),
        ("CallID", format!("0_{}@{}", contact.hash, contact.address)),
        ("RoundtripUsec", contact.round_trip_usec().to_string()),
        ("ID", format!("{phone};@{0}{0}{0}", contact.hash)),
        ("CodecPrefsIncomingAnswer", PENDING.to_owned()),
        ("CodecPrefsOutgoingAnswer", PENDING.to_owned()),
        ("CodecPrefsIncomingOffer", PENDING.to_owned()),
        ("CodecPrefsOutgoingOffer", UNION.to_owned()),
    ]
}

/// A list with one item for each phone.
fn all(peer: &Peer, request: &Request, kinds: &str, item: &str, headers: &str) -> Answer {
    let message = format!("A listing of {kinds} follows, presented as {item} events");
    let mut list = List::marked(request, peer.version(), &message);
    peer.server.in_world(|world| {
        for (phone, name) in PHONES {
            let packet = Packet::event(item).action_id(request);
            let facts = facts(world, phone, name);
            list.add(packet.listed(headers, known("", &[], &facts)));
        }
    });
    list.end(&format!("{item}Complete"), &[])
}

pub(super) fn show_endpoints(peer: &mut Peer, request: &Request) -> Answer {
    all(
        peer,
        request,
        "Endpoints",
        "EndpointList",
        headers::ENDPOINT_ITEM,
    )
}

pub(super) fn show_contacts(peer: &mut Peer, request: &Request) -> Answer {
    all(
        peer,
        request,
        "Contacts",
        "ContactList",
        headers::CONTACT_ITEM,
    )
}

pub(super) fn show_aors(peer: &mut Peer, request: &Request) -> Answer {
    all(peer, request, "AORs", "AorList", headers::AOR)
}

pub(super) fn show_endpoint(peer: &mut Peer, request: &Request) -> Answer {
    let wanted = request.text("Endpoint");
    // The line ends within the texts are Asterisk's.
    if wanted.is_empty() {
        return Answer::error(request, "PJSIPShowEndpoint requires an endpoint name\n");
    }
    let Some((phone, name)) = PHONES.iter().find(|(phone, _)| *phone == wanted) else {
        return Answer::error(request, &format!("Unable to retrieve endpoint {wanted}\n"));
    };
    let message = "Following are Events for each object associated with the Endpoint";
    let mut list = List::marked(request, peer.version(), message);
    let facts = peer.server.in_world(|world| facts(world, phone, name));
    for (item, headers) in [
        ("EndpointDetail", headers::ENDPOINT),
        ("AuthDetail", headers::AUTH),
        ("AorDetail", headers::AOR_DETAIL),
        ("ContactStatusDetail", headers::CONTACT),
    ] {
        let packet = Packet::event(item).action_id(request);
        list.add(packet.listed(headers, known("", &[], &facts)));
    }
    list.end("EndpointDetailComplete", &[])
}

pub(super) fn show_registrations_outbound(peer: &mut Peer, request: &Request) -> Answer {
    let message = "Following are Events for each Outbound registration";
    let mut list = List::marked(request, peer.version(), message);
    let seconds = peer.server.in_world(|world| world.clock.seconds());
    let facts = [
        ("NextReg", (EXPIRES - seconds % EXPIRES).to_string()),
        ("Password", "demo-trunk".to_owned()),
    ];
    let item = |name: &str, headers: &str| {
        let packet = Packet::event(name).action_id(request);
        packet.listed(headers, known("", &[], &facts))
    };
    list.add(item("OutboundRegistrationDetail", headers::REGISTRATION));
    // It is no item of the list to Asterisk.
    list.aside(item("AuthDetail", headers::REGISTRATION_AUTH));
    let counts = [("Registered", "1"), ("NotRegistered", "0")];
    list.end("OutboundRegistrationDetailComplete", &counts)
}
