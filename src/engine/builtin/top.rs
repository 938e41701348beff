//! `/top`: how many events arrive, what causes them, and how to get fewer.

use crate::ami::{Action, Classes};
use crate::diagnosis::{Filtering, PATIENCE, Rate, Rates, noisy};
use crate::engine::flow::{Done, Flow};
use crate::engine::runner::Runner;
use crate::output::{Block, Look, Role, Rows, cut, wrap_message};
use crate::peer_text::{PeerText, visible};
use std::time::{Duration, Instant};

/// How long events are counted.
const SAMPLE: Duration = Duration::from_secs(5);

const LINES: usize = 10;

impl Runner<'_> {
    /// Counts all events for a while, including those that are not shown.
    pub(super) fn top(&mut self) -> Done {
        self.connected()?;
        let filtering = self.filtering()?;
        // Dropping it turns the events off again.
        let wanted = self.want(Classes::ALL)?;
        self.tell("counting events for 5 seconds; Ctrl-C stops and shows the count so far")?;
        let begin = Instant::now();
        if let Some(observed) = &mut self.transcript.lock().observed {
            observed.rates = Some(Rates::default());
        }
        let waited = self.rest(Some(begin + SAMPLE));
        let time = begin.elapsed();
        drop(wanted);
        let rates = match &mut self.transcript.lock().observed {
            Some(observed) => observed.rates.take().unwrap_or_default(),
            None => Rates::default(),
        };
        let printer = self.printer();
        let blocks = match printer.form.is_drawn() {
            true => vec![Block::Text {
                kind: "top",
                text: text(&rates, time, filtering, &printer.drawn_look()),
            }],
            false => rows(&rates, time),
        };
        self.screen(&blocks)?;
        waited.map(|()| Flow::Go)
    }

    fn filtering(&mut self) -> Done<Filtering> {
        let banner = self.session.banner();
        let banner = banner.trim_ascii_end();
        let question = Action::own("CoreSettings", &[]);
        let patience = PATIENCE.min(self.session.patience());
        let settings = self.told(question, patience)?;
        let settings = settings.as_ref().and_then(|reply| reply.response.as_ref());
        Ok(Filtering::of(banner, settings))
    }
}

/// For programs: every name, and everything that causes events.
fn rows(rates: &Rates, time: Duration) -> Vec<Block> {
    let seconds = time.as_secs_f64().max(0.001);
    let block = |kind: &'static str, rows: Vec<Rate>| {
        let row = |row: Rate| {
            vec![
                PeerText::new(row.name).json().into_owned(),
                row.events.to_string(),
                format!("{:.3}", row.events as f64 / seconds),
                PeerText::new(row.class).json().into_owned(),
            ]
        };
        Block::Rows(Rows {
            kind,
            heads: vec![
                ("name", false),
                ("events", true),
                ("per_second", true),
                ("class", false),
            ],
            rows: rows.into_iter().map(row).collect(),
            footer: String::new(),
            gives: &[],
        })
    };
    vec![
        block("rate", rates.by_name()),
        block("cause", rates.by_cause()),
    ]
}

fn text(rates: &Rates, time: Duration, filtering: Filtering, look: &Look) -> Vec<u8> {
    let seconds = time.as_secs_f64().max(0.001);
    let rate = |events: u64| events as f64 / seconds;
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!(
        "{} events in {seconds:.1} s: {:.1} a second, {:.1} kB a second",
        rates.events,
        rate(rates.events),
        rates.bytes as f64 / 1000.0 / seconds
    ));
    if rates.events == 0 {
        let words = "no events, or this user may not read them: /whoami shows its classes";
        line(&prose(words, look));
        return out.into_bytes();
    }
    let (names, causes) = (rates.by_name(), rates.by_cause());
    let head = |what: &str| format!("\n{:>10} {:>5}  {what}", "a second", "share");
    for (what, rows) in [("event", &names), ("from", &causes)] {
        if rows.is_empty() {
            continue;
        }
        line(&look.palette.paint(Role::Heading, &head(what)));
        for row in rows.iter().take(LINES) {
            let share = 100.0 * row.events as f64 / rates.events as f64;
            let text = format!("{:>10.1} {share:>4.0}%  {}", rate(row.events), subject(row));
            line(&cut(&text, look.width));
        }
        let more = rows.len().saturating_sub(LINES);
        if more > 0 {
            let rest: u64 = rows.iter().skip(LINES).map(|row| row.events).sum();
            line(&format!("{:>10.1}        {more} more", rate(rest)));
        }
    }
    if rates.others > 0 {
        let words = "events with more names or causes than amish counts separately";
        line(&prose(&format!("\n{} {words}", rates.others), look));
    }
    let noisy = noisy(&names, rates.events);
    advice(&mut line, &noisy, filtering, look);
    out.into_bytes()
}

fn advice(line: &mut impl FnMut(&str), noisy: &[String], filtering: Filtering, look: &Look) {
    let excludes: Vec<String> = noisy
        .iter()
        .filter_map(|name| filtering.exclude(name))
        .collect();
    if noisy.is_empty() {
        return;
    }
    let words = "\nTo show fewer of them here (only these, or all but these):";
    line(&prose(words, look));
    let tests: Vec<String> = noisy.iter().map(|name| format!("!{name}")).collect();
    line(
        &look
            .palette
            .paint(Role::Subject, &format!("/filter {}", tests.join(" "))),
    );
    if !excludes.is_empty() {
        let words = "To have the server send less, in this user's section of manager.conf:";
        line(&prose(words, look));
        for exclude in excludes {
            line(&look.palette.paint(Role::Subject, &exclude));
        }
    }
}

fn prose(text: &str, look: &Look) -> String {
    let lines = text.lines().map(|line| wrap_message(line, look.width));
    lines.flatten().collect::<Vec<_>>().join("\n")
}

fn subject(row: &Rate) -> String {
    let name = visible::text(&row.name);
    let class = visible::text(&row.class);
    format!("{} {class}", visible::pad(&name, 24))
        .trim_end()
        .to_owned()
}
