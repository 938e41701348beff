use super::*;
use crate::ami::{Packet, Reply};

fn classes(words: &str) -> Classes {
    words.parse().expect("class words")
}

/// Chooses a mask and returns what is sent.
fn sent(mask: &EventMask, base: Option<&str>) -> Option<(String, Change)> {
    let (action, change) = mask.turn().choose(base.map(classes))?;
    let words = action.get("EventMask").expect("a mask");
    Some((String::from_utf8_lossy(words).into_owned(), change))
}

fn answer(status: &str) -> Answer {
    let packet = format!("Response: {status}\r\n\r\n").into_bytes();
    Answer::Reply(Box::new(Reply::single(Packet::new(packet.into()))))
}

/// The same, answered with Success.
fn agreed(mask: &EventMask, base: Option<&str>) -> Option<String> {
    let (words, change) = sent(mask, base)?;
    mask.settle(&change, &answer("Success"));
    Some(words)
}

// An Originate must see its outcome without changing what the user sees.
#[test]
fn the_mask_is_the_union_of_who_wants_what() {
    let mask = EventMask::default();
    assert_eq!(agreed(&mask, None), None, "a session begins with off");
    let own = mask.add_own(Classes::CALL);
    assert_eq!(agreed(&mask, None).unwrap(), "call");
    assert_eq!(agreed(&mask, Some("user")).unwrap(), "call,user");
    assert_eq!(agreed(&mask, None), None, "once");
    mask.remove_own(own);
    assert_eq!(agreed(&mask, None).unwrap(), "user");
    // Nobody reads what comes while the process is stopped.
    mask.pause();
    assert_eq!(agreed(&mask, None).unwrap(), "off");
    assert!(mask.resume().is_some(), "something was missed");
    assert_eq!(agreed(&mask, None).unwrap(), "user");
    assert_eq!(mask.resume(), None, "it was not stopped");
    // The user's own Events action has already told the server.
    mask.observe(Classes::of_mask("on"));
    assert_eq!(agreed(&mask, None), None);
    assert_eq!(agreed(&mask, Some("off")).unwrap(), "off");
}

// A prompt that says `(events)` must not do so while none come.
#[test]
fn what_is_refused_or_not_answered_does_not_hold() {
    let mask = EventMask::default();
    agreed(&mask, Some("call"));
    let (_, change) = sent(&mask, Some("user")).unwrap();
    assert_eq!(mask.base(), classes("call"), "not before the answer");
    assert_eq!(mask.shown(), classes("call,user"), "events may overtake it");
    mask.settle(&change, &answer("Error"));
    assert_eq!(
        (mask.base(), mask.shown()),
        (classes("call"), classes("call"))
    );
    assert_eq!(agreed(&mask, None), None, "the server has it still");
    let (_, change) = sent(&mask, Some("user")).unwrap();
    mask.settle(&change, &Answer::TimedOut(None));
    mask.give_up();
    assert_eq!(mask.base(), classes("call"));
    // The server may have accepted it or not.
    let (words, again) = sent(&mask, None).unwrap();
    assert_eq!(words, "call");
    // A late Success: it did.
    mask.settle(&change, &answer("Success"));
    assert_eq!(mask.base(), classes("user"));
    mask.settle(&again, &answer("Success"));
    assert_eq!(mask.base(), classes("call"));
}

// A mask chosen in between relied on the change that is then refused.
#[test]
fn a_refusal_is_put_right_with_what_was_sent_behind_it() {
    let mask = EventMask::default();
    let (_, first) = sent(&mask, Some("user")).unwrap();
    mask.add_own(Classes::CALL);
    let (words, second) = sent(&mask, None).unwrap();
    assert_eq!(words, "call,user");
    mask.settle(&first, &answer("Error"));
    mask.settle(&second, &answer("Success"));
    assert_eq!(
        mask.base(),
        classes("user"),
        "the server sends it after all"
    );
}

// Another server, or other rights on the same, may refuse what the last link
// had.
#[test]
fn a_new_link_is_asked_for_all_and_its_refusal_holds() {
    let mask = EventMask::default();
    agreed(&mask, Some("call"));
    let (_, lost) = sent(&mask, Some("user")).unwrap();
    mask.settle(&lost, &Answer::Lost(None));
    let (action, change) = mask.turn().choose_anew().unwrap();
    assert_eq!(
        action.get("EventMask"),
        Some(&b"user"[..]),
        "asked for last"
    );
    mask.settle(&change, &answer("Success"));
    assert_eq!(mask.base(), classes("user"));
    let (_, change) = mask.turn().choose_anew().unwrap();
    mask.settle(&change, &answer("Error"));
    assert_eq!(mask.base(), Classes::NONE);
    assert!(mask.turn().choose_anew().is_none());
}
