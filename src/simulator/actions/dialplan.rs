//! ShowDialPlan.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::dialplan::{self, Extension};

/// A context: its extensions, who made it, and what it includes.
type Context = (&'static str, &'static [Extension], &'static [&'static str]);

const CONTEXTS: [Context; 4] = [
    (dialplan::PARKED, dialplan::SPACES, &[]),
    ("default", dialplan::DEFAULT, &[dialplan::PARKED]),
    (dialplan::INCLUDING[0], &[], &["default"]),
    (dialplan::INCLUDING[1], &[], &["default"]),
];

pub(super) fn show_dialplan(peer: &mut Peer, request: &Request) -> Answer {
    let (context, exten) = (request.text("Context"), request.text("Extension"));
    let shown = shown(&context, &exten);
    if shown.is_empty() {
        return Answer::error(request, &format!("Did not find context {context}"));
    }
    let mut list = List::marked(request, peer.version(), "DialPlan list will follow");
    let (mut extensions, mut priorities) = (0, 0);
    for (name, all, includes) in &shown {
        let registrar = match *name {
            dialplan::PARKED => "res_parking/default",
            _ => "pbx_config",
        };
        let begin = || {
            let packet = Packet::event("ListDialplan").action_id(request);
            packet.header("Context", name)
        };
        let is_met = |(own, _): &&Extension| exten.is_empty() || *own == exten;
        for extension in all.iter().filter(is_met) {
            extensions += 1;
            for step in steps(*name == "default", extension) {
                priorities += 1;
                list.add(begin().with(&step).header("Registrar", registrar));
            }
        }
        for include in includes.iter().filter(|_| exten.is_empty()) {
            let packet = begin().header("IncludeContext", include);
            list.add(packet.header("Registrar", registrar));
        }
    }
    if extensions == 0 && !exten.is_empty() {
        let why = match context.is_empty() {
            true => format!("Did not find extension {exten} in any context"),
            false => format!("Did not find extension {exten}@{context}"),
        };
        return Answer::error(request, &why);
    }
    list.end(
        "ShowDialPlanComplete",
        &[
            ("ListExtensions", &extensions.to_string()),
            ("ListPriorities", &priorities.to_string()),
            ("ListContexts", &shown.len().to_string()),
        ],
    )
}

/// What is told of each priority of an extension, its hint first.
fn steps(has_hints: bool, (name, steps): &Extension) -> Vec<Vec<(&'static str, String)>> {
    let own = || ("Extension", (*name).to_owned());
    let hint = dialplan::hints().find(|(hinted, _)| has_hints && hinted == name);
    let hint =
        hint.map(|(_, hint)| vec![own(), ("Priority", "hint".into()), ("Application", hint)]);
    let step = |(at, (application, data)): (usize, &dialplan::Priority)| {
        vec![
            own(),
            ("Priority", (at + 1).to_string()),
            ("Application", (*application).to_owned()),
            ("AppData", (*data).to_owned()),
        ]
    };
    let steps = steps.iter().enumerate().map(step);
    hint.into_iter().chain(steps).collect()
}

/// The contexts to look in: all, or the one that is asked for. An extension is also looked for in those that it includes.
fn shown(context: &str, exten: &str) -> Vec<Context> {
    let found = |name: &str| CONTEXTS.iter().find(|(own, ..)| *own == name);
    let mut all = match context {
        "" => return CONTEXTS.to_vec(),
        name => found(name).copied().into_iter().collect::<Vec<_>>(),
    };
    let mut at = 0;
    while let Some((_, _, includes)) = all.get(at).filter(|_| !exten.is_empty()) {
        all.extend(includes.iter().filter_map(|name| found(name)));
        at += 1;
    }
    all
}
