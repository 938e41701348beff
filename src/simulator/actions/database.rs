//! DBPut, DBGet, DBGetTree, DBDel, DBDelTree: the Asterisk database.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::World;

/// `/family/key`, or an error that names what is missing, in the words of the
/// action: DBPut leaves out the full stop.
fn path(request: &Request, stop: &str) -> Result<String, String> {
    let (family, key) = (request.text("Family"), request.text("Key"));
    if family.is_empty() {
        return Err(format!("No family specified{stop}"));
    }
    if key.is_empty() {
        return Err(format!("No key specified{stop}"));
    }
    Ok(format!("/{family}/{key}"))
}

pub(super) fn put(peer: &mut Peer, request: &Request) -> Answer {
    match path(request, "") {
        Ok(path) => {
            peer.server
                .in_world(|world| world.database.insert(path, request.get("Val").to_vec()));
            Answer::success(request, "Updated database successfully")
        }
        Err(missing) => Answer::error(request, &missing),
    }
}

pub(super) fn get(peer: &mut Peer, request: &Request) -> Answer {
    let path = match path(request, ".") {
        Ok(path) => path,
        Err(missing) => return Answer::error(request, &missing),
    };
    let Some(value) = peer
        .server
        .in_world(|world| world.database.get(&path).cloned())
    else {
        return Answer::error(request, "Database entry not found");
    };
    let mut list = List::unmarked(request, peer.version(), "Result will follow");
    let packet = Packet::event("DBGetResponse")
        .header("Family", request.get("Family"))
        .header("Key", request.get("Key"))
        .header("Val", value);
    list.item(packet);
    list.end("DBGetComplete", &[])
}

pub(super) fn get_tree(peer: &mut Peer, request: &Request) -> Answer {
    let (family, key) = (request.text("Family"), request.text("Key"));
    let mut list = List::marked(request, peer.version(), "Result will follow");
    peer.server.in_world(|world| {
        let below = below(&family, &key);
        for (path, value) in world.database.iter().filter(|(path, _)| below(path)) {
            let packet = Packet::event("DBGetTreeResponse").header("Key", path);
            list.item(packet.header("Val", value));
        }
    });
    list.end("DBGetTreeComplete", &[])
}

pub(super) fn delete(peer: &mut Peer, request: &Request) -> Answer {
    let path = match path(request, ".") {
        Ok(path) => path,
        Err(missing) => return Answer::error(request, &missing),
    };
    let removed = peer.server.in_world(|world| world.database.remove(&path));
    match (removed, peer.version()) {
        (Some(_), _) => Answer::success(request, "Key deleted successfully"),
        (None, Version::V22) => Answer::error(request, "Database entry could not be deleted"),
        (None, Version::V18) => Answer::error(request, "Database entry not found"),
    }
}

pub(super) fn delete_tree(peer: &mut Peer, request: &Request) -> Answer {
    let (family, key) = (request.text("Family"), request.text("Key"));
    if family.is_empty() {
        return Answer::error(request, "No family specified.");
    }
    match peer
        .server
        .in_world(|world| remove_tree(world, &family, &key))
    {
        0 => Answer::error(request, "Database entry not found"),
        _ => Answer::success(request, "Key tree deleted successfully"),
    }
}

/// Removes what lies there, and says how many entries that were.
pub(in crate::simulator) fn remove_tree(world: &mut World, family: &str, key: &str) -> usize {
    let before = world.database.len();
    let below = below(family, key);
    world.database.retain(|path, _| !below(path));
    before - world.database.len()
}

/// Whether a path lies in a family, or below a key of it; no family is all of them.
pub(in crate::simulator) fn below(family: &str, key: &str) -> impl Fn(&str) -> bool {
    let root = match (family, key) {
        ("", _) => String::new(),
        (family, "") => format!("/{family}"),
        (family, key) => format!("/{family}/{key}"),
    };
    move |path| {
        path.strip_prefix(&root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
