//! The extensions of the office.

/// One priority: an application and its data.
pub(in crate::simulator) type Priority = (&'static str, &'static str);

#[rustfmt::skip]
pub(in crate::simulator) const DEFAULT: &[(&str, &[Priority])] = &[
    ("100", &[("Answer", ""), ("Set", "FOO=bar"), ("Wait", "30"), ("Hangup", "")]),
    ("101", &[("Dial", "PJSIP/101,20"), ("Hangup", "")]),
    ("102", &[("Dial", "PJSIP/102,20"), ("Hangup", "")]),
    ("103", &[("Dial", "PJSIP/103,20"), ("Hangup", "")]),
    ("104", &[("Dial", "PJSIP/104,20"), ("Hangup", "")]),
    ("105", &[("Dial", "PJSIP/105,20"), ("Hangup", "")]),
    ("110", &[("Answer", ""), ("Wait", "3600"), ("Hangup", "")]),
    ("200", &[("Answer", ""), ("Echo", ""), ("Hangup", "")]),
    ("300", &[("Answer", ""), ("Queue", "support,,,,60"), ("Hangup", "")]),
    ("310", &[("Answer", ""), ("Queue", "sales,,,,60"), ("Hangup", "")]),
    ("400", &[("Busy", "5")]),
    ("410", &[("Congestion", "5")]),
    ("500", &[("Ringing", ""), ("Wait", "3600"), ("Hangup", "")]),
    ("600", &[("Answer", ""), ("UserEvent", "Ding,Body: hello"), ("Hangup", "")]),
    ("700", &[("Dial", "Local/100@default,20"), ("Hangup", "")]),
];

/// Contexts that include `default` and have nothing of their own.
pub(in crate::simulator) const INCLUDING: [&str; 2] = ["from-internal", "from-trunk"];

/// The priorities of an extension, the first one first.
pub(in crate::simulator) fn find(context: &str, exten: &str) -> Option<&'static [Priority]> {
    if context != "default" && !INCLUDING.contains(&context) {
        return None;
    }
    DEFAULT
        .iter()
        .find(|(name, _)| *name == exten)
        .map(|(_, priorities)| *priorities)
}

/// The people of the office: extension, name. Their phones are `PJSIP/` and the extension.
pub(in crate::simulator) const PHONES: [(&str, &str); 5] = [
    ("101", "Alice"),
    ("102", "Bob"),
    ("103", "Carol"),
    ("104", "Dave"),
    ("105", "Erin"),
];
