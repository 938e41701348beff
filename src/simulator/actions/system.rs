//! CoreSettings, CoreStatus, UserEvent.

use std::time::Duration;

use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::outbox::Event;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};

pub(super) fn core_settings(peer: &mut Peer, request: &Request) -> Answer {
    let packet = Packet::response("Success", request)
        .header("AMIversion", peer.version().ami())
        .header("AsteriskVersion", peer.version().asterisk())
        .header("SystemName", &peer.server.config.name)
        .header("CoreMaxCalls", "0")
        .header("CoreMaxLoadAvg", "0.000000")
        .header("CoreRunUser", "")
        .header("CoreRunGroup", "")
        .header("CoreMaxFilehandles", "0")
        .header("CoreRealTimeEnabled", "No")
        .header("CoreCDRenabled", "Yes")
        .header("CoreHTTPenabled", "Yes");
    Answer::packet(match peer.version() {
        Version::V22 => packet.header("SoundsSearchCustomDir", "No"),
        Version::V18 => packet,
    })
}

pub(super) fn core_status(peer: &mut Peer, request: &Request) -> Answer {
    let (clock, calls, processed) = peer.server.in_world(|world| {
        let calls = world.channels().count();
        (world.clock, calls, world.processed)
    });
    let start = |format| clock.utc(Duration::ZERO, format);
    let (date, time) = (start("%F"), start("%T"));
    let packet = Packet::response("Success", request)
        .header("CoreStartupDate", &date)
        .header("CoreStartupTime", &time)
        .header("CoreReloadDate", &date)
        .header("CoreReloadTime", &time)
        .header("CoreCurrentCalls", calls.to_string());
    Answer::packet(match peer.version() {
        Version::V22 => packet.header("CoreProcessedCalls", processed.to_string()),
        Version::V18 => packet,
    })
}

/// Every line but the action's own name goes into the event as it came, well-formed or not.
pub(super) fn user_event(peer: &mut Peer, request: &Request) -> Answer {
    let packet = Packet::event("UserEvent").header("Privilege", "user,all");
    let packet = packet.header("UserEvent", request.get("UserEvent"));
    let begins = |line: &[u8], key: &str| {
        line.get(..key.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(key.as_bytes()))
    };
    let own = |line: &[u8]| {
        begins(line, "UserEvent:") || (begins(line, "Action:") && peer.version() == Version::V22)
    };
    let lines = request.lines().iter().filter(|line| !own(line));
    let packet = lines.fold(packet, |packet, line| packet.line(line));
    peer.server.broadcast(&Event::new("user", packet));
    Answer::success(request, "Event Sent")
}
