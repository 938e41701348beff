//! When a secret may be sent in clear: this is decided for each link anew, and
//! a server that has accepted the challenge never gets it in clear.

use crate::cut::await_arrival;
use crate::program::{Done, amish, finish, packet_of, type_in};
use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};
use crate::support::BOUND;
use amish::ami::Secret;
use amish::session::{Arrival, Challenged, Config, Error, Keepalive, Session, supervise};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::sync::Arc;

const SECRET: &str = "pa55word";

/// Refuses the challenge as a server without MD5 does, and receives what
/// follows, which must not be a login.
fn refuse_challenge(conversation: &mut Conversation) {
    conversation.send("Asterisk Call Manager/11.0.0\r\n");
    conversation.expect("Challenge");
    conversation.answer("Error", "Message: Must specify AuthType");
    let next = conversation.hear();
    let is_login = next
        .as_ref()
        .is_some_and(|one| one.get("Action") == Some("Login"));
    assert!(!is_login, "the secret in clear: {next:?}");
}

/// The first link accepts the challenge and ends, the next refuses it.
fn turncoat(mut first: impl FnMut(&mut Conversation) + Send + 'static) -> Scripted {
    let mut is_first = true;
    Scripted::start(move |conversation| match std::mem::take(&mut is_first) {
        true => first(conversation),
        false => refuse_challenge(conversation),
    })
}

fn run(server: &Scripted, args: &str) -> Done {
    let args = format!("-u me {} {args}", server.target());
    amish(&args).env("AMISH_SECRET", SECRET).run()
}

const WITHDRAWN: &str = "which it has accepted before, so the secret was not sent";

// A name may lead elsewhere after a reconnect, or somebody may be in between.
// Local or not, permitted or not, a server that accepted the challenge does not
// need the secret.
#[test]
fn a_server_that_took_the_challenge_never_gets_the_secret_in_clear() {
    for plaintext in ["", " --plaintext"] {
        let server = turncoat(|conversation| {
            conversation.log_in();
            conversation.expect("Events");
            conversation.answer("Success", "Events: On");
        });
        let done = run(&server, &format!("-e=user{plaintext}"));
        assert_eq!(done.code, 4, "{done:?}");
        assert!(done.err.contains(WITHDRAWN), "{done:?}");
        let server = turncoat(|conversation| {
            conversation.log_in();
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
        });
        let script = format!("-u me {} --reconnect{plaintext}", server.target());
        let script = amish(&script).env("AMISH_SECRET", SECRET);
        let (mut child, _home) = script.spawn();
        type_in(&mut child, "Ping\n");
        assert!(packet_of(&mut child).contains("Pong"));
        let err = BufReader::new(child.stderr.as_mut().unwrap());
        let ended = err.lines().next().expect("a line").expect("text");
        assert!(ended.ends_with("; connecting again"), "{ended}");
        let done = finish(child, b"Ping\n");
        assert_eq!(done.code, 4, "{done:?}");
        assert!(done.err.contains(WITHDRAWN), "{done:?}");
    }
}

// The same at the prompt: by the shell's own reconnect, and by `/connect`.
#[test]
fn a_shell_keeps_the_secret_from_a_server_that_took_the_challenge() {
    for by_hand in [false, true] {
        let server = turncoat(move |conversation| {
            conversation.log_in();
            conversation.expect("ListCommands");
            conversation.answer("Error", "Message: Permission denied");
            if by_hand {
                while conversation.hear().is_some() {}
            }
        });
        let target = server.target();
        let env = [("AMISH_SECRET", SECRET), ("AMISH_USER", "me")];
        let mut pty = Pty::spawn(&[&target], &env, 200, 24);
        if by_hand {
            pty.wait_typed(&format!("me@{target}> "));
            pty.type_line("/reconnect");
        }
        pty.wait_line(WITHDRAWN);
    }
}

fn connect(address: SocketAddr, challenged: &Challenged) -> Arc<Session> {
    let session = Session::connect(Config {
        host: address.ip().to_string(),
        port: address.port(),
        tls: None,
        connect_timeout: BOUND,
        patience: BOUND,
        buffer: 1 << 20,
        reconnect: true,
        keepalive: Keepalive::default(),
        trace: Default::default(),
        challenged: challenged.clone(),
        poller: None,
        built_in: None,
        ready_mark: None,
    });
    Arc::new(session.expect("a session"))
}

fn log_in(session: &Session) -> Result<(), Error> {
    session.login("me", Secret::new(SECRET.to_owned()), false, &mut |_| {})
}

// All sessions of a run share this knowledge; `/connect` begins another
// session.
#[test]
fn another_session_of_the_run_knows_who_took_the_challenge() {
    let server = turncoat(|conversation| {
        conversation.log_in();
        conversation.carry_on();
    });
    let challenged = Challenged::default();
    let first = connect(server.address(), &challenged);
    log_in(&first).expect("the challenge is taken");
    first.close();
    let second = connect(server.address(), &challenged);
    let error = log_in(&second).expect_err("it is refused").to_string();
    assert!(error.contains(WITHDRAWN), "{error}");
}

// A local server without MD5 that was never challenged is logged in to without
// asking, also after its link ended.
#[test]
fn a_local_server_without_challenge_is_logged_in_to_on_each_link() {
    let mut links = 0;
    let server = Scripted::start(move |conversation| {
        conversation.send("Asterisk Call Manager/1.0\r\n");
        conversation.expect("Challenge");
        conversation.answer("Error", "Message: Must specify AuthType");
        let login = conversation.expect("Login");
        assert_eq!(login.get("Secret"), Some(SECRET));
        conversation.answer("Success", "Message: Authentication accepted");
        links += 1;
        if links > 1 {
            conversation.carry_on();
        }
    });
    let session = connect(server.address(), &Challenged::default());
    log_in(&session).expect("it is local");
    supervise(&session).expect("a thread");
    await_arrival(&session, |what| {
        matches!(what, Arrival::Back(_)).then_some(())
    });
    session.close();
}

// Neither success nor a refusal: as a refusal, any of these would draw out the
// secret; as success, a script would run without a session.
#[test]
fn a_goodbye_or_an_empty_challenge_ends_the_login() {
    let answers = [
        ("Goodbye", "Message: Thanks for all the fish."),
        ("Success", "Challenge:"),
        ("Success", "Message: fine"),
    ];
    for (status, lines) in answers {
        let server = Scripted::start(move |conversation| {
            conversation.send("Asterisk Call Manager/11.0.0\r\n");
            conversation.expect("Challenge");
            conversation.answer(status, lines);
            assert_eq!(conversation.hear(), None, "{status} {lines}");
        });
        let done = run(&server, "--plaintext Ping");
        assert_eq!(done.code, 4, "{done:?}");
        assert!(
            done.err.contains("neither success nor a refusal"),
            "{done:?}"
        );
    }
    let server = Scripted::start(|conversation| {
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        conversation.expect("Challenge");
        conversation.answer("Success", "Challenge: 1");
        conversation.expect("Login");
        conversation.answer("Goodbye", "Message: Thanks for all the fish.");
        assert_eq!(conversation.hear(), None);
    });
    let done = run(&server, "Ping");
    assert_eq!(done.code, 4, "{done:?}");
    assert!(done.err.contains("Response: Goodbye"), "{done:?}");
}

// The user's other session must end first, which may take a while; the user
// must be told what amish is waiting for.
#[test]
fn a_user_who_is_logged_in_already_is_told_of_each_try() {
    let mut tries = 0;
    let server = Scripted::start(move |conversation| {
        tries += 1;
        if tries == 1 {
            conversation.log_in();
            conversation.expect("Events");
            return conversation.answer("Success", "Events: On");
        }
        if tries < 4 {
            conversation.send("Asterisk Call Manager/11.0.0\r\n");
            conversation.expect("Challenge");
            conversation.answer("Success", "Challenge: 1");
            conversation.expect("Login");
            return conversation.answer("Error", "Message: Login Already In Use");
        }
        conversation.log_in();
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.packets("Event: UserEvent\nPrivilege: user,all\nUserEvent: Ring");
        conversation.carry_on();
    });
    let done = run(&server, "-e=user --count 1");
    assert_eq!(done.code, 8, "{done:?}");
    let told = done.err.matches("Login Already In Use").count();
    assert_eq!(told, 2, "{done:?}");
}

// The same before there is a session, if the first connect is to be retried.
#[test]
fn a_first_login_that_is_refused_for_now_is_told_of_at_each_try() {
    let mut tries = 0;
    let server = Scripted::start(move |conversation| {
        tries += 1;
        if tries < 3 {
            conversation.send("Asterisk Call Manager/11.0.0\r\n");
            conversation.expect("Challenge");
            return conversation.answer("Error", "Message: Asterisk is shutting down");
        }
        conversation.log_in();
        conversation.carry_on();
    });
    let done = run(&server, "--reconnect Ping");
    assert_eq!(done.code, 0, "{done:?}");
    let told = done.err.matches("shutting down").count();
    assert_eq!(told, 2, "{done:?}");
}
