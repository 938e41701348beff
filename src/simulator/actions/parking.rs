//! Park, ParkedCalls, Parkinglots.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{SPACES, STAY, Stay};

/// The line end within the text is Asterisk's.
const FAILED: &str = "Park action failed\n";

pub(super) fn park(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Channel");
    if name.is_empty() {
        return Answer::error(request, "Channel not specified");
    }
    let seconds = match &*request.text("Timeout") {
        "" => None,
        text => match text.parse::<u64>() {
            Ok(0) => Some(0),
            Ok(milliseconds) => Some((milliseconds / 1000).max(1)),
            Err(_) => return Answer::error(request, "Invalid Timeout value."),
        },
    };
    let (lot, parker) = (request.text("Parkinglot"), request.text("TimeoutChannel"));
    peer.server.in_world(|world| {
        let Some(id) = world.find_channel(&name).map(|channel| channel.id) else {
            return Answer::error(request, &format!("Channel does not exist: {name}"));
        };
        if !["", "default"].contains(&&*lot) {
            return Answer::error(request, FAILED);
        }
        let parker = world.find_channel(&parker);
        let wish = Stay {
            parker: parker.map(|parker| parker.device().to_owned()),
            seconds,
            space: request.text("ParkingSpace").parse().ok(),
        };
        match world.park(id, &wish) {
            Some(_) => Answer::success(request, "Park successful\n"),
            None => Answer::error(request, FAILED),
        }
    })
}

pub(super) fn parked_calls(peer: &mut Peer, request: &Request) -> Answer {
    let lot = request.text("ParkingLot");
    if peer.version() == Version::V22 && !["", "default"].contains(&&*lot) {
        return Answer::error(request, "Requested parking lot could not be found.");
    }
    let mut list = List::unmarked(request, peer.version(), "Parked calls will follow");
    peer.server.in_world(|world| {
        for call in &world.parking.calls {
            list.item(world.parked(Packet::event("ParkedCall"), call));
        }
    });
    let total = list.items().to_string();
    list.end("ParkedCallsComplete", &[("Total", &total)])
}

pub(super) fn parking_lots(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Parking lots will follow");
    let packet = Packet::event("Parkinglot").action_id(request);
    list.add(
        packet
            .header("Name", "default")
            .header("StartSpace", SPACES.start().to_string())
            .header("StopSpace", SPACES.end().to_string())
            .header("Timeout", STAY.to_string()),
    );
    list.end("ParkinglotsComplete", &[])
}
