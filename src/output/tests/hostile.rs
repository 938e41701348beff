//! Text that a hostile server or caller can send, in every form and every
//! place.

use super::frames;
use crate::ami::{Packet, Reply};
use crate::catalog::{Catalog, Choice, Listing, Name, Page, Parameter};
use crate::output::page::{self, Of};
use crate::output::{
    Asked, Fields, Form, Look, Palette, Printer, Role, Rows, actions, vertical, views,
};
use crate::peer_text::PeerText;
use std::time::SystemTime;

const FORMS: [Form; 6] = [
    Form::Table,
    Form::Packet,
    Form::Raw,
    Form::Json,
    Form::Csv,
    Form::Tsv,
];

/// Every C0 and C1 character, invisible and bidi characters, whole sequences,
/// and bytes that are not UTF-8. CR and LF end headers on the wire, so they
/// come singly.
fn evils() -> Vec<Vec<u8>> {
    let controls = (0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32);
    let hidden = "\u{ad}\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202e}\
        \u{2028}\u{2029}\u{2060}\u{2066}\u{2069}\u{feff}\u{e0041}";
    let single = controls
        .chain(hidden.chars())
        .map(|c| c.to_string().into_bytes());
    let whole: [&[u8]; 7] = [
        b"\x1b]0;owned\x07",
        b"\x1b[31m\x1b[8m",
        b"\x1b[2J\x1b[H",
        b"\x1bP+q544e\x1b\\",
        b"\x9b31m",
        b"\xff\xfe",
        b"\xe2\x80",
    ];
    single.chain(whole.map(<[u8]>::to_vec)).collect()
}

/// What must not be sent to a terminal.
fn acts(text: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Some(format!("no UTF-8: {}", text.escape_ascii()));
    };
    let bad = |c: char| {
        let hidden = "\u{ad}\u{61c}\u{feff}\u{2028}\u{2029}";
        (c.is_control() && c != '\n')
            || hidden.contains(c)
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
            || u32::from(c) >= 0xe0000
    };
    text.chars()
        .any(bad)
        .then(|| text.escape_debug().to_string())
}

/// A packet with `evil` in each place where a server can put it.
fn packet(first: &str, evil: &[u8]) -> Packet {
    let evil: Vec<u8> = evil
        .iter()
        .filter(|b| !b"\r".contains(b))
        .copied()
        .collect();
    let lines: [&[&[u8]]; 6] = [
        &[first.as_bytes(), &evil],
        &[b"Channel: PJSIP/", &evil],
        &[b"CallerIDName: ", &evil, b"x"],
        &[b"K", &evil, b"ey: value"],
        &[b"no colon ", &evil],
        &[b"Message: ", &evil],
    ];
    let lines = lines.iter().map(|parts| parts.concat());
    let text = lines.collect::<Vec<_>>().join(&b"\r\n"[..]);
    Packet::new([&text[..], b"\r\n\r\n"].concat().into())
}

fn reply(evil: &[u8]) -> Reply {
    let mut reply = Reply::single(packet("Response: Error", evil));
    reply.items = vec![
        packet("Event: QueueMember", evil),
        packet("Event: Strange", evil),
    ];
    reply
}

fn command(evil: &[u8]) -> Reply {
    let text = [
        b"Response: Follows\r\nPrivilege: Command\r\n",
        evil,
        b"\nline\n--END COMMAND--\r\n\r\n",
    ];
    let packet = frames(&text.concat());
    Reply::single(
        packet
            .into_iter()
            .next()
            .unwrap_or_else(|| self::packet("Response: A", evil)),
    )
}

// No form is exempt, nor is a gap, an echo or a late answer: a caller's name is
// enough to get here.
#[test]
fn no_form_lets_anything_act_on_a_terminal() {
    let now = SystemTime::now();
    for (form, evil) in FORMS
        .iter()
        .flat_map(|form| evils().into_iter().map(move |e| (*form, e)))
    {
        for fields in [Fields::Chosen, Fields::All] {
            let look = Look {
                palette: Palette::OFF,
                terminal: true,
                now: None,
                width: 100,
            };
            let target = String::from_utf8_lossy(&evil).into_owned();
            let mut printer = Printer::new(form, look, target);
            printer.set_fields(fields);
            let mut out = Vec::new();
            for (asked, late) in [(Asked::Action, false), (Asked::Cli, true)] {
                printer.reply(&mut out, now, &reply(&evil), asked, late);
                printer.reply(&mut out, now, &command(&evil), asked, late);
            }
            for first in [
                "Event: UserEvent",
                "Event: Hangup",
                "Event: A",
                "Response: A",
                "Evil",
            ] {
                let packet = packet(first, &evil);
                printer.event(&mut out, now, &packet);
                printer.event_after(&mut out, now, now, &packet);
                printer.unsolicited(&mut out, now, &packet);
                printer.captured(&mut out, &packet);
                printer.capture(&mut out, &[packet]);
            }
            let reason = String::from_utf8_lossy(&evil).into_owned();
            printer.gap(&mut out, now, &reason, None, None);
            printer.echo(&mut out, &evil);
            assert!(!out.is_empty());
            assert_eq!(acts(&out), None, "{form:?} {}", evil.escape_ascii());
        }
    }
}

// Views of amish's own contain names from the server.
#[test]
fn no_view_lets_anything_act_on_a_terminal() {
    for evil in evils() {
        let look = Look::STDERR;
        let text = String::from_utf8_lossy(&evil).into_owned();
        let mut out = Vec::new();
        views::explained(&mut out, &[(text.clone(), &text)], &look);
        views::facts(&mut out, &[("user", text.clone())], &look);
        let findings = [Role::Ok, Role::Subject, Role::Value].map(|role| (role, text.clone()));
        views::findings(&mut out, &findings, &look);
        let rows = Rows {
            kind: "call",
            heads: vec![("Who", false)],
            rows: vec![vec![text.clone()]],
            footer: text.clone(),
            gives: &[],
        };
        for fields in [
            Fields::Chosen,
            Fields::All,
            Fields::Named(vec![text.clone()]),
        ] {
            rows.drawn(&mut out, &fields, &look);
        }
        views::timeline(&mut out, &[(text.clone(), text.clone())], &look);
        vertical::reply(&mut out, &reply(&evil), &look);
        vertical::reply(&mut out, &command(&evil), &look);
        vertical::event(&mut out, &packet("Event: UserEvent", &evil), &look);
        let commands = format!("Response: Success\r\nA{text}: what {text} (Priv: {text})\r\n\r\n");
        let listing = Listing::of(&Reply::single(Packet::new(commands.into_bytes().into())));
        actions::actions(&mut out, Catalog::with(listing).actions(), &look);
        let said = || PeerText::new(evil.clone());
        let documented = Page {
            synopsis: said(),
            since: said(),
            description: vec![said()],
            see_also: vec![said()],
            parameters: vec![Parameter {
                choices: vec![Choice {
                    value: said(),
                    about: said(),
                }],
                about: vec![said()],
                ..Parameter::of(Name::of_key(b"Key").unwrap())
            }],
            ..Page::of(Name::of_action(b"Act").unwrap())
        };
        page::page(&mut out, &documented, Of::Event(Some(&text)), &look);
        page::page(&mut out, &documented, Of::Action(&[], None), &look);
        assert!(!out.is_empty());
        assert_eq!(acts(&out), None, "{}", evil.escape_ascii());
    }
}

// In a pipe the reader's program decides: raw and CLI output are unchanged,
// json is one line whatever it contains, and in packet form a value cannot add
// a line.
#[test]
fn a_pipe_gets_what_its_form_promises() {
    let evil = "a\x1b]0;t\x07\nForged: yes\u{9b}";
    let shown = |form| {
        let look = Look {
            terminal: false,
            ..Look::STDERR
        };
        let mut out = Vec::new();
        let mut printer = Printer::new(form, look, String::new());
        printer.event(
            &mut out,
            SystemTime::now(),
            &packet("Event: UserEvent", evil.as_bytes()),
        );
        printer.echo(&mut out, evil.as_bytes());
        String::from_utf8(out).unwrap()
    };
    assert!(shown(Form::Raw).contains(evil));
    assert!(
        !shown(Form::Packet)
            .lines()
            .any(|line| line.starts_with("Forged"))
    );
    assert_eq!(shown(Form::Json).lines().count(), 2);
    for line in shown(Form::Json).lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }
}
