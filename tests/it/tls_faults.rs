//! What TLS must refuse, and what can go wrong on the way to it: each with an
//! exit code, a message that says what to do, and nothing sent.

use crate::program::{Done, amish, amish_at};
use crate::scripted::Scripted;
use crate::secured::{Authority, End, How, Identity, NEW, OLD, Secured};
use crate::servers::{certificate, real_servers, simulator, spawn, spawnable};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

const HERE: [&str; 2] = ["localhost", "127.0.0.1"];

fn ping(args: &str, cacert: &str) -> Done {
    let run = amish(&format!("-u demo --connect-timeout 1.5 {args} Ping"));
    let run = run.file("ca.pem", cacert).env("AMISH_SECRET", "demo");
    run.run()
}

#[track_caller]
fn assert_says(done: &Done, code: i32, words: &[&str]) {
    assert_eq!(done.code, code, "{}", done.err);
    for words in words {
        assert!(done.err.contains(words), "no {words:?} in: {}", done.err);
    }
    assert!(done.took < Duration::from_secs(10), "{:?}", done.took);
    assert_eq!(done.out, "");
}

// The message must say what is wrong with a certificate and how to fix it, and
// the server must get neither user nor secret.
#[test]
fn a_certificate_that_proves_nothing_is_refused() {
    let pbx = simulator();
    let ours = Authority::new("Example CA");
    let theirs = Authority::new("Unknown CA");
    let namesake = Authority::new("Example CA");
    let cases: [(Identity, &[&str]); 8] = [
        (
            ours.issue(&["pbx.example.com", "192.0.2.7"]),
            &[
                "is not for 127.0.0.1 but for pbx.example.com, 192.0.2.7;",
                "--tls-name pbx.example.com",
            ],
        ),
        (
            ours.issue(&[]),
            &["names no host", "subjectAltName=IP:127.0.0.1"],
        ),
        (
            ours.issue_for(&HERE, 2000, 2021),
            &["expired on 2021-01-01", "and today is 20"],
        ),
        (
            ours.issue_for(&HERE, 2999, 3000),
            &["is not valid before 2999-01-01", "clock"],
        ),
        (
            theirs.issue(&HERE),
            &[
                "was issued by \"Unknown CA\"",
                "not among those of ca.pem",
                "--cacert FILE",
            ],
        ),
        (
            namesake.issue(&HERE),
            &["was issued by \"Example CA\"", "not among those of ca.pem"],
        ),
        (
            Identity::self_signed(&HERE),
            &["is self-signed", "--cacert FILE"],
        ),
        // A wildcard stands for one label, and never for an address.
        (ours.issue(&["*.0.0.1", "*"]), &["is not for 127.0.0.1"]),
    ];
    for (identity, words) in cases {
        let secured = Secured::before(pbx.addr(), identity, NEW);
        let args = format!("--cacert ca.pem amis://{}", secured.address);
        let done = ping(&args, &ours.pem);
        assert_says(&done, 4, words);
        assert_says(&done, 4, &["the certificate of 127.0.0.1:", "--insecure"]);
    }
    assert!(pbx.received().is_empty(), "{:?}", pbx.received());
}

// Without --cacert the message names the system's store.
#[test]
fn an_unknown_server_is_refused_by_the_system() {
    let pbx = simulator();
    let identity = Authority::new("Example CA").issue(&HERE);
    let secured = Secured::before(pbx.addr(), identity, NEW);
    let other = Authority::new("Another CA");
    let run = amish(&format!("-u demo amis://{} Ping", secured.address));
    let run = run
        .file("store.pem", &other.pem)
        .env("SSL_CERT_FILE", "store.pem");
    let done = run.env("AMISH_SECRET", "demo").run();
    assert_says(
        &done,
        4,
        &["among those that this system trusts", "--cacert FILE"],
    );
}

// An insecure link must not look like a secure one, -q or not.
#[test]
fn insecure_takes_every_certificate_and_says_so() {
    let pbx = simulator();
    let ours = Authority::new("Example CA");
    for identity in [
        ours.issue(&["pbx.example.com"]),
        ours.issue_for(&HERE, 2000, 2021),
        Identity::self_signed(&[]),
    ] {
        let secured = Secured::before(pbx.addr(), identity, NEW);
        let done = ping(&format!("--insecure -q amis://{}", secured.address), "");
        assert_eq!(done.code, 0, "{}", done.err);
        let warning = "--insecure: the server's certificate is not checked";
        assert!(done.err.contains(warning), "{}", done.err);
    }
}

/// Accepts connections and passes each to `talk`.
fn listener(talk: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            talk(stream);
        }
    });
    address
}

// What listens on the port is named, within the time limit.
#[test]
fn what_shakes_no_hands_is_named_within_the_time() {
    let pbx = simulator();
    let hello = |mut stream: &TcpStream| {
        let mut asked = [0; 2048];
        matches!(stream.read(&mut asked), Ok(6..)) && asked.starts_with(&[0x16, 3])
    };
    let silent = |mut stream: TcpStream| while matches!(stream.read(&mut [0; 64]), Ok(1..)) {};
    let ssh = move |mut stream: TcpStream| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2p1\r\n");
        silent(stream);
    };
    let http = move |mut stream: TcpStream| {
        if hello(&stream) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
        silent(stream);
    };
    let alert = move |mut stream: TcpStream| {
        if hello(&stream) {
            // protocol_version: it has no version as new as ours.
            let _ = stream.write_all(&[0x15, 3, 1, 0, 2, 2, 70]);
        }
        silent(stream);
    };
    let half = move |mut stream: TcpStream| {
        if hello(&stream) {
            // The beginning of a ServerHello that never comes.
            let _ = stream.write_all(&[0x16, 3, 3, 0, 90, 2, 0, 0, 86]);
        }
        silent(stream);
    };
    for (address, words) in [
        (pbx.addr(), "speaks AMI without TLS: leave out --tls"),
        (listener(ssh), "an SSH server"),
        (listener(http), "an HTTP server"),
        (listener(alert), "TLS 1.2 and 1.3"),
        (listener(silent), "does not answer the TLS handshake"),
        (listener(half), "does not answer the TLS handshake"),
        (listener(drop), "closed it without a word"),
    ] {
        let done = ping(&format!("--insecure amis://{address}"), "");
        assert_says(&done, 5, &[words, "no TLS with 127.0.0.1:"]);
    }
    // A ClientHello contains random bytes, which may look like a line end.
    let received = pbx.received();
    assert!(
        !received.iter().any(|one| one.contains("Action")),
        "{received:?}"
    );
    for server in real_servers() {
        let done = ping(&format!("--insecure amis://{}", server.address), "");
        assert_says(&done, 5, &["speaks AMI without TLS"]);
    }
}

// TLS with a server behind it that does not speak AMI, or is silent.
#[test]
fn what_is_behind_tls_is_named_too() {
    let ours = Authority::new("Example CA");
    for (greeting, words) in [
        ("220 mail ESMTP\r\n", "a mail server (SMTP)"),
        ("", "says nothing"),
    ] {
        let server = Scripted::start(move |conversation| {
            conversation.send(greeting);
            conversation.hear();
        });
        let backend = server.target().parse().unwrap();
        let secured = Secured::before(backend, ours.issue(&HERE), NEW);
        let args = format!("--cacert ca.pem amis://{}", secured.address);
        assert_says(&ping(&args, &ours.pem), 5, &[words]);
    }
}

// An option without effect is a mistake that nobody notices.
#[test]
fn options_of_tls_take_tls() {
    for (args, words) in [
        ("--cacert ca.pem 127.0.0.1:1", &["--cacert", "use --tls"]),
        (
            "--tls-name pbx ami://127.0.0.1:1",
            &["--tls-name", "use --tls"],
        ),
        ("--insecure 127.0.0.1:1", &["--insecure", "use --tls"]),
        ("--tls ami://127.0.0.1:1", &["ami://", "use amis://"]),
        (
            "--tls-name a..b amis://127.0.0.1:1",
            &["'a..b'", "--tls-name"],
        ),
    ] {
        assert_says(&ping(args, ""), 2, words);
    }
}

// Before connecting: port 1 is not even tried.
#[test]
fn a_file_of_certificates_is_looked_at_first() {
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (file, text, words) in [
        ("none.pem", "", "No such file"),
        ("ca.pem", "", "no certificate in PEM form"),
        ("ca.pem", "0\u{2}\u{1}binary", "no certificate in PEM form"),
        ("ca.pem", damaged, "a certificate in it cannot be used"),
        ("ca.pem", &damaged[..40], "a certificate in it is damaged"),
        (".", "", "it is a directory"),
    ] {
        let done = ping(&format!("--cacert {file} amis://127.0.0.1:1"), text);
        assert_says(&done, 1, &["cannot use --cacert", words]);
    }
}

/// A stream of events that the server ends in the middle.
fn ended(how: How) -> Done {
    let ours = Authority::new("Example CA");
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.packets("Event: Ring\nPrivilege: user,all");
    });
    let backend = server.target().parse().unwrap();
    let secured = Secured::before(backend, ours.issue(&HERE), how);
    let args = format!(
        "-e --no-reconnect --tls --cacert ca.pem {}",
        secured.address
    );
    let run = amish(&format!("-u me {args}")).file("ca.pem", &ours.pem);
    run.env("AMISH_SECRET", "secret").run()
}

// Asterisk sends a close_notify after Logoff only, so an end without one is
// normal; but what is cut off is incomplete, and what is inserted is not read.
#[test]
fn an_end_is_told_from_a_cut() {
    for (end, words) in [
        (End::Goodbye, "the server closed the connection\n"),
        (End::Silence, "the server closed the connection\n"),
        (End::InsideRecord, "in the middle of a packet"),
        (End::Garbage, "the connection broke: TLS: "),
    ] {
        for how in [NEW, OLD] {
            let done = ended(How { end, ..how });
            assert_eq!(done.code, 6, "{}", done.err);
            assert!(done.err.contains(words), "{}", done.err);
            assert!(done.out.contains("Event: Ring"), "{}", done.out);
            assert!(!done.out.contains("Forged"), "{}", done.out);
        }
    }
}

// The same messages for real servers, whether they end properly or not.
#[test]
fn real_servers_end_as_the_tests_say() {
    for (server, end) in spawnable(&["tls"]).iter().zip(["stop", "kill"]) {
        let own = spawn(&server.name);
        let cacert = certificate(&own.name);
        let args = format!("--tls --cacert {}", cacert.display());
        let stream = format!("{args} -e=user --no-reconnect");
        let (mut child, _home) = amish_at(own.secured, "admin", "secret", &stream).spawn();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let ring = "UserEvent UserEvent=Ring";
        let mut line = String::new();
        std::thread::scope(|scope| {
            // Until the stream has begun.
            scope.spawn(|| {
                let rings = format!("{ring}\nsleep 0.1\n").repeat(20);
                let _ = amish_at(own.secured, "admin", "secret", &args)
                    .input(rings)
                    .run();
            });
            out.read_line(&mut line).unwrap();
        });
        assert_eq!(line, "Event: UserEvent\n");
        own.ctl(end);
        let mut said = String::new();
        let rest = std::io::read_to_string(out).unwrap();
        let mut err = child.stderr.take().unwrap();
        err.read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(6), "{end}: {said}{rest}");
        assert!(
            said.contains("the server closed the connection"),
            "{end}: {said}"
        );
    }
}
