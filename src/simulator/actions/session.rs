//! Login and what concerns the session alone.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use md5::{Digest, Md5};

use crate::simulator::answer::Answer;
use crate::simulator::class::Classes;
use crate::simulator::config::{User, Version};
use crate::simulator::outbox::Event;
use crate::simulator::peer::Peer;
use crate::simulator::registry;
use crate::simulator::wire::{Packet, Request};

/// How often WaitEvent checks whether the client has sent something.
const GLANCE: Duration = Duration::from_millis(20);

pub(super) fn challenge(peer: &mut Peer, request: &Request) -> Answer {
    if !request.text("AuthType").eq_ignore_ascii_case("MD5") {
        return Answer::error(request, "Must specify AuthType");
    }
    let digits = peer.challenge.get_or_insert_with(|| {
        let random = RandomState::new().hash_one(SystemTime::now());
        (random % 1_000_000_000).to_string()
    });
    Answer::packet(Packet::response("Success", request).header("Challenge", digits))
}

pub(super) fn login(peer: &mut Peer, request: &Request) -> Answer {
    if peer.user.is_some() {
        return Answer::success(request, "Already authenticated");
    }
    let Some(user) = authenticate(peer, request) else {
        peer.outbox.pause(peer.server.config.fail_delay);
        let refusal = Packet::response("Error", request).header("Message", "Authentication failed");
        return Answer::Last(refusal.into_bytes());
    };
    let mask = Classes::mask(&request.text("Events"))
        .unwrap_or(Classes::ALL)
        .and(user.read);
    peer.outbox.listen_to(mask);
    let mut bytes = Packet::response("Success", request)
        .header("Message", "Authentication accepted")
        .into_bytes();
    if mask.has_all(Classes::of("system")) {
        bytes.extend(fully_booted(peer).into_bytes());
    }
    if peer.version() == Version::V22 {
        peer.server.broadcast(&successful_auth(peer, &user));
    }
    peer.outbox.logged_in();
    peer.server.logged_in(&peer.outbox, user.clone());
    peer.user = Some(user);
    Answer::Packets(bytes)
}

fn authenticate(peer: &Peer, request: &Request) -> Option<User> {
    let name = request.text("Username");
    let mut users = peer.server.config.users.iter();
    let user = users.find(|user| user.name.eq_ignore_ascii_case(&name))?;
    let right = if request.text("AuthType").eq_ignore_ascii_case("MD5") {
        let challenge = peer.challenge.as_ref()?;
        request.get("Key") == key(challenge, &user.secret).as_bytes()
    } else {
        !user.secret.is_empty() && request.get("Secret") == user.secret.as_bytes()
    };
    right.then(|| user.clone())
}

fn key(challenge: &str, secret: &str) -> String {
    Md5::digest(format!("{challenge}{secret}"))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn fully_booted(peer: &Peer) -> Packet {
    let packet = Packet::event("FullyBooted").header("Privilege", "system,all");
    let packet = match peer.version() {
        Version::V22 => {
            let seconds = peer.server.in_world(|world| world.uptime().as_secs());
            let seconds = seconds.to_string();
            packet
                .header("Uptime", &seconds)
                .header("LastReload", &seconds)
        }
        Version::V18 => packet,
    };
    packet.header("Status", "Fully Booted")
}

fn successful_auth(peer: &Peer, user: &User) -> Event {
    let now = peer.server.in_world(|world| {
        let clock = world.clock;
        // As in `2026-11-22T22:34:14.583+0000`.
        clock.utc(clock.now, "%FT%T%.3f+0000")
    });
    let family = |addr: &SocketAddr| {
        let family = if addr.is_ipv4() { 4 } else { 6 };
        format!("IPV{family}/TCP/{}/{}", addr.ip(), addr.port())
    };
    let session = 0x7fd1_0000_0000_u64 + u64::from(peer.remote.port());
    let packet = Packet::event("SuccessfulAuth")
        .header("Privilege", "security,all")
        .header("EventTV", &now)
        .header("Severity", "Informational")
        .header("Service", "AMI")
        .header("EventVersion", "1")
        .header("AccountID", &user.name)
        .header("SessionID", format!("0x{session:012x}"))
        .header("LocalAddress", family(&peer.local))
        .header("RemoteAddress", family(&peer.remote))
        // Asterisk says 0 even to a login by Secret.
        .header("UsingPassword", "0")
        .header("SessionTV", &now);
    Event::new("security", packet)
}

pub(super) fn logoff(_: &mut Peer, request: &Request) -> Answer {
    let goodbye =
        Packet::response("Goodbye", request).header("Message", "Thanks for all the fish.");
    Answer::Last(goodbye.into_bytes())
}

pub(super) fn ping(_: &mut Peer, request: &Request) -> Answer {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let time = format!("{}.{:06}", now.as_secs(), now.subsec_micros());
    Answer::packet(
        Packet::response("Success", request)
            .header("Ping", "Pong")
            .header("Timestamp", time),
    )
}

pub(super) fn events(peer: &mut Peer, request: &Request) -> Answer {
    let Some(mask) = Classes::mask(&request.text("EventMask")) else {
        return Answer::error(request, "Invalid event mask");
    };
    let read = peer.user.as_ref().map_or(Classes::NONE, |user| user.read);
    peer.outbox.listen_to(mask.and(read));
    let word = if mask.is_none() { "Off" } else { "On" };
    Answer::packet(Packet::response("Success", request).header("Events", word))
}

pub(super) fn list_commands(peer: &mut Peer, request: &Request) -> Answer {
    let mut packet = Packet::response("Success", request);
    for action in registry::of(peer.version()) {
        if peer.may(Classes::of(action.classes)) {
            packet = packet.header(
                action.name,
                format!("{} (Priv: {})", action.synopsis, action.privilege()),
            );
        }
    }
    Answer::packet(packet)
}

/// Ends when there is an event, when the time is over, or when the client sends
/// anything at all.
pub(super) fn wait_event(peer: &mut Peer, request: &Request) -> Answer {
    let deadline = match request.text("Timeout").trim().parse::<i64>() {
        Ok(-1) | Err(_) => None,
        Ok(seconds) => {
            let seconds = u64::try_from(seconds).unwrap_or(0).min(1 << 30);
            Some(Instant::now() + Duration::from_secs(seconds))
        }
    };
    let mut events = Vec::new();
    while events.is_empty() && peer.outbox.is_open() {
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) || peer.has_more(GLANCE) {
            break;
        }
        events = peer.outbox.wait_for_held(GLANCE);
    }
    let response =
        Packet::response("Success", request).header("Message", "Waiting for Event completed.");
    let complete = Packet::event("WaitEventComplete").action_id(request);
    Answer::Packets([response.into_bytes(), events, complete.into_bytes()].concat())
}
