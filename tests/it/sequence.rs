//! Numbers that must come in order, each once; gaps must be reported in place.

/// What a follower of numbered events was shown so far.
#[derive(Debug, Default)]
pub struct Sequence {
    pub first: Option<u64>,
    pub last: Option<u64>,
    pub seen: u64,
    pub missing: u64,
    /// As shown.
    pub gaps: Vec<String>,
    /// The sum of the missing events that they report.
    pub reported: u64,
    /// A gap was reported after the last number.
    in_gap: bool,
    pub faults: Vec<String>,
}

impl Sequence {
    pub fn number(&mut self, number: u64) {
        self.seen += 1;
        self.first.get_or_insert(number);
        if let Some(last) = self.last {
            if number <= last {
                self.faults.push(format!("{number} after {last}"));
            } else if number > last + 1 {
                self.missing += number - last - 1;
                if !self.in_gap {
                    let fault = format!("no gap was reported between {last} and {number}");
                    self.faults.push(fault);
                }
            }
        }
        self.last = Some(number);
        self.in_gap = false;
    }

    pub fn gap(&mut self, shown: &str, events: Option<u64>) {
        self.gaps.push(shown.to_owned());
        self.reported += events.unwrap_or(0);
        self.in_gap = true;
    }
}
