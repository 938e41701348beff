//! `/whoami`, `/doctor` and the message about a refused login, on a terminal,
//! against the built-in PBX and every real server.

use crate::program::amish_at;
use crate::pty::Pty;
use crate::scripted::Scripted;
use crate::servers::{Server, real_servers, real_servers_with, servers, simulator_with, with};
use amish::simulator::{Config, User};

/// Wide and high enough for a whole screen of the doctor.
fn shell(server: &Server, user: &str, secret: &str) -> Pty {
    at(&server.address.to_string(), user, secret)
}

fn at(target: &str, user: &str, secret: &str) -> Pty {
    let env = [("AMISH_SECRET", secret), ("AMISH_USER", user)];
    let pty = Pty::spawn(&[target], &env, 160, 60);
    pty.wait_line("> ");
    pty
}

// The first thing to find out on an unfamiliar terminal.
#[test]
fn whoami_says_who_where_and_with_which_rights() {
    for server in with(&["class-originate"], servers()) {
        let mut pty = shell(&server, server.user, server.secret);
        pty.type_line("/events call");
        pty.wait_line("events: call");
        pty.type_line("/whoami");
        pty.wait_line(&format!("user      {}", server.user));
        pty.wait_line(&format!("target    {}, not encrypted", server.address));
        pty.wait_line("from      127.0.0.1:");
        pty.wait_line("may see   all (read=)");
        pty.wait_line("may send  all (write=)");
        pty.wait_line("events    call");
        let mut pty = shell(&server, "readonly", "readonly");
        pty.type_line("/whoami");
        pty.wait_line("may see   not known: read= can be read only with class command");
        pty.wait_line("; not system,call,command,user,originate;");
    }
}

#[test]
fn the_doctor_finds_nothing_wrong_with_an_admin() {
    for server in servers() {
        let mut pty = shell(&server, server.user, server.secret);
        pty.type_line("/doctor");
        pty.wait_line("ok     no problems found");
        pty.wait_for("no complaint", |screen| {
            let text = screen.contents();
            !text.contains("\nwrong ") && !text.contains("\nnote ")
        });
    }
}

// The server says only two words; the doctor explains them and shows the lines
// that fix the problem.
#[test]
fn the_doctor_explains_what_was_just_refused() {
    for server in with(&["class-originate"], servers()) {
        let mut pty = shell(&server, "readonly", "readonly");
        pty.type_line("DBPut a b c");
        pty.type_line("Action: DBPut\r");
        pty.wait_line("Permission denied: DBPut needs write=system");
        pty.type_line("UserEvent x");
        pty.wait_line("UserEvent is not among the Actions this server lets you send");
        pty.type_line("/doctor");
        pty.wait_line("UserEvent needs write=user");
        pty.type_line("Action: DBPut\r");
        pty.type_line("/doctor");
        pty.wait_line("note   no originate in write=: calls cannot be started");
        pty.wait_line("wrong  readonly has none of these");
        pty.wait_line("[readonly]");
        pty.wait_line("write = system  ; in addition to the present ones");
        pty.type_line("/doctor hangup");
        pty.wait_line("Hangup needs one of write=system,call");
        pty.wait_line("write = call  ; in addition to the present ones");
    }
}

#[test]
fn the_doctor_knows_which_events_cannot_come() {
    for server in with(&["class-originate"], servers()) {
        let mut pty = shell(&server, "abcde123", "abcde123");
        pty.type_line("/events call,dtmf");
        pty.type_line("/doctor");
        pty.wait_line("wrong  events are on for dtmf, which read= does not have");
        pty.wait_line("read = system,call,log,verbose,command,agent,user,dtmf");
        pty.type_line("/doctor event DTMFEnd");
        pty.wait_line("wrong  abcde123 has no dtmf in read=");
        pty.type_line("/doctor Originate");
        pty.wait_line("write = system,call,log,verbose,command,agent,user,originate");
    }
}

// A user who may start calls but may not see their outcomes.
#[test]
fn the_doctor_sees_that_outcomes_cannot_be_known() {
    let rights = "originate,command";
    let simulator = simulator_with(Config {
        users: vec![User::new("dialer", "dialer", "system", rights)],
        ..Config::default()
    });
    let mut pty = at(&simulator.addr().to_string(), "dialer", "dialer");
    pty.type_line("/doctor");
    pty.wait_line("read= lacks call: outcomes of Originate cannot be seen");
    pty.wait_line("[dialer]");
    pty.wait_line("read = system,call");
    for server in real_servers_with(&["class-originate"]) {
        let mut pty = shell(&server, "nocall", "nocall");
        pty.type_line("/doctor");
        pty.wait_line("their outcomes can be seen only with call in read=, which is not known");
    }
}

// Rights and filters are learned from whatever the server reveals; one that
// refuses every query must not silence the doctor.
#[test]
fn a_server_that_tells_nothing_is_examined_too() {
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            match request.get("Action") {
                Some("Logoff") => return,
                Some("GetConfig") => conversation.answer(
                    "Success",
                    "Category-000000: me\nLine-000000-000000: secret=s3cret\n\
                     Line-000000-000001: read=call\nLine-000000-000002: eventfilter=!Event: RTCP",
                ),
                _ => conversation.answer("Error", "Message: Permission denied"),
            }
        }
    });
    let mut pty = at(&server.target(), "me", "s3cret");
    pty.type_line("/doctor");
    pty.wait_line("manager.conf lets only some events through: eventfilter = !Event: RTCP");
    pty.wait_line("note   no agent in read=");
    pty.type_line("/doctor DBPut");
    pty.wait_line("the server has not listed what this user may do");
    let screen = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!screen.contains("s3cret"), "{screen}");
}

// The doctor is called when a server has stopped answering: it must stop asking
// and say so.
#[test]
fn a_silent_server_does_not_hold_the_doctor() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Error", "Message: Permission denied");
        for _ in ["/doctor", "/whoami"] {
            conversation.expect("ListCommands");
        }
        let last = conversation.hear();
        let last = last.iter().find_map(|request| request.get("Action"));
        assert!(matches!(last, None | Some("Logoff")), "{last:?}");
    });
    let mut pty = at(&server.target(), "me", "s3cret");
    pty.type_line("/set timeout 0.2");
    pty.type_line("/doctor");
    pty.wait_line("wrong  the server does not answer");
    pty.type_line("/whoami");
    pty.wait_line("answers  the server does not answer all queries");
}

#[test]
fn the_doctor_without_a_link_or_a_login() {
    let simulator = simulator_with(Config::default());
    let target = simulator.addr().to_string();
    let mut pty = Pty::spawn(&["--no-login", &target], &[], 160, 60);
    pty.wait_line("> ");
    pty.type_line("/doctor");
    pty.wait_line("wrong  nobody is logged in");
    pty.wait_line("permit = 127.0.0.1/255.255.255.255");
    pty.type_line("/whoami");
    pty.wait_line("user    nobody: not logged in");
    drop(simulator);
    pty.wait_line("the server closed");
    pty.type_line("/doctor");
    pty.wait_line(&format!("wrong  there is no link to {target}"));
}

// The server says the same for a wrong secret and a wrong address: the user has
// to compare our address with permit=.
#[test]
fn a_refused_login_shows_our_address_and_the_cure() {
    let simulator = simulator_with(Config::default());
    let mut refused = vec![(simulator.addr(), "demo", "wrong")];
    let real = real_servers();
    refused.extend(
        real.iter()
            .map(|server| (server.address, "elsewhere", "elsewhere")),
    );
    for (address, user, secret) in refused {
        let done = amish_at(address, user, secret, "Ping").run();
        assert_eq!(done.code, 4, "{}", done.err);
        for part in [
            "refuse our address, 127.0.0.1 (the server's message is the same)",
            &format!("    [{user}]\n"),
            "    deny = 0.0.0.0/0.0.0.0\n",
            "    permit = 127.0.0.1/255.255.255.255\n",
        ] {
            assert!(done.err.contains(part), "{part}: {}", done.err);
        }
    }
}
