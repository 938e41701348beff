//! Originate, with Async and without.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::Request;
use crate::simulator::world::dialplan;
use crate::simulator::world::{Order, Party, Target};

/// How long a channel may ring by default, as in Asterisk.
const TIMEOUT_MS: u64 = 30_000;
/// How often the wait for an outcome checks whether the client has disconnected.
const GLANCE: Duration = Duration::from_millis(100);
/// Further variables of one header are dropped, as in Asterisk.
const MOST_VARIABLES: usize = 64;

pub(super) fn originate(peer: &mut Peer, request: &Request) -> Answer {
    let mut order = match order(request) {
        Ok(order) => order,
        Err(why) => return Answer::error(request, why),
    };
    if request.is_true("Async") {
        peer.server.in_world(|world| world.originate(order));
        return Answer::success(request, "Originate successfully queued");
    }
    let (tell, outcome) = mpsc::channel();
    order.waiter = Some(tell);
    peer.server.in_world(|world| world.originate(order));
    if wait_for(peer, &outcome) {
        Answer::success(request, "Originate successfully queued")
    } else {
        Answer::error(request, "Originate failed")
    }
}

/// Waits for the outcome of the call. A server that stops drops the sender; one that has stopped already has closed the
/// connection, which ends the wait as well. So does a client that has disconnected, because a call may ring for weeks.
fn wait_for(peer: &Peer, outcome: &mpsc::Receiver<bool>) -> bool {
    while peer.outbox.is_open() {
        match outcome.recv_timeout(GLANCE) {
            Ok(success) => return success,
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) if peer.has_left(Duration::from_millis(1)) => {
                return false;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    false
}

fn order(request: &Request) -> Result<Order, &'static str> {
    let channel = request.text("Channel").into_owned();
    if channel.is_empty() {
        return Err("Channel not specified");
    }
    let priority = match &*request.text("Priority") {
        "" => None,
        text => Some(text.parse::<u32>().map_err(|_| "Invalid priority")?),
    };
    let timeout = match &*request.text("Timeout") {
        "" => TIMEOUT_MS,
        text => text.parse().map_err(|_| "Invalid timeout")?,
    };
    let device = channel.split_once('/').map_or("", |(_, device)| device);
    if device.is_empty() {
        return Err("Invalid channel");
    }
    Ok(Order {
        channel,
        target: target(request, priority)?,
        caller: Party::parse(&request.text("CallerID")),
        account: request.text("Account").into_owned(),
        variables: variables(request),
        timeout: Duration::from_millis(timeout),
        action_id: request.get("ActionID").to_vec(),
        waiter: None,
    })
}

fn target(request: &Request, priority: Option<u32>) -> Result<Target, &'static str> {
    let context = request.text("Context").into_owned();
    let exten = request.text("Exten").into_owned();
    let exists = |priority: u32| {
        let priorities = dialplan::find(&context, &exten).map_or(0, <[_]>::len);
        usize::try_from(priority).is_ok_and(|priority| (1..=priorities).contains(&priority))
    };
    if priority.is_some_and(|priority| !exists(priority)) {
        return Err("Extension does not exist.");
    }
    let name = request.text("Application").into_owned();
    if !name.is_empty() {
        let data = request.text("Data").into_owned();
        return Ok(Target::Application { name, data });
    }
    if !request.is_true("Async") && (context.is_empty() || exten.is_empty() || priority.is_none()) {
        return Err("Originate with 'Exten' requires 'Context' and 'Priority'");
    }
    Ok(Target::Extension {
        context,
        exten,
        priority: priority.unwrap_or(1),
    })
}

/// Every `Variable` header, split at its commas except those in quotes or
/// parentheses; `\,` is a comma.
fn variables(request: &Request) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for header in request.all("Variable") {
        for pair in split(header).into_iter().take(MOST_VARIABLES) {
            if let Some(at) = pair.iter().position(|byte| *byte == b'=') {
                let (name, value) = pair.split_at(at);
                let value = value.get(1..).unwrap_or_default();
                found.push((String::from_utf8_lossy(name).into_owned(), value.to_vec()));
            }
        }
    }
    found
}

fn split(header: &[u8]) -> Vec<Vec<u8>> {
    let mut pairs = vec![Vec::new()];
    let (mut quoted, mut depth, mut escaped) = (false, 0_u32, false);
    for byte in header {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => {
                escaped = true;
                continue;
            }
            b'"' => {
                quoted = !quoted;
                continue;
            }
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if !quoted && depth == 0 => {
                pairs.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = pairs.last_mut() {
            last.push(*byte);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::split;

    // Measured on a live server: this splits a Variable header in the same way.
    #[test]
    fn variables_are_split_at_bare_commas() {
        let texts = |header: &str| -> Vec<String> {
            split(header.as_bytes())
                .into_iter()
                .map(|pair| String::from_utf8(pair).unwrap())
                .collect()
        };
        assert_eq!(texts("A=1,B=two words"), ["A=1", "B=two words"]);
        assert_eq!(texts("B=\"x,y\",C=a\\,b"), ["B=x,y", "C=a,b"]);
        assert_eq!(texts("F=CUT(a,b)"), ["F=CUT(a,b)"]);
    }
}
