//! Where a stream ends, or the streams of many PBXs together.

use crate::language::Expr;
use crate::settings::Settings;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// An event, a number of events, or a time; the first counts.
pub struct Ends {
    /// The event, as typed.
    until: Option<Expr>,
    /// Events left to show.
    left: Option<AtomicU64>,
    deadline: Option<Instant>,
    is_met: AtomicBool,
    is_over: AtomicBool,
}

impl Ends {
    /// Those that `settings` name; a time counts from now.
    pub fn of(settings: &Settings) -> Ends {
        Ends {
            until: settings.until.clone(),
            left: settings.count.map(AtomicU64::new),
            deadline: settings.for_duration.map(|time| Instant::now() + time),
            is_met: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        }
    }

    /// When it ends at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether it has ended, on whatever PBX.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// The event that ends it has come.
    pub(super) fn met(&self) {
        self.is_met.store(true, Ordering::Release);
        self.is_over.store(true, Ordering::Release);
    }

    /// May one more event be shown? True for the last one too.
    pub(super) fn takes_one(&self) -> bool {
        let Some(left) = &self.left else {
            return true;
        };
        let less = |left: u64| left.checked_sub(1);
        let before = left.fetch_update(Ordering::AcqRel, Ordering::Acquire, less);
        if !matches!(before, Ok(2..)) {
            self.is_over.store(true, Ordering::Release);
        }
        before.is_ok()
    }

    /// What to say if the event has not come.
    pub fn unmet(&self) -> Option<String> {
        let until = self.until.as_ref()?;
        let is_met = self.is_met.load(Ordering::Acquire);
        (!is_met).then(|| format!("no event matched --until: {until}"))
    }
}
