//! The extensions of the office.

/// One priority: an application and its data.
pub(in crate::simulator) type Priority = (&'static str, &'static str);

/// An extension and its priorities.
pub(in crate::simulator) type Extension = (&'static str, &'static [Priority]);

#[rustfmt::skip]
pub(in crate::simulator) const DEFAULT: &[Extension] = &[
    ("100", &[("Answer", ""), ("Set", "FOO=bar"), ("Wait", "30"), ("Hangup", "")]),
    ("101", &[("Dial", "PJSIP/101,20"), ("VoiceMail", "101@default,u"), ("Hangup", "")]),
    ("102", &[("Dial", "PJSIP/102,20"), ("VoiceMail", "102@default,u"), ("Hangup", "")]),
    ("103", &[("Dial", "PJSIP/103,20"), ("VoiceMail", "103@default,u"), ("Hangup", "")]),
    ("104", &[("Dial", "PJSIP/104,20"), ("VoiceMail", "104@default,u"), ("Hangup", "")]),
    ("105", &[("Dial", "PJSIP/105,20"), ("VoiceMail", "105@default,u"), ("Hangup", "")]),
    ("110", &[("Answer", ""), ("Wait", "3600"), ("Hangup", "")]),
    ("200", &[("Answer", ""), ("Echo", ""), ("Hangup", "")]),
    ("300", &[("Answer", ""), ("Queue", "support,,,,60"), ("Hangup", "")]),
    ("310", &[("Answer", ""), ("Queue", "sales,,,,60"), ("Hangup", "")]),
    ("400", &[("Busy", "5")]),
    ("410", &[("Congestion", "5")]),
    ("500", &[("Ringing", ""), ("Wait", "3600"), ("Hangup", "")]),
    ("600", &[("Answer", ""), ("UserEvent", "Ding,Body: hello"), ("Hangup", "")]),
    ("700", &[("Dial", "Local/100@default,20"), ("Hangup", "")]),
    ("800", &[("Answer", ""), ("ConfBridge", "800"), ("Hangup", "")]),
];

/// The context of the parking lot, which `default` includes.
pub(in crate::simulator) const PARKED: &str = "parkedcalls";

/// One extension for each space of the parking lot.
#[rustfmt::skip]
pub(in crate::simulator) const SPACES: &[Extension] = &[
    ("701", &[("ParkedCall", "default,701")]),
    ("702", &[("ParkedCall", "default,702")]),
    ("703", &[("ParkedCall", "default,703")]),
    ("704", &[("ParkedCall", "default,704")]),
    ("705", &[("ParkedCall", "default,705")]),
    ("706", &[("ParkedCall", "default,706")]),
    ("707", &[("ParkedCall", "default,707")]),
    ("708", &[("ParkedCall", "default,708")]),
    ("709", &[("ParkedCall", "default,709")]),
    ("710", &[("ParkedCall", "default,710")]),
    ("711", &[("ParkedCall", "default,711")]),
    ("712", &[("ParkedCall", "default,712")]),
    ("713", &[("ParkedCall", "default,713")]),
    ("714", &[("ParkedCall", "default,714")]),
    ("715", &[("ParkedCall", "default,715")]),
    ("716", &[("ParkedCall", "default,716")]),
    ("717", &[("ParkedCall", "default,717")]),
    ("718", &[("ParkedCall", "default,718")]),
    ("719", &[("ParkedCall", "default,719")]),
    ("720", &[("ParkedCall", "default,720")]),
];

/// Contexts that include `default` and have nothing of their own.
pub(in crate::simulator) const INCLUDING: [&str; 2] = ["from-internal", "from-trunk"];

/// The priorities of an extension, the first one first.
pub(in crate::simulator) fn find(context: &str, exten: &str) -> Option<&'static [Priority]> {
    let own = match context {
        PARKED => &[],
        _ if context == "default" || INCLUDING.contains(&context) => DEFAULT,
        _ => return None,
    };
    let mut all = own.iter().chain(SPACES);
    let found = all.find(|(name, _)| *name == exten);
    found.map(|(_, priorities)| *priorities)
}

/// Extensions with a hint, in order: the extension and the device whose state is its own.
pub(in crate::simulator) fn hints() -> impl Iterator<Item = (&'static str, String)> {
    let phones = PHONES.iter();
    let phones = phones.map(|(phone, _)| (*phone, format!("PJSIP/{phone}")));
    phones.chain([("800", "confbridge:800".to_owned())])
}

/// The people of the office: extension, name. Their phones are `PJSIP/` and the extension.
pub(in crate::simulator) const PHONES: [(&str, &str); 5] = [
    ("101", "Alice"),
    ("102", "Bob"),
    ("103", "Carol"),
    ("104", "Dave"),
    ("105", "Erin"),
];
