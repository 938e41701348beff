//! `database …`.

use super::super::actions::database::below;
use super::super::peer::Peer;
use super::{Handled, ok};

pub(super) fn put(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key, value] = words else {
        return None;
    };
    peer.server.in_world(|world| {
        world
            .database
            .insert(format!("/{family}/{key}"), value.as_bytes().to_vec())
    });
    Some(ok("Updated database successfully\n".into()))
}

pub(super) fn get(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key] = words else { return None };
    let found = peer
        .server
        .in_world(|world| world.database.get(&format!("/{family}/{key}")).cloned());
    Some(ok(match found {
        Some(value) => format!("Value: {}\n", String::from_utf8_lossy(&value)),
        None => "Database entry not found.\n".into(),
    }))
}

pub(super) fn del(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key] = words else { return None };
    let gone = peer
        .server
        .in_world(|world| world.database.remove(&format!("/{family}/{key}")))
        .is_some();
    Some(ok(if gone {
        "Database entry removed.\n"
    } else {
        "Database entry could not be removed.\n"
    }
    .into()))
}

pub(super) fn deltree(peer: &Peer, words: &[&str]) -> Handled {
    let (family, key) = match words {
        [family] => (family, ""),
        [family, key] => (family, *key),
        _ => return None,
    };
    let gone = peer.server.in_world(|world| {
        let before = world.database.len();
        let below = below(family, key);
        world.database.retain(|path, _| !below(path));
        before - world.database.len()
    });
    Some(ok(match gone {
        0 => "Database entries do not exist.\n".into(),
        gone => format!("{gone} database entries removed.\n"),
    }))
}

pub(super) fn show(peer: &Peer, words: &[&str]) -> Handled {
    let (family, key) = match words {
        [] => ("", ""),
        [family] => (*family, ""),
        [family, key] => (*family, *key),
        _ => return None,
    };
    let below = below(family, key);
    let lines: Vec<String> = peer.server.in_world(|world| {
        let met = world.database.iter().filter(|(path, _)| below(path));
        met.map(|(path, value)| format!("{path:<50}: {:<25}\n", String::from_utf8_lossy(value)))
            .collect()
    });
    Some(ok(format!(
        "{}{} results found.\n",
        lines.concat(),
        lines.len()
    )))
}
