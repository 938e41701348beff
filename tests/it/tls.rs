//! AMI over TLS: whom it trusts, and that it carries everything that a plain
//! link does. What it refuses is in tls_faults.

use crate::live::Client;
use crate::program::{amish, amish_at, signal};
use crate::pty::Pty;
use crate::reconnect::listening;
use crate::scripted::Scripted;
use crate::secured::{Authority, How, Identity, NEW, OLD, Secured};
use crate::servers::{Server, certificate, real_servers_with, servers, simulator, with};
use crate::support::{BOUND, code_of, knows_localhost, write_own};
use amish::ami::{Action, Secret};
use amish::session::{Arrival, Config, Keepalive, Session, Tls, Wake};
use nix::sys::signal::Signal;
use std::io::BufReader;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The exit code and messages of a run whose output has been read in part.
fn finish(mut child: Child, rest: BufReader<ChildStdout>) -> (i32, String) {
    std::io::read_to_string(rest).unwrap();
    let err = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    (code_of(child.wait().unwrap()), err)
}

/// A server behind TLS, and the certificate to trust.
struct Place {
    server: Server,
    address: SocketAddr,
    cacert: PathBuf,
    _secured: Option<(Secured, TempDir)>,
}

/// The simulator behind TLS 1.3 and 1.2, and every real server.
fn places() -> Vec<Place> {
    let place = |server: Server| match server.secured {
        Some(address) => Place {
            address,
            cacert: certificate(&server.name),
            server,
            _secured: None,
        },
        None => {
            let how = match server.name.ends_with("1.8") {
                true => OLD,
                false => NEW,
            };
            let (secured, cacert, folder) = secure(server.address, how);
            Place {
                server,
                address: secured.address,
                cacert,
                _secured: Some((secured, folder)),
            }
        }
    };
    let servers = with(&["tls"], servers()).into_iter();
    servers.map(place).collect()
}

/// TLS in front of `backend`, and a file with the certificate to trust.
fn secure(backend: SocketAddr, how: How) -> (Secured, PathBuf, TempDir) {
    let authority = Authority::new("Example CA");
    let identity = authority.issue(&["localhost", "127.0.0.1"]);
    let folder = TempDir::new().unwrap();
    let cacert = folder.path().join("ca.pem");
    std::fs::write(&cacert, &authority.pem).unwrap();
    (Secured::before(backend, identity, how), cacert, folder)
}

// Every documented way to name the server and whom to trust, with both versions
// of TLS; and the end is announced with a close_notify.
#[test]
fn a_server_is_trusted_in_every_way_that_the_contract_names() {
    let pbx = simulator();
    let authority = Authority::new("Example CA");
    let other = Authority::new("Another CA");
    let two = format!("{}\n{}", other.pem, authority.pem);
    let here = ["localhost", "127.0.0.1"];
    let elsewhere = ["pbx.example.com", "*.sip.example.com"];
    let by_name = knows_localhost();
    for how in [NEW, OLD] {
        for (names, args) in [
            (&here[..], "--cacert ca.pem amis://127.0.0.1:PORT"),
            (&here, "--cacert ca.pem --tls localhost:PORT"),
            (&here, "--cacert ca.pem --tls amis://LocalHost:PORT"),
            (&here, "--cacert two.pem amis://localhost:PORT"),
            (
                &elsewhere,
                "--cacert ca.pem --tls-name pbx.example.com amis://127.0.0.1:PORT",
            ),
            (
                &elsewhere,
                "--cacert ca.pem --tls-name a.sip.example.com --tls localhost:PORT",
            ),
        ] {
            if !by_name && args.to_lowercase().contains("localhost:") {
                continue;
            }
            let secured = Secured::before(pbx.addr(), authority.issue(names), how);
            let args = args.replace("PORT", &secured.address.port().to_string());
            let run = amish(&format!("-u demo {args} Ping")).file("ca.pem", &authority.pem);
            let run = run.file("two.pem", &two).env("AMISH_SECRET", "demo");
            let done = run.run();
            assert_eq!((done.code, &done.err[..]), (0, ""), "{args}");
            assert!(secured.heard_goodbye(), "{args}");
        }
    }
}

// The system's store, if nothing else is named.
#[test]
#[cfg(target_os = "linux")]
fn the_system_says_whom_to_trust() {
    let pbx = simulator();
    let (secured, cacert, _folder) = secure(pbx.addr(), NEW);
    let target = format!("-u demo amis://{} Ping", secured.address);
    let run = |store: &str| {
        let run = amish(&target).env("AMISH_SECRET", "demo");
        run.env("SSL_CERT_FILE", store).run()
    };
    let done = run(cacert.to_str().unwrap());
    assert_eq!(done.code, 0, "{}", done.err);
    let done = run("/dev/null");
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.contains("--cacert FILE"), "{}", done.err);
}

// Most PBXs have what `openssl req -x509` makes: self-signed and marked as a
// CA's. A user who names that file trusts it, whether or not it also contains
// the key.
#[test]
fn a_certificate_that_is_named_itself_is_trusted() {
    let pbx = simulator();
    let identity = Identity::self_signed(&["localhost"]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{}",
        identity.pem
    );
    let secured = Secured::before(pbx.addr(), identity, NEW);
    let target = format!("amis://demo@{}", secured.address);
    let run = |name: &str| {
        let run = amish(&format!(
            "--cacert asterisk.pem --tls-name {name} {target} Ping"
        ));
        let run = run.file("asterisk.pem", &pem).env("AMISH_SECRET", "demo");
        run.run()
    };
    let done = run("localhost");
    assert_eq!(done.code, 0, "{}", done.err);
    // Its name still counts.
    let done = run("pbx.example.com");
    assert_eq!(done.code, 4, "{}", done.err);
}

// A thousand answers and a flood of events on one link, each in order and none
// missing, while the keys change.
#[test]
fn answers_and_events_come_whole_while_much_is_written() {
    for place in places() {
        let over = Arc::new(AtomicBool::new(false));
        let (ending, server) = (over.clone(), &place.server);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut client = Client::log_in(server, "off");
                let mut number = 0;
                while !ending.load(Ordering::SeqCst) {
                    let text = number.to_string();
                    let flood = [("UserEvent", "TlsFlood"), ("Number", &text)];
                    client.ask("UserEvent", &flood);
                    number += 1;
                }
            });
            let script = "/events user\nsleep 0.2\n".to_owned() + &"Ping\n".repeat(1_000);
            let args = format!(
                "-u {} --cacert {} amis://{} -o json",
                server.user,
                place.cacert.display(),
                place.address
            );
            let run = amish(&args).env("AMISH_SECRET", server.secret);
            let done = run.input(script).run();
            over.store(true, Ordering::SeqCst);
            assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
            assert_eq!(done.out.matches("\"Pong\"").count(), 1_000);
            let numbers = done.out.lines().filter(|line| line.contains("TlsFlood"));
            let numbers: Vec<u64> = numbers
                .map(|line| {
                    let event: serde_json::Value = serde_json::from_str(line).unwrap();
                    event["Number"].as_str().unwrap().parse().unwrap()
                })
                .collect();
            let first = *numbers.first().expect("events came");
            let whole: Vec<u64> = (first..).take(numbers.len()).collect();
            assert_eq!(numbers, whole, "{}", server.name);
        });
    }
}

// The exact bytes, for replies larger than any record and any buffer.
#[test]
fn a_large_reply_is_the_same_with_tls() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Status");
        conversation.answer("Success", "EventList: start\nMessage: Status will follow");
        for i in 0..20_000 {
            conversation.packets(&format!(
                "Event: Status\nActionID: $ID\nNumber: {i}\nText: {}",
                "x".repeat(i % 300)
            ));
        }
        conversation.packets(&format!(
            "Event: StatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 20000\nText: {}",
            "y".repeat(3_000_000)
        ));
        conversation.carry_on();
    });
    let backend: SocketAddr = server.target().parse().unwrap();
    let args = "Status ActionID=same -o raw";
    let plain = amish_at(backend, "me", "secret", args).run();
    assert_eq!(plain.code, 0, "{}", plain.err);
    assert!(plain.out.len() > 6_000_000, "{}", plain.out.len());
    for how in [NEW, OLD] {
        let (secured, cacert, _folder) = secure(backend, how);
        let args = format!("{args} --tls --cacert {}", cacert.display());
        let done = amish_at(secured.address, "me", "secret", &args).run();
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out == plain.out, "{} bytes", done.out.len());
    }
}

// If the server accepts no data, what it sends must still be read. Otherwise
// both would wait for each other, and the link would be lost.
#[test]
fn a_write_that_waits_does_not_stop_the_reading() {
    let (read, is_read) = std::sync::mpsc::channel::<()>();
    let server = Scripted::logged_in(move |conversation| {
        let text = "x".repeat(1_000);
        while matches!(is_read.try_recv(), Err(TryRecvError::Empty)) {
            conversation.packets(&format!("Event: Flood\nPrivilege: user,all\nText: {text}"));
        }
    });
    let (secured, cacert, _folder) = secure(server.target().parse().unwrap(), NEW);
    let config = Config {
        host: "127.0.0.1".to_owned(),
        port: secured.address.port(),
        tls: Some(Tls {
            cacert: Some(cacert),
            ..Tls::default()
        }),
        connect_timeout: Duration::from_secs(5),
        patience: BOUND,
        buffer: 256 << 20,
        reconnect: false,
        keepalive: Keepalive::default(),
        trace: Default::default(),
        challenged: Default::default(),
        poller: None,
        built_in: None,
        ready_mark: None,
    };
    let session = Arc::new(Session::connect(config).unwrap());
    let secret = Secret::new("secret".to_owned());
    session.login("me", secret, false, &mut |_| ()).unwrap();
    // Dropped before the server, so that a failing test does not hang.
    let read = read;
    let sent = Arc::new(AtomicUsize::new(0));
    let (writer, count) = (session.clone(), sent.clone());
    let writing = std::thread::spawn(move || {
        let mut action = Action::new("UserEvent").unwrap();
        for _ in 0..120 {
            action.push("Text", &[b'x'; 1_000]).unwrap();
        }
        while writer.send(action.clone(), BOUND).is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    // Until nothing more is sent while two thousand events come.
    let until = Instant::now() + BOUND;
    let (mut before, mut since) = (0, 0);
    while before == 0 || since < 2_000 {
        match session.next(Some(until)) {
            Wake::Arrived(arrived) => assert!(matches!(arrived.what, Arrival::Event(_))),
            wake => panic!("{before} sent, then {since} events: {wake:?}"),
        }
        let now = sent.load(Ordering::SeqCst);
        since = if now == before { since + 1 } else { 0 };
        before = now;
    }
    assert!(!writing.is_finished(), "it waits for the server");
    read.send(()).unwrap();
    writing.join().expect("it ends with the link");
    session.close();
}

// From one server to another without leaving the shell, with the options given
// at the start.
#[test]
fn the_shell_connects_with_tls() {
    let pbx = simulator();
    let (secured, cacert, _folder) = secure(pbx.addr(), NEW);
    let (plain, target) = (pbx.addr().to_string(), secured.address.to_string());
    // The secret in the environment would be for the first server only.
    let secret = cacert.with_file_name("secret");
    write_own(&secret, "demo");
    let (cacert, secret) = (cacert.to_str().unwrap(), secret.to_str().unwrap());
    let given = ["-u", "demo", "--secret-file", secret];
    let args = [&given[..], &["--tls", "--cacert", cacert, &target]].concat();
    let mut pty = Pty::spawn(&args, &[], 100, 30);
    pty.wait_typed(&format!("demo@{target}> "));
    pty.type_line(&format!("/connect ami://{plain}"));
    pty.wait_typed(&format!("demo@{plain}> "));
    pty.type_line(&format!("/connect {plain}"));
    pty.wait_line("speaks AMI without TLS");
    pty.type_line(&format!("/connect amis://{target}"));
    pty.wait_typed(&format!("demo@{target}> "));
    pty.type_line("Ping");
    pty.wait_line("Pong");
}

// A restored link is as secure as the first was, or as insecure.
#[test]
fn a_link_comes_back_with_tls() {
    let pbx = simulator();
    let (secured, cacert, _folder) = secure(pbx.addr(), NEW);
    for (trust, warnings) in [
        (format!("--cacert {}", cacert.display()), 0),
        ("--insecure".to_owned(), 2),
    ] {
        let args = format!("--tls {trust} -e=user -o json");
        let (mut child, _home) = amish_at(secured.address, "demo", "demo", &args).spawn();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        listening(&pbx, &mut lines);
        pbx.kick();
        let read = listening(&pbx, &mut lines);
        // Before it comes what was still in the pipe.
        let before_last = read.iter().nth_back(1);
        assert!(
            before_last.is_some_and(|line| line.contains("\"gap\"")),
            "{read:?}"
        );
        signal(&child, Signal::SIGINT);
        let (code, err) = finish(child, lines);
        assert_eq!(code, 130, "{err}");
        let said = err.matches("certificate is not checked").count();
        assert_eq!(said, warnings, "{err}");
    }
}

// Somebody else may have taken the server's place: no second try.
#[test]
fn a_link_does_not_come_back_to_another_server() {
    let pbx = simulator();
    let (secured, cacert, _folder) = secure(pbx.addr(), NEW);
    let args = format!("--tls --cacert {} -e=user -o json", cacert.display());
    let (mut child, _home) = amish_at(secured.address, "demo", "demo", &args).spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    listening(&pbx, &mut lines);
    std::fs::write(&cacert, Authority::new("Another CA").pem).unwrap();
    pbx.kick();
    let (code, err) = finish(child, lines);
    assert_eq!(code, 4, "{err}");
    assert_eq!(
        err.matches("was issued by \"Example CA\"").count(),
        1,
        "{err}"
    );
    let logins = pbx.received();
    let logins = logins.iter().filter(|one| one.contains("Login"));
    assert_eq!(logins.count(), 1, "the secret was not sent to it");
}

// The same files and options with real servers.
#[test]
fn real_servers_are_trusted_by_their_certificate() {
    for server in real_servers_with(&["tls"]) {
        let cacert = certificate(&server.name);
        let port = server.secured.unwrap().port();
        for host in ["localhost", "127.0.0.1"] {
            let target = format!("--cacert {} amis://{host}:{port}", cacert.display());
            let run = amish(&format!("-u admin {target} CoreSettings"));
            let done = run.env("AMISH_SECRET", "secret").run();
            assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
            assert!(done.out.contains("AsteriskVersion"), "{}", done.out);
        }
    }
}
