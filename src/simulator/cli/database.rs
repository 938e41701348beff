//! `database …`.

use super::output::{Failed, Handled};
use crate::simulator::actions::database::{below, remove_tree};
use crate::simulator::peer::Peer;

pub(super) fn put(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key, value] = words else {
        return Err(Failed::Usage);
    };
    peer.server.in_world(|world| {
        world
            .database
            .insert(format!("/{family}/{key}"), value.as_bytes().to_vec())
    });
    Ok("Updated database successfully\n".into())
}

pub(super) fn get(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key] = words else {
        return Err(Failed::Usage);
    };
    let found = peer
        .server
        .in_world(|world| world.database.get(&format!("/{family}/{key}")).cloned());
    Ok(match found {
        Some(value) => format!("Value: {}\n", String::from_utf8_lossy(&value)),
        None => "Database entry not found.\n".into(),
    })
}

pub(super) fn del(peer: &Peer, words: &[&str]) -> Handled {
    let [family, key] = words else {
        return Err(Failed::Usage);
    };
    let path = format!("/{family}/{key}");
    Ok(
        match peer.server.in_world(|world| world.database.remove(&path)) {
            Some(_) => "Database entry removed.\n".into(),
            None => "Database entry could not be removed.\n".into(),
        },
    )
}

pub(super) fn deltree(peer: &Peer, words: &[&str]) -> Handled {
    let (family, key) = match words {
        [family] => (family, ""),
        [family, key] => (family, *key),
        _ => return Err(Failed::Usage),
    };
    Ok(
        match peer
            .server
            .in_world(|world| remove_tree(world, family, key))
        {
            0 => "Database entries do not exist.\n".into(),
            gone => format!("{gone} database entries removed.\n"),
        },
    )
}

pub(super) fn show(peer: &Peer, words: &[&str]) -> Handled {
    let (family, key) = match words {
        [] => ("", ""),
        [family] => (*family, ""),
        [family, key] => (*family, *key),
        _ => return Err(Failed::Usage),
    };
    let below = below(family, key);
    let lines: Vec<String> = peer.server.in_world(|world| {
        let met = world.database.iter().filter(|(path, _)| below(path));
        met.map(|(path, value)| format!("{path:<50}: {:<25}\n", String::from_utf8_lossy(value)))
            .collect()
    });
    Ok(format!(
        "{}{} results found.\n",
        lines.concat(),
        lines.len()
    ))
}
