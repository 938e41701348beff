//! The reported event mask is the real one: a mask that is refused or not
//! answered does not take effect, and whoever needs events learns that none
//! will come.

use crate::cut::{await_arrival, session};
use crate::pty::Pty;
use crate::scripted::{Conversation, Request, Scripted};
use amish::ami::{Status, Ticket};
use amish::session::{Answer, Arrival, Classes, Session};
use std::time::Duration;

fn classes(words: &str) -> Classes {
    words.parse().expect("class words")
}

/// The server's answer to Events: an Err with its words if it refuses, or if
/// nothing came.
fn answer_to(session: &Session, ticket: Option<Ticket>) -> Result<(), String> {
    let Some(ticket) = ticket else {
        return Ok(());
    };
    await_arrival(session, |what| match what {
        Arrival::Answer(whose, answer) if *whose == ticket => Some(match answer {
            Answer::Reply(reply) if reply.status() == Status::Error => {
                Err(reply.message().unwrap_or_default().terminal().into_owned())
            }
            Answer::Reply(_) => Ok(()),
            _ => Err("no answer".to_owned()),
        }),
        _ => None,
    })
}

/// Asks for events of `words` and waits for the answer.
pub fn set_events(session: &Session, words: &str) -> Result<(), String> {
    let ticket = session.ask_events(classes(words)).expect("it is sent");
    answer_to(session, ticket)
}

/// Passes each Events action to `answer`, and answers everything else.
fn serve(
    conversation: &mut Conversation,
    mut answer: impl FnMut(&mut Conversation, &str, &Request),
) {
    while let Some(request) = conversation.hear() {
        match (request.get("Action"), request.get("EventMask")) {
            (Some("Events"), Some(mask)) => answer(conversation, mask, &request),
            (Some("Logoff"), _) => return conversation.answer("Goodbye", ""),
            _ => conversation.answer("Success", "Ping: Pong"),
        }
    }
}

/// Refuses every mask that includes `class`.
fn refusing(class: &'static str) -> Scripted {
    Scripted::logged_in(move |conversation| {
        serve(conversation, |conversation, mask, _| {
            match mask.split(',').any(|one| one == class) {
                true => conversation.answer("Error", "Message: no such luck"),
                false => conversation.answer("Success", "Events: On"),
            }
        });
    })
}

#[test]
fn a_mask_that_is_refused_does_not_stick() {
    let server = refusing("call");
    let session = session(server.address(), "me", "secret", false);
    assert_eq!(set_events(&session, "user"), Ok(()));
    let refused = set_events(&session, "call");
    assert_eq!(refused, Err("no such luck".to_owned()));
    assert_eq!(session.events(), classes("user"));
    session.close();
}

// Whether the server accepted it is unknown, so it is not assumed, and the next
// change is sent whatever was asked for before.
#[test]
fn a_mask_that_is_not_answered_in_time_does_not_stick() {
    let server = Scripted::logged_in(|conversation| {
        serve(conversation, |conversation, mask, _| match mask {
            "call" => {}
            _ => conversation.answer("Success", "Events: On"),
        });
    });
    let session = session(server.address(), "me", "secret", false);
    session.set_patience(Duration::from_millis(50));
    assert_eq!(set_events(&session, "call"), Err("no answer".to_owned()));
    assert_eq!(session.events(), Classes::NONE);
    session.set_patience(crate::support::BOUND);
    assert_eq!(set_events(&session, "user"), Ok(()));
    assert_eq!(session.events(), classes("user"));
    session.close();
}

// Otherwise an Originate or a /follow would wait for an event that cannot come.
#[test]
fn what_amish_needs_for_itself_and_does_not_get_is_an_error() {
    let server = refusing("call");
    let session = session(server.address(), "me", "secret", false);
    let (wanted, ticket) = session.want(Classes::CALL).expect("it is sent");
    let refused = answer_to(&session, ticket);
    assert_eq!(refused, Err("no such luck".to_owned()));
    drop(wanted);
    session.sync_mask();
    // It is not asked for again with the next change.
    assert_eq!(set_events(&session, "user"), Ok(()));
    session.close();
}

// Another server, or other rights on the same, may refuse it on the next link.
#[test]
fn a_mask_that_is_refused_on_a_new_link_does_not_hold_there() {
    let mut links = 0;
    let server = Scripted::logged_in(move |conversation| {
        links += 1;
        if links == 1 {
            conversation.expect("Events");
            return conversation.answer("Success", "Events: On");
        }
        serve(conversation, |conversation, _, _| {
            conversation.answer("Error", "Message: no such luck");
        });
    });
    let session = session(server.address(), "me", "secret", true);
    assert_eq!(set_events(&session, "user"), Ok(()));
    let why = await_arrival(&session, |what| match what {
        Arrival::NotRenewed(action, why) => Some(format!("{action}: {why}")),
        _ => None,
    });
    assert_eq!(why, "Events: no such luck");
    assert_eq!(session.events(), Classes::NONE);
    session.close();
}

// The main thread asks for one mask after the other while other parts want
// events for a while: the last mask sent must be the current one.
#[test]
fn masks_are_sent_in_the_order_in_which_they_are_chosen() {
    let (last, is_last) = std::sync::mpsc::channel();
    let server = Scripted::logged_in(move |conversation| {
        let mut held = String::new();
        serve(conversation, |conversation, mask, _| {
            held = mask.to_owned();
            conversation.answer("Success", "Events: On");
        });
        last.send(held).expect("the test waits");
    });
    let session = session(server.address(), "me", "secret", false);
    std::thread::scope(|scope| {
        for class in ["call", "agent", "cdr"] {
            let session = &session;
            scope.spawn(move || {
                for _ in 0..50 {
                    drop(session.want(classes(class)).expect("it is sent"));
                }
            });
        }
        for _ in 0..50 {
            for words in ["user", "off", "system,user"] {
                assert_eq!(set_events(&session, words), Ok(()));
                assert_eq!(session.events(), classes(words));
            }
        }
    });
    session.close();
    let held = is_last.recv_timeout(crate::support::BOUND).unwrap();
    assert_eq!(held, "system,user");
}

// What the user sees of this.
#[test]
fn the_prompt_does_not_speak_of_events_that_are_refused() {
    let server = refusing("call");
    let target = server.target();
    let env = [("AMISH_SECRET", "secret"), ("AMISH_USER", "me")];
    let mut pty = Pty::spawn(&[&target], &env, 120, 24);
    pty.wait_typed(&format!("me@{target}> "));
    pty.type_line("/events call");
    pty.wait_line("the server refuses to send events: no such luck");
    pty.wait_typed(&format!("me@{target}> "));
    pty.type_line("/events");
    pty.wait_line("events: off");
}
