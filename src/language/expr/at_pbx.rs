//! `_pbx` in an expression: the name of the PBX, where there are several.

use super::{Expr, Of, Test};

/// The key that stands for the name.
const PBX: &str = "_pbx";

impl Expr {
    /// What is left of the expression for the events of the PBX `name`: a test of
    /// `_pbx` holds for all of them or for none, so no event is tested for it.
    pub fn at_pbx(&self, name: &str) -> Expr {
        let others = |all: &Vec<Test>| {
            let meets = |test: &Test| test.of.meets_pbx(name).map(|is| is != test.negated);
            let is_never = all.iter().any(|test| meets(test) == Some(false));
            let left = all.iter().filter(|test| meets(test).is_none());
            (!is_never).then(|| left.cloned().collect())
        };
        Expr {
            text: self.text.clone(),
            any: self.any.iter().filter_map(others).collect(),
        }
    }
}

impl Of {
    /// Whether the PBX `name` is meant; None if the test is of something else.
    fn meets_pbx(&self, name: &str) -> Option<bool> {
        match self {
            Of::Equal(key, value) if key.eq_ignore_ascii_case(PBX) => {
                Some(name.as_bytes() == &**value)
            }
            Of::Found(key, regex) if key.eq_ignore_ascii_case(PBX) => {
                Some(regex.is_match(name.as_bytes()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    // One expression chooses PBXs and events, and a PBX that is not meant shows
    // nothing.
    #[test]
    fn a_test_of_the_pbx_holds_for_all_its_events_or_for_none() {
        let hangup = Packet::new(b"Event: Hangup\r\nCause: 16\r\n\r\n".to_vec().into());
        for (text, pbx, is_met) in [
            ("_pbx=office", "office", true),
            ("_pbx=office", "branch", false),
            ("_pbx!=office Hangup", "branch", true),
            ("_pbx!=office Hangup", "office", false),
            ("_pbx~^off Cause=16", "office", true),
            ("_pbx~^off Cause=17", "office", false),
            ("_PBX=branch Hangup, Cause=16", "office", true),
            ("_pbx=branch Hangup, Cause=17", "office", false),
        ] {
            let expr = Expr::parse(text.as_bytes()).unwrap().at_pbx(pbx);
            assert_eq!(expr.matches(&hangup), is_met, "{text} at {pbx}");
        }
    }
}
