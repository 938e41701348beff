//! What a server makes of `Variable: A=1,B=2`: several variables in one header,
//! and a value that has a comma is cut there.

use crate::ami::Action;
use crate::peer_text::visible;

/// Actions whose Variable headers are lists. Getvar and Setvar take a name there.
const ACTIONS: [&str; 4] = ["Originate", "MessageSend", "PJSIPNotify", "SIPnotify"];

/// What the server would drop of the variables of `action`, and how to keep it.
/// `is_1_4`: its banner ends in 1.0.
pub fn dropped_of(action: &Action, is_1_4: bool) -> Option<String> {
    if !ACTIONS.iter().any(|one| action.is(one)) {
        return None;
    }
    // 1.6 and later split at commas, those before at bars.
    let (mark, one, many) = match is_1_4 {
        true => ('|', "bar", "bars"),
        false => (',', "comma", "commas"),
    };
    let headers = action.headers();
    let mut values = headers.filter(|(key, _)| key.eq_ignore_ascii_case("Variable"));
    let cut = values.find_map(|(_, value)| cut_in(&pieces(value, mark as u8)))?;
    Some(format!(
        "the server splits Variable at {many}, and drops what is behind the one in {cut}: \
         write \\{mark} for a {one} of the value, as in Variable='{cut}=one\\{mark}two'"
    ))
}

/// The variable whose value is cut: a piece behind it is no `Name=value`.
/// `A=1,B=2` is two variables, and a comma at the end is nothing.
fn cut_in(pieces: &[&[u8]]) -> Option<String> {
    let mut above: Option<&[u8]> = None;
    for piece in pieces {
        match piece.iter().position(|byte| *byte == b'=') {
            Some(sign) => above = piece.get(..sign),
            None if piece.is_empty() || above.is_none() => {}
            None => return above.map(|name| visible::text(name).into_owned()),
        }
    }
    None
}

/// The parts of `value` between marks, as servers split it: not inside quotes
/// and brackets, nor behind a backslash.
fn pieces(value: &[u8], mark: u8) -> Vec<&[u8]> {
    let (mut round, mut square, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    value
        .split(|byte| {
            if std::mem::take(&mut escaped) {
                return false;
            }
            match byte {
                b'(' => round += 1,
                b')' => round = round.saturating_sub(1),
                b'[' => square += 1,
                b']' => square = square.saturating_sub(1),
                b'"' => quoted = !quoted,
                b'\\' => escaped = true,
                _ => {}
            }
            *byte == mark && round == 0 && square == 0 && !quoted
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(action: &str, value: &str, is_1_4: bool) -> Option<String> {
        let mut action = Action::new(action).unwrap();
        action.push("Variable", b"OTHER=1").unwrap();
        action.push("variable", value.as_bytes()).unwrap();
        dropped_of(&action, is_1_4)
    }

    // Each was sent to 16 and 22: a call went out with half of its variable, and
    // nobody said so.
    #[test]
    fn what_a_server_drops_is_told() {
        for (value, variable) in [
            ("LIST=a,b", "LIST"),
            ("A=1,B=2,3", "B"),
            ("A=(x),y", "A"),
            ("A=\"x\",y", "A"),
            ("A=\\\\,y", "A"),
        ] {
            let words = dropped("originate", value, false).unwrap();
            assert!(
                words.contains(&format!("Variable='{variable}=one\\,two'")),
                "{words}"
            );
            assert_eq!(dropped("Originate", value, true), None, "{value}");
        }
        for kept in [
            "A=1",
            "A=1,B=2",
            "A=a\\,b",
            "A=\"a,b\"",
            "A=f(a,b)",
            "A=[a,b]",
            "A=1,",
            "A",
            "A,B",
        ] {
            assert_eq!(dropped("Originate", kept, false), None, "{kept}");
        }
        assert!(
            dropped("Originate", "A=a|b", true)
                .unwrap()
                .contains("one\\|two")
        );
        assert_eq!(dropped("Originate", "A=a|b", false), None);
        // Here the value is a name, with the arguments of a function.
        assert_eq!(dropped("Setvar", "A=a,b", false), None);
        assert!(dropped("PJSIPNotify", "Event=a,b", false).is_some());
    }
}
