//! What each row is expected to show, and whether it does.

use Better::{Less, More};

/// Which way is better.
pub enum Better {
    More,
    Less,
}

pub struct Expected {
    row: &'static str,
    figure: &'static str,
    unit: &'static str,
    better: Better,
    /// Of the ratio where there is a limit program, else of amish's figure.
    expected: f64,
}

const fn row(
    row: &'static str,
    figure: &'static str,
    unit: &'static str,
    better: Better,
    expected: f64,
) -> Expected {
    Expected {
        row,
        figure,
        unit,
        better,
        expected,
    }
}

/// The last column is that of README.md.
const TABLE: [Expected; 17] = [
    row("stream json", "rate", "events/s", More, 1.0),
    row("stream json", "CPU", "s a million", Less, 0.95),
    row("stream json", "memory", "MB", Less, 8.0),
    row("stream raw", "rate", "events/s", More, 0.6),
    row("stream raw", "CPU", "s a million", Less, 3.5),
    row("stream raw", "memory", "MB", Less, 6.0),
    row("decode json", "rate", "MB a CPU s", More, 1.0),
    row("ping", "time", "ms", Less, 2.4),
    row("ping", "CPU", "ms", Less, 2.6),
    row("ping", "memory", "MB", Less, 3.3),
    row("pings", "rate", "a second", More, 0.8),
    row("list json", "memory", "MB", Less, 10.0),
    row("list json", "first item", "ms", Less, 20.0),
    row("list csv", "memory", "MB", Less, 10.0),
    row("list csv", "first item", "ms", Less, 20.0),
    row("list table", "memory", "MB", Less, 530.0),
    row("tiny", "memory", "MB", Less, 1.2),
];

/// Prints figures as they come.
#[derive(Default)]
pub struct Report {
    /// A row is worse than twice what is expected.
    pub failed: bool,
}

impl Report {
    /// Figures of amish and of a limit program, in pairs that ran in turn.
    ///
    /// What is compared is the median of the ratios of the pairs: the load of
    /// the machine changes more from pair to pair than within one.
    pub fn pairs(&mut self, name: &str, figure: &str, pairs: &[(f64, f64)]) {
        let ours = median(pairs.iter().map(|pair| pair.0));
        let limit = median(pairs.iter().map(|pair| pair.1));
        let ratio = median(pairs.iter().map(|pair| pair.0 / pair.1));
        self.line(name, figure, ours, Some((limit, ratio)));
    }

    /// Figures of amish alone.
    pub fn alone(&mut self, name: &str, figure: &str, figures: &[f64]) {
        self.line(name, figure, median(figures.iter().copied()), None);
    }

    fn line(&mut self, name: &str, figure: &str, ours: f64, beside: Option<(f64, f64)>) {
        let row = TABLE
            .iter()
            .find(|row| row.row == name && row.figure == figure)
            .expect("a row of the table");
        let value = beside.map_or(ours, |(_, ratio)| ratio);
        let loss = match row.better {
            More => row.expected / value,
            Less => value / row.expected,
        };
        // Neither is what could not be measured.
        let bad = !loss.is_finite() || loss > 2.0;
        self.failed |= bad;
        let beside = beside.map_or(String::new(), |(limit, ratio)| {
            format!("limit {}  ratio {ratio:>5.2}", number(limit))
        });
        println!(
            "{name:<11} {figure:<10} amish {} {:<11}  {beside:<29}  expected {}{}",
            number(ours),
            row.unit,
            row.expected,
            if bad { "  WORSE THAN TWICE THAT" } else { "" }
        );
    }
}

fn number(value: f64) -> String {
    let decimals = if value < 10_000.0 { 2 } else { 0 };
    format!("{value:>9.decimals$}")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What README.md says is expected must be what is expected here.
pub fn is_in(readme: &str) -> Result<(), String> {
    for row in &TABLE {
        let (begin, end) = (
            format!("| {} | {} |", row.row, row.figure),
            format!("| {} |", row.expected),
        );
        if !readme
            .lines()
            .any(|line| line.starts_with(&begin) && line.ends_with(&end))
        {
            return Err(format!("README.md: a line is wanted: {begin} … {end}"));
        }
    }
    Ok(())
}
