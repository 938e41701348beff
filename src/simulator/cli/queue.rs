//! `queue …`.

use super::output::{Failed, Handled};
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::world::{Member, Queue, World};

pub(super) fn show(peer: &Peer, words: &[&str]) -> Handled {
    let wanted = match words {
        [] => None,
        [name] => Some(*name),
        _ => return Err(Failed::Usage),
    };
    Ok(peer.server.in_world(|world| {
        let mut queues: Vec<&Queue> = world.queues.iter().collect();
        queues.retain(|queue| wanted.is_none_or(|name| queue.name == name));
        queues.sort_by(|one, other| one.name.cmp(&other.name));
        match (queues.as_slice(), wanted) {
            ([], Some(name)) => format!("No such queue: {name}.\n"),
            ([], None) => "No queues.\n".to_owned(),
            (queues, _) => queues.iter().map(|queue| one(world, queue)).collect(),
        }
    }))
}

fn one(world: &World, queue: &Queue) -> String {
    let level = queue.service_level();
    let second = match world.version {
        Version::V22 => format!(", SL2:{level}%"),
        Version::V18 => String::new(),
    };
    let mut text = format!(
        "{} has {} calls (max unlimited) in 'ringall' strategy ({}s holdtime, {}s talktime), W:0, C:{}, A:{}, SL:{level}%{second} within 0s\n",
        queue.name,
        queue.callers.len(),
        queue.hold_time,
        queue.talk_time,
        queue.completed,
        queue.abandoned,
    );
    text.push_str(match queue.members.is_empty() {
        true => "   No Members\n",
        false => "   Members: \n",
    });
    text.extend(queue.members.iter().map(|member| line(world, member)));
    text.push_str(match queue.callers.is_empty() {
        true => "   No Callers\n",
        false => "   Callers: \n",
    });
    for (at, caller) in queue.callers.iter().enumerate() {
        let waits = world.uptime().saturating_sub(caller.joined).as_secs();
        let name = world
            .channel(caller.channel)
            .map_or("", |channel| &channel.name);
        text.push_str(&format!(
            "      {}. {name} (wait: {}:{:02}, prio: 0)\n",
            at + 1,
            waits / 60,
            waits % 60
        ));
    }
    text + "\n"
}

fn line(world: &World, member: &Member) -> String {
    let now = world.clock.seconds();
    let ago = |then: u64| now.saturating_sub(then);
    let mut text = match member.name == member.interface {
        true => format!("      {}", member.interface),
        false => format!("      {} ({})", member.name, member.interface),
    };
    if member.penalty > 0 {
        text.push_str(&format!(" with penalty {}", member.penalty));
    }
    if world.version == Version::V22 {
        text.push_str(" (ringinuse enabled)");
    }
    if member.dynamic {
        text.push_str(" (dynamic)");
    }
    if member.paused {
        text.push_str(&match member.paused_reason.as_str() {
            "" => format!(" (paused was {} secs ago)", ago(member.last_pause)),
            reason => format!(" (paused:{reason} was {} secs ago)", ago(member.last_pause)),
        });
    }
    text.push_str(&format!(" ({})", member.status_word()));
    text.push_str(&match member.calls_taken {
        0 => " has taken no calls yet".to_owned(),
        taken => format!(
            " has taken {taken} calls (last was {} secs ago)",
            ago(member.last_call)
        ),
    });
    if world.version == Version::V22 {
        text.push_str(&format!(" (login was {} secs ago)", ago(member.login_time)));
    }
    text + "\n"
}
