//! `core …` and `channel …`.

use super::output::{Failed, Handled};
use crate::simulator::config::Version;
use crate::simulator::outbox::Event;
use crate::simulator::peer::Peer;
use crate::simulator::wire::Packet;
use crate::simulator::world::{Channel, World, hms};

pub(super) fn reload(peer: &Peer, _: &[&str]) -> Handled {
    let event = Packet::event("Reload").header("Privilege", "system,all");
    let event = event.header("Module", "All").header("Status", "0");
    peer.server.broadcast(&Event::new("system", event));
    Ok(String::new())
}

pub(super) fn set_verbose(_: &Peer, words: &[&str]) -> Handled {
    match words {
        ["off"] => Ok("Console verbose is still OFF.\n".into()),
        [level] if level.parse::<u8>().is_ok() => {
            Ok(format!("Console verbose was OFF and is now {level}.\n"))
        }
        _ => Err(Failed::Usage),
    }
}

pub(super) fn show_version(peer: &Peer, _: &[&str]) -> Handled {
    let version = peer.version().asterisk();
    Ok(format!(
        "Asterisk {version} built by amish @ demo on a x86_64 running Linux on 2026-11-22 22:14:56 UTC\n"
    ))
}

pub(super) fn show_uptime(peer: &Peer, words: &[&str]) -> Handled {
    let seconds = peer.server.in_world(|world| world.uptime().as_secs());
    let uptime = match words {
        [] => in_words(seconds),
        ["seconds"] => seconds.to_string(),
        _ => return Err(Failed::Usage),
    };
    Ok(format!("System uptime: {uptime}\nLast reload: {uptime}\n"))
}

fn in_words(seconds: u64) -> String {
    let parts = [
        (seconds / 604_800, "week"),
        (seconds / 86_400 % 7, "day"),
        (seconds / 3_600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let text = |(count, unit): (u64, &str)| format!("{count} {unit}{}", plural(count));
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(text).collect();
    if parts.is_empty() {
        "0 seconds".into()
    } else {
        parts.join(", ")
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

pub(super) fn show_calls(peer: &Peer, words: &[&str]) -> Handled {
    match words {
        [] | ["uptime"] => Ok(peer.server.in_world(|world| calls(world))),
        _ => Err(Failed::Usage),
    }
}

fn calls(world: &World) -> String {
    let active = world
        .channels()
        .filter(|channel| channel.runs_dialplan())
        .count() as u64;
    let processed = world.processed;
    format!(
        "{active} active call{}\n{processed} call{} processed\n",
        plural(active),
        plural(processed)
    )
}

pub(super) fn show_channels(peer: &Peer, words: &[&str]) -> Handled {
    let row: fn(&World, &Channel) -> String = match words {
        [] => brief,
        ["concise"] => concise,
        ["verbose"] => verbose,
        ["count"] => |_, _| String::new(),
        _ => return Err(Failed::Usage),
    };
    let head = match words {
        [] => brief_columns(
            peer.version(),
            ["Channel", "Location", "State", "Application(Data)"],
        ),
        ["verbose"] => verbose_columns(&VERBOSE_HEAD.split(' ').collect::<Vec<_>>()),
        _ => String::new(),
    };
    Ok(peer.server.in_world(|world| {
        let rows: String = world
            .channels()
            .map(|channel| row(world, channel))
            .collect();
        let count = world.channels().count() as u64;
        let foot = match words {
            ["concise"] => String::new(),
            _ => format!("{count} active channel{}\n{}", plural(count), calls(world)),
        };
        head + &rows + &foot
    }))
}

fn brief_columns(version: Version, [channel, location, state, application]: [&str; 4]) -> String {
    match version {
        Version::V22 => {
            format!("{channel:<64.64} {location:<32.32} {state:<7.7} {application:<30.30}\n")
        }
        Version::V18 => {
            format!("{channel:<20.20} {location:<20.20} {state:<7.7} {application:<30.30}\n")
        }
    }
}

fn brief(world: &World, channel: &Channel) -> String {
    let location = format!("{}@{}:{}", channel.exten, channel.context, channel.priority);
    let application = format!("{}({})", channel.application, channel.data);
    let state = channel.state.word();
    brief_columns(
        world.version,
        [&channel.name, &location, state, &application],
    )
}

fn seconds(world: &World, channel: &Channel) -> u64 {
    world.uptime().saturating_sub(channel.created).as_secs()
}

fn concise(world: &World, channel: &Channel) -> String {
    let bridge = match world.version {
        Version::V22 => world.bridge_of(channel).to_owned(),
        Version::V18 => world
            .bridged_with(channel)
            .map_or("(None)".into(), |other| other.name.clone()),
    };
    format!(
        "{}!{}!{}!{}!{}!{}!{}!{}!{}!!3!{}!{bridge}!{}\n",
        channel.name,
        channel.context,
        channel.exten,
        channel.priority,
        channel.state.word(),
        channel.application,
        channel.data,
        channel.caller.num,
        channel.account,
        seconds(world, channel),
        channel.uniqueid,
    )
}

const VERBOSE_HEAD: &str = "Channel Context Extension Prio State Application Data CallerID Duration Accountcode \
                            PeerAccount BridgeID";

fn verbose_columns(cells: &[&str]) -> String {
    let widths = [80, 24, 24, 4, 7, 12, 25, 15, 8, 11, 11, 20];
    let cell = |(text, width): (&&str, usize)| format!("{text:<width$.width$}");
    let cells: Vec<String> = cells.iter().zip(widths).map(cell).collect();
    cells.join(" ") + "\n"
}

fn verbose(world: &World, channel: &Channel) -> String {
    verbose_columns(&[
        &channel.name,
        &channel.context,
        &channel.exten,
        &format!("{:>4}", channel.priority),
        channel.state.word(),
        &channel.application,
        or(&channel.data, "(Empty)"),
        &channel.caller.num,
        &hms(seconds(world, channel)),
        &channel.account,
        "",
        world.bridge_of(channel),
    ])
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

pub(super) fn show_channel(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return Err(Failed::Usage);
    };
    Ok(peer
        .server
        .in_world(|world| match world.find_channel(name) {
            Some(channel) => described(world, channel),
            None => format!("{name} is not a known channel\n"),
        }))
}

fn described(world: &World, channel: &Channel) -> String {
    let state = format!("{} ({})", channel.state.word(), channel.state as u8);
    let general = [
        ("Name", &*channel.name),
        ("Type", channel.technology()),
        ("UniqueID", &channel.uniqueid),
        ("LinkedID", &channel.linkedid),
        ("Caller ID", or(&channel.caller.num, "(N/A)")),
        ("Caller ID Name", or(&channel.caller.name, "(N/A)")),
        ("Connected Line ID", or(&channel.connected.num, "(N/A)")),
        ("Language", "en"),
        ("State", &state),
        ("Elapsed Time", &hms(seconds(world, channel))),
        ("Bridge ID", or(world.bridge_of(channel), "(Not bridged)")),
    ];
    let pbx = [
        ("Context", &*channel.context),
        ("Extension", &channel.exten),
        ("Priority", &channel.priority.to_string()),
        ("Application", or(&channel.application, "(N/A)")),
        ("Data", or(&channel.data, "(None)")),
    ];
    let lines = |lines: &[(&str, &str)]| -> String {
        let line = |(key, value): &(&str, &str)| format!("{key:>17}: {value}\n");
        lines.iter().map(line).collect()
    };
    format!(
        " -- General --\n{} --   PBX   --\n{}",
        lines(&general),
        lines(&pbx)
    )
}

pub(super) fn request_hangup(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return Err(Failed::Usage);
    };
    Ok(peer.server.in_world(|world| {
        if name.eq_ignore_ascii_case("all") {
            let ids: Vec<_> = world.channels().map(|channel| channel.id).collect();
            ids.into_iter().for_each(|id| world.request_hangup(id, 0));
            return String::new();
        }
        let Some(channel) = world.find_channel(name) else {
            return format!("{name} is not a known channel\n");
        };
        let (id, name) = (channel.id, channel.name.clone());
        world.request_hangup(id, 0);
        format!("Requested Hangup on channel '{name}'\n")
    }))
}
