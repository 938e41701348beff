//! Counts how the Actions of a script ended.

use crate::exit_code::Code;

/// How many Actions ended how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Succeeded, or forgiven by the line.
    pub ok: usize,
    /// The server answered Error, or a call failed.
    pub errors: usize,
    /// Outcome unknown.
    pub unknown: usize,
}

impl Tally {
    /// Counts an Action that ended with `code`; a `forgiven` Error counts as
    /// ok.
    pub fn count(&mut self, code: Code, forgiven: bool) {
        match code {
            Code::Ok => self.ok += 1,
            Code::Error if forgiven => self.ok += 1,
            Code::Unknown => self.unknown += 1,
            _ => self.errors += 1,
        }
    }

    /// The total.
    pub fn all(self) -> usize {
        self.ok + self.errors + self.unknown
    }

    /// `9,998 ok, 2 errors`.
    pub fn words(self) -> String {
        let mut words = format!("{} ok", grouped(self.ok));
        match self.errors {
            0 => {}
            1 => words += ", 1 error",
            errors => words += &format!(", {} errors", grouped(errors)),
        }
        if self.unknown > 0 {
            words += &format!(", {} unknown", grouped(self.unknown));
        }
        words
    }
}

/// `12,345`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // The summary is the only line that a person reads after ten thousand
    // Actions.
    #[test]
    fn a_tally_in_words() {
        let tally = |ok, errors, unknown| Tally {
            ok,
            errors,
            unknown,
        };
        assert_eq!(tally(9998, 2, 0).words(), "9,998 ok, 2 errors");
        assert_eq!(tally(7, 1, 1).words(), "7 ok, 1 error, 1 unknown");
        assert_eq!(tally(1_234_567, 0, 0).words(), "1,234,567 ok");
    }
}
