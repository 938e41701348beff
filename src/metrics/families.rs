//! Every figure that is told, with its name, its meaning and its labels. Labels are
//! of few values: a PBX, a queue, a state, a class; never a channel or a caller.

use super::board::{Counted, GAPS, Snapshot};
use super::label::{OTHER, States};
use super::question::TECHNOLOGIES;
use super::queues::Queue;
use crate::ami::Classes;
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;
use std::time::Duration;

/// The labels of a figure, beside the PBX, and the figure.
pub(super) type Sample<'a> = (Vec<(&'static str, &'a str)>, Value);

#[derive(Clone, Copy)]
pub(super) enum Value {
    Count(u64),
    Seconds(f64),
}

/// Those of a PBX; none if it does not tell.
type Samples = for<'a> fn(&'a Snapshot) -> Vec<Sample<'a>>;

/// One kind of figures.
pub(super) struct Family {
    /// Without `amish_`, the unit, and the `_total` of a counter.
    pub name: &'static str,
    pub help: &'static str,
    pub unit: Option<Unit>,
    pub kind: MetricType,
    pub samples: Samples,
}

const GAUGE: MetricType = MetricType::Gauge;
const COUNTER: MetricType = MetricType::Counter;
const SECONDS: Option<Unit> = Some(Unit::Seconds);
const BYTES: Option<Unit> = Some(Unit::Bytes);

const fn family(
    name: &'static str,
    help: &'static str,
    kind: MetricType,
    unit: Option<Unit>,
    samples: Samples,
) -> Family {
    Family {
        name,
        help,
        unit,
        kind,
        samples,
    }
}

/// All of them, in the order of the text.
#[rustfmt::skip]
pub(super) static FAMILIES: [Family; 20] = [
    family("up", "Whether the PBX is logged in to and answers.", GAUGE, None, |pbx| one(Some(u64::from(pbx.up)))),
    family("answer_age", "The time since the PBX last answered.", GAUGE, SECONDS, |pbx| time(pbx.age)),
    family("ping", "The time from the latest Ping to its answer.", GAUGE, SECONDS, |pbx| time(pbx.ping.filter(|_| pbx.up))),
    family("calls", "Active calls: channels that run the dialplan.", GAUGE, None, |pbx| one(told(pbx, pbx.figures.calls()))),
    family("channels", "Channels.", GAUGE, None, |pbx| one(told(pbx, pbx.figures.channels))),
    family("processed_calls", "Calls since the PBX began.", COUNTER, None, |pbx| one(told(pbx, pbx.figures.processed))),
    family("queue_waiting", "Callers that wait in a queue.", GAUGE, None, |pbx| queues(pbx, |queue| Value::Count(queue.waiting))),
    family("queue_longest_wait", "How long the caller who has waited longest has waited.", GAUGE, SECONDS, |pbx| queues(pbx, |queue| Value::Seconds(queue.longest as f64))),
    family("queue_members", "Members of a queue by the state of their device.", GAUGE, None, members),
    family("queue_paused_members", "Members of a queue that are paused.", GAUGE, None, |pbx| queues(pbx, |queue| Value::Count(queue.paused))),
    family("queue_completed", "Calls of a queue that were answered.", COUNTER, None, |pbx| queues(pbx, |queue| Value::Count(queue.completed))),
    family("queue_abandoned", "Callers who hung up while waiting.", COUNTER, None, |pbx| queues(pbx, |queue| Value::Count(queue.abandoned))),
    family("queues_left_out", "Queues beyond the thousand that are told.", GAUGE, None, left_out),
    family("endpoints", "Endpoints by state: phones, and trunks without registration.", GAUGE, None, |pbx| states(pbx, &pbx.figures.endpoints)),
    family("registrations", "Trunks that register elsewhere, by state.", GAUGE, None, |pbx| states(pbx, &pbx.figures.registrations)),
    family("events", "Events by the first class of their Privilege.", COUNTER, None, events),
    family("gaps", "Places where events are missing, by reason.", COUNTER, None, gaps),
    family("lost_events", "Events that are missing, as far as their number is known.", COUNTER, None, |pbx| one(counted(pbx, |all| all.lost))),
    family("reconnects", "Connections made anew.", COUNTER, None, |pbx| one(counted(pbx, |all| all.reconnects))),
    family("received", "Bytes received.", COUNTER, BYTES, |pbx| one(counted(pbx, |all| all.received))),
];

fn one<'a>(figure: Option<u64>) -> Vec<Sample<'a>> {
    figure
        .map(|count| (Vec::new(), Value::Count(count)))
        .into_iter()
        .collect()
}

fn time<'a>(figure: Option<Duration>) -> Vec<Sample<'a>> {
    let seconds = figure.map(|time| Value::Seconds(time.as_secs_f64()));
    seconds
        .map(|seconds| (Vec::new(), seconds))
        .into_iter()
        .collect()
}

/// What a PBX said before it became silent is not so any more.
fn told<T>(pbx: &Snapshot, figure: Option<T>) -> Option<T> {
    figure.filter(|_| pbx.up)
}

fn counted(pbx: &Snapshot, figure: fn(&Counted) -> u64) -> Option<u64> {
    pbx.counts.as_ref().map(figure)
}

fn queues(pbx: &Snapshot, figure: fn(&Queue) -> Value) -> Vec<Sample<'_>> {
    let queues = told(pbx, pbx.figures.queues.as_ref());
    let each = queues.into_iter().flat_map(|queues| &queues.all);
    each.map(|(name, queue)| (vec![("queue", &name[..])], figure(queue)))
        .collect()
}

fn members(pbx: &Snapshot) -> Vec<Sample<'_>> {
    let queues = told(pbx, pbx.figures.queues.as_ref());
    let each = queues.into_iter().flat_map(|queues| &queues.all);
    each.flat_map(|(name, queue)| {
        let states = queue.members.each();
        states.map(move |(state, count)| {
            let labels = vec![("queue", &name[..]), ("state", state)];
            (labels, Value::Count(count))
        })
    })
    .collect()
}

fn left_out(pbx: &Snapshot) -> Vec<Sample<'_>> {
    let queues = told(pbx, pbx.figures.queues.as_ref());
    one(queues.map(|queues| queues.left_out))
}

fn states<'a>(pbx: &'a Snapshot, by_technology: &'a [Option<States>; 3]) -> Vec<Sample<'a>> {
    let both = TECHNOLOGIES.iter().zip(by_technology);
    let each = both.filter_map(|(name, states)| Some((*name, told(pbx, states.as_ref())?)));
    each.flat_map(|(name, states)| {
        states.each().map(move |(state, count)| {
            let labels = vec![("technology", name), ("state", state)];
            (labels, Value::Count(count))
        })
    })
    .collect()
}

fn events(pbx: &Snapshot) -> Vec<Sample<'_>> {
    let counts = pbx.counts.iter().flat_map(|all| &all.events);
    let names = Classes::names().chain([OTHER]);
    let each = names.zip(counts);
    each.map(|(class, count)| (vec![("class", class)], Value::Count(*count)))
        .collect()
}

fn gaps(pbx: &Snapshot) -> Vec<Sample<'_>> {
    let counts = pbx.counts.iter().flat_map(|all| &all.gaps);
    let each = GAPS.iter().zip(counts);
    each.map(|(reason, count)| (vec![("reason", *reason)], Value::Count(*count)))
        .collect()
}
