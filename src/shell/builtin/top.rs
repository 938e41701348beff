//! `/top`: how many events there are, by whom, and what would quiet them.

use crate::ami::Action;
use crate::output::{Look, Role, sanitize};
use crate::perform::watch::{Filtering, Rate, Rates, noisy};
use crate::session::{Answer, Classes};
use crate::shell::{Flow, Shell};
use std::time::{Duration, Instant};

/// How long is counted.
const SAMPLE: Duration = Duration::from_secs(5);

/// Lines of each list.
const LINES: usize = 10;

impl Shell<'_> {
    /// Counts what comes for a while, whatever is shown of it.
    pub(in crate::shell) fn top(&self) -> Result<Flow, String> {
        self.connected()?;
        let filtering = self.filtering();
        // Off again when it is dropped.
        let wanted = self.session.want(Classes::ALL);
        let wanted = wanted.map_err(|error| error.to_string())?;
        self.say("counting events for 5 seconds; Ctrl-C ends it at once");
        let begin = Instant::now();
        self.screen.watch().begin_sample();
        let flow = self.rest(SAMPLE, |_| false);
        let time = begin.elapsed();
        drop(wanted);
        let rates = self.screen.watch().end_sample();
        let look = self.screen.printer().look;
        self.page(&text(&rates, time, filtering, &look));
        Ok(flow)
    }

    fn filtering(&self) -> Filtering {
        let banner = self.session.banner();
        let banner = banner.trim_ascii_end();
        let settings = match self.session.call(Action::own("CoreSettings", &[])) {
            Ok(Answer::Reply(reply)) => Some(reply),
            _ => None,
        };
        Filtering::of(
            banner,
            settings.as_ref().and_then(|reply| reply.response.as_ref()),
        )
    }
}

/// The screen of `/top`.
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
        line("nothing happened, or this user may read none of it: /whoami tells the classes");
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
            line(&cut(
                format!("{:>10.1} {share:>4.0}%  {}", rate(row.events), subject(row)),
                look,
            ));
        }
        let more = rows.len().saturating_sub(LINES);
        if more > 0 {
            let rest: u64 = rows.iter().skip(LINES).map(|row| row.events).sum();
            line(&format!("{:>10.1}        {more} more", rate(rest)));
        }
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
    let Some(_) = noisy.first() else {
        return;
    };
    line("\nTo see less of it here (only these, or those that you can do without):");
    let tests: Vec<String> = noisy.iter().map(|name| format!("!{name}")).collect();
    line(
        &look
            .palette
            .paint(Role::Subject, &format!("/filter {}", tests.join(" "))),
    );
    if !excludes.is_empty() {
        line("To have the server send less, in this user's section of manager.conf:");
        for exclude in excludes {
            line(&look.palette.paint(Role::Subject, &exclude));
        }
    }
}

/// A name padded so that the classes stand in a column.
fn subject(row: &Rate) -> String {
    let name = sanitize::text(&row.name);
    let class = sanitize::text(&row.class);
    format!("{name:<24} {class}").trim_end().to_owned()
}

fn cut(text: String, look: &Look) -> String {
    match text.chars().count() > look.width {
        true => text
            .chars()
            .take(look.width.saturating_sub(1))
            .chain(['…'])
            .collect(),
        false => text,
    }
}
