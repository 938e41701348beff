//! What is wrong with the security of a manager interface, and the grade.

use crate::asterisk_conf::Place;

/// How bad it is; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Whoever reaches the port can be in.
    Critical,
    /// One mistake more, and somebody is in.
    Serious,
    /// More than is needed.
    Warning,
    /// Worth knowing; a machine of one's own may be so.
    Note,
}

impl Severity {
    /// As shown, and in json.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::Serious => "serious",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    /// Whether it makes the exit code 3.
    pub fn is_wrong(self) -> bool {
        self != Severity::Note
    }

    /// The grade of a server on which this is the worst.
    fn grade(self) -> char {
        match self {
            Severity::Critical => 'F',
            Severity::Serious => 'D',
            Severity::Warning => 'C',
            Severity::Note => 'B',
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// The section of manager.conf, a file, or `version`.
    pub section: String,
    /// The line, where known.
    pub place: Option<Place>,
    /// What is wrong, and what follows from it.
    pub what: String,
    /// Lines that cure it, as they would stand in the section.
    pub cure: Vec<String>,
    /// Where it is written that this is so.
    pub source: &'static str,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// From the worst on.
    pub findings: Vec<Finding>,
    /// What was read. None: nothing that tells who may log in.
    pub basis: Option<String>,
    /// What was not checked, and why.
    pub unchecked: Vec<String>,
    /// Whether a part of manager.conf itself is among that.
    pub is_partial: bool,
}

impl Audit {
    /// The one rule of the grade: the worst finding decides. A without any, B
    /// with notes only, C with warnings, D with something serious, F with
    /// something critical. None where manager.conf is not known, or a part of it
    /// and the rest is good: what was not looked at is not good.
    pub fn grade(&self) -> Option<char> {
        self.basis.as_ref()?;
        if self.is_partial && !self.is_wrong() {
            return None;
        }
        let worst = self.findings.iter().map(|one| one.severity).min();
        Some(worst.map_or('A', Severity::grade))
    }

    /// Whether something is worse than a note.
    pub fn is_wrong(&self) -> bool {
        self.findings.iter().any(|one| one.severity.is_wrong())
    }

    /// `1 critical, 2 notes`.
    pub fn counts(&self) -> String {
        let all = [
            Severity::Critical,
            Severity::Serious,
            Severity::Warning,
            Severity::Note,
        ];
        let counts = all.iter().filter_map(|severity| {
            let of = self.findings.iter().filter(|one| one.severity == *severity);
            let plural = matches!(severity, Severity::Warning | Severity::Note);
            match (of.count(), severity.word()) {
                (0, _) => None,
                (1, word) => Some(format!("1 {word}")),
                (count, word) if plural => Some(format!("{count} {word}s")),
                (count, word) => Some(format!("{count} {word}")),
            }
        });
        let counts: Vec<String> = counts.collect();
        match counts.is_empty() {
            true => "nothing found".to_owned(),
            false => counts.join(", "),
        }
    }
}
