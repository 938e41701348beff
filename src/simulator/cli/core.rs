//! `core …` and `channel …`.

use super::super::Version;
use super::super::actions::system;
use super::super::outbox::Event;
use super::super::peer::Peer;
use super::super::wire::Packet;
use super::super::world::{Channel, World, hms};
use super::{Handled, ok};

/// For what is done elsewhere.
pub(super) fn nothing(_: &Peer, _: &[&str]) -> Handled {
    Some(ok(String::new()))
}

pub(super) fn reload(peer: &Peer, words: &[&str]) -> Handled {
    words.is_empty().then(|| {
        let event = Packet::event("Reload").header("Privilege", "system,all");
        let event = event.header("Module", "All").header("Status", "0");
        peer.server.broadcast(&Event::new("system", event));
        ok(String::new())
    })
}

pub(super) fn set_verbose(_: &Peer, words: &[&str]) -> Handled {
    match words {
        ["off"] => Some(ok("Console verbose is still OFF.\n".into())),
        [level] => level
            .parse::<u8>()
            .ok()
            .map(|level| ok(format!("Console verbose was OFF and is now {level}.\n"))),
        _ => None,
    }
}

pub(super) fn show_version(peer: &Peer, words: &[&str]) -> Handled {
    let version = system::asterisk_version(peer.version());
    let text = format!(
        "Asterisk {version} built by amish @ demo on a x86_64 running Linux on 2026-11-22 22:14:56 UTC\n"
    );
    words.is_empty().then(|| ok(text))
}

pub(super) fn show_uptime(peer: &Peer, words: &[&str]) -> Handled {
    let seconds = peer.server.in_world(|world| world.uptime().as_secs());
    let uptime = match words {
        [] => in_words(seconds),
        ["seconds"] => seconds.to_string(),
        _ => return None,
    };
    Some(ok(format!(
        "System uptime: {uptime}\nLast reload: {uptime}\n"
    )))
}

fn in_words(seconds: u64) -> String {
    let parts = [
        (seconds / 604_800, "week"),
        (seconds / 86_400 % 7, "day"),
        (seconds / 3_600 % 24, "hour"),
    ];
    let parts = parts
        .into_iter()
        .chain([(seconds / 60 % 60, "minute"), (seconds % 60, "second")]);
    let text = |(count, unit): (u64, &str)| format!("{count} {unit}{}", plural(count));
    let parts: Vec<String> = parts.filter(|(count, _)| *count > 0).map(text).collect();
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
        [] | ["uptime"] => Some(ok(peer.server.in_world(|world| calls(world)))),
        _ => None,
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
    let line: fn(&World, &Channel) -> String = match (words, peer.version()) {
        ([], Version::V22) => brief,
        ([], Version::V18) => brief_1_8,
        (["concise"], _) => concise,
        (["verbose"], _) => verbose,
        (["count"], _) => |_, _| String::new(),
        _ => return None,
    };
    let head = match (words, peer.version()) {
        ([], Version::V22) => columns([
            ("Channel", 64),
            ("Location", 32),
            ("State", 7),
            ("Application(Data)", 30),
        ]),
        ([], Version::V18) => columns([
            ("Channel", 20),
            ("Location", 20),
            ("State", 7),
            ("Application(Data)", 30),
        ]),
        (["verbose"], _) => verbose_head(),
        _ => String::new(),
    };
    Some(ok(peer.server.in_world(|world| {
        let lines: String = world
            .channels()
            .map(|channel| line(world, channel))
            .collect();
        let count = world.channels().count() as u64;
        let foot = match words {
            ["concise"] => String::new(),
            _ => format!("{count} active channel{}\n{}", plural(count), calls(world)),
        };
        head + &lines + &foot
    })))
}

/// Columns of fixed width, cut and filled.
fn columns<const N: usize>(columns: [(&str, usize); N]) -> String {
    columns
        .map(|(text, width)| format!("{text:<width$.width$}"))
        .join(" ")
        + "\n"
}

fn place(channel: &Channel) -> (String, String) {
    let location = format!("{}@{}:{}", channel.exten, channel.context, channel.priority);
    (
        location,
        format!("{}({})", channel.application, channel.data),
    )
}

fn brief(_: &World, channel: &Channel) -> String {
    let (location, application) = place(channel);
    columns([
        (&channel.name, 64),
        (&location, 32),
        (channel.state.word(), 7),
        (&application, 30),
    ])
}

fn brief_1_8(_: &World, channel: &Channel) -> String {
    let (location, application) = place(channel);
    columns([
        (&channel.name, 20),
        (&location, 20),
        (channel.state.word(), 7),
        (&application, 30),
    ])
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

fn verbose_head() -> String {
    let left = columns([
        ("Channel", 80),
        ("Context", 24),
        ("Extension", 24),
        ("Prio", 4),
        ("State", 7),
    ]);
    let middle = columns([
        ("Application", 12),
        ("Data", 25),
        ("CallerID", 15),
        ("Duration", 8),
    ]);
    let right = columns([("Accountcode", 11), ("PeerAccount", 11), ("BridgeID", 20)]);
    format!(
        "{} {} {right}",
        left.trim_end_matches('\n'),
        middle.trim_end_matches('\n')
    )
}

fn verbose(world: &World, channel: &Channel) -> String {
    let data = if channel.data.is_empty() {
        "(Empty)"
    } else {
        &channel.data
    };
    format!(
        "{:<80.80} {:<24.24} {:<24.24} {:>4} {:<7.7} {:<12.12} {data:<25.25} {:<15.15} {:>8.8} {:<11.11} {:<11} {:<20.20}\n",
        channel.name,
        channel.context,
        channel.exten,
        channel.priority,
        channel.state.word(),
        channel.application,
        channel.caller.num,
        hms(seconds(world, channel)),
        channel.account,
        "",
        world.bridge_of(channel),
    )
}

pub(super) fn show_channel(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else { return None };
    Some(ok(peer.server.in_world(|world| {
        match world.find_channel(name) {
            Some(channel) => described(world, channel),
            None => format!("{name} is not a known channel\n"),
        }
    })))
}

fn described(world: &World, channel: &Channel) -> String {
    let or_none = |text: &str| {
        if text.is_empty() {
            "(N/A)".to_owned()
        } else {
            text.to_owned()
        }
    };
    let mut text = String::from(" -- General --\n");
    let lines = [
        ("Name", channel.name.clone()),
        ("Type", channel.technology().to_owned()),
        ("UniqueID", channel.uniqueid.clone()),
        ("LinkedID", channel.linkedid.clone()),
        ("Caller ID", or_none(&channel.caller.num)),
        ("Caller ID Name", or_none(&channel.caller.name)),
        ("Connected Line ID", or_none(&channel.connected.num)),
        ("Language", "en".to_owned()),
        (
            "State",
            format!("{} ({})", channel.state.word(), channel.state.number()),
        ),
        ("Elapsed Time", hms(seconds(world, channel))),
        (
            "Bridge ID",
            if channel.bridge.is_some() {
                world.bridge_of(channel).to_owned()
            } else {
                "(Not bridged)".into()
            },
        ),
        ("Context", channel.context.clone()),
        ("Extension", channel.exten.clone()),
        ("Priority", channel.priority.to_string()),
        ("Application", or_none(&channel.application)),
        (
            "Data",
            if channel.data.is_empty() {
                "(None)".into()
            } else {
                channel.data.clone()
            },
        ),
    ];
    for (key, value) in lines {
        if key == "Context" {
            text.push_str(" --   PBX   --\n");
        }
        text.push_str(&format!("{key:>17}: {value}\n"));
    }
    text
}

pub(super) fn request_hangup(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else { return None };
    Some(ok(peer.server.in_world(|world| {
        if name.eq_ignore_ascii_case("all") {
            let ids: Vec<_> = world.channels().map(|channel| channel.id).collect();
            ids.into_iter().for_each(|id| world.request_hangup(id, 0));
            return String::new();
        }
        match world
            .find_channel(name)
            .map(|channel| (channel.id, channel.name.clone()))
        {
            Some((id, name)) => {
                world.request_hangup(id, 0);
                format!("Requested Hangup on channel '{name}'\n")
            }
            None => format!("{name} is not a known channel\n"),
        }
    })))
}
