//! Connecting and logging in: a single attempt, a secret that is never visible,
//! and a specific message for each kind of server that does not speak AMI.

use crate::program::{AMISH, Done, amish, amish_at};
use crate::servers::{real_servers, real_servers_with, servers, simulator, simulator_with};
use crate::support::{knows_localhost, own_address};
use amish::simulator::{Config, Version};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A server that does not speak AMI: sends `greet` on each connection and then
/// passes it to `talk`, until the test ends.
fn stranger(
    greet: &'static [u8],
    talk: impl Fn(TcpStream) + Send + Sync + Clone + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let talk = talk.clone();
            std::thread::spawn(move || {
                let mut stream = stream;
                if stream.write_all(greet).is_ok() {
                    talk(stream);
                }
            });
        }
    });
    address
}

/// Keeps the connection and sends nothing.
fn silent(mut stream: TcpStream) {
    while matches!(stream.read(&mut [0; 64]), Ok(1..)) {}
}

fn ping(address: SocketAddr) -> Done {
    amish_at(address, "x", "pa55word", "--connect-timeout 1.5 Ping").run()
}

/// Answers a request that begins with `start`, and no other.
fn answering(
    start: &'static [u8],
    answer: &'static [u8],
) -> impl Fn(TcpStream) + Send + Sync + Clone + 'static {
    move |mut stream: TcpStream| {
        let mut asked = [0; 512];
        if matches!(stream.read(&mut asked), Ok(1..)) && asked.starts_with(start) {
            let _ = stream.write_all(answer);
        }
    }
}

// A user who mistypes the port must learn it from the message, within the time
// limit.
#[test]
fn what_is_not_ami_is_named_within_the_time() {
    let http = answering(b"GET", b"HTTP/1.1 400 Bad Request\r\n\r\n");
    // An alert: handshake failure.
    let tls = answering(&[0x16, 3], &[0x15, 3, 3, 0, 2, 2, 40]);
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for (address, words) in [
        (
            stranger(b"SSH-2.0-OpenSSH_9.2p1\r\n", silent),
            "an SSH server",
        ),
        (
            stranger(b"220 mail ESMTP\r\n", silent),
            "a mail server (SMTP)",
        ),
        // A version behind a slash is not enough for AMI.
        (
            stranger(b"220 x ESMTP Sendmail 8.14.4/8.14.4; today\r\n", silent),
            "a mail server (SMTP)",
        ),
        (stranger(b"220 (vsFTPd 3.0.3)\r\n", silent), "an FTP server"),
        (stranger(b"RFB 003.008\n", silent), "a VNC server"),
        (
            stranger(b"\xff\xfd\x18\xff\xfd\x20", silent),
            "a telnet server",
        ),
        (
            stranger(b"Content-Type: auth/request\n\n", silent),
            "FreeSWITCH's event socket",
        ),
        (
            stranger(b"\x4a\0\0\0\n8.0.36\0\x08\0\0\0", silent),
            "a MySQL or MariaDB server",
        ),
        (
            stranger(b"\x45\0\0\0\xff\x6a\x04Host 'x' is not allowed", silent),
            "a MySQL or MariaDB server",
        ),
        (stranger(b"hello\r\n", silent), "it greets with \"hello\""),
        (stranger(b"", http), "an HTTP server"),
        (
            stranger(
                b"",
                answering(
                    b"GET",
                    b"HTTP/1.1 404 Not Found\r\nServer: Asterisk/22.1.0\r\n\r\n",
                ),
            ),
            "Asterisk's HTTP server, for ARI",
        ),
        (
            stranger(
                b"",
                answering(
                    b"GET",
                    b"-ERR wrong number of arguments for 'get' command\r\n",
                ),
            ),
            "a Redis server",
        ),
        (
            stranger(b"", answering(&[0, 0, 0, 8, 4, 210, 22, 47], b"N")),
            "a PostgreSQL server",
        ),
        (stranger(b"", tls), "waits for TLS"),
        (stranger(b"", silent), "says nothing"),
        (stranger(b"", drop), "closed it without a word"),
        (closed, "connection refused"),
    ] {
        let done = ping(address);
        assert_eq!(done.code, 5, "{words}: {}", done.err);
        assert!(done.err.contains(words), "{words}: {}", done.err);
        assert!(
            done.took < Duration::from_secs(10),
            "{words}: {:?}",
            done.took
        );
    }
}

// SIP and FastAGI speak only when they are spoken to in their own words: what is
// left is what the port is for.
#[test]
#[cfg(target_os = "linux")]
fn a_silent_port_is_named_by_what_it_is_for() {
    for (port, words) in [
        (5060, "by convention port 5060 is for SIP"),
        (4573, "by convention port 4573 is for FastAGI"),
    ] {
        let listener = TcpListener::bind((own_address(), port)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let streams = listener.incoming().map_while(Result::ok);
            let _open: Vec<TcpStream> = streams.collect();
        });
        let done = ping(address);
        assert_eq!(done.code, 5, "{words}: {}", done.err);
        assert!(done.err.contains("says nothing"), "{}", done.err);
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
}

// The same with real servers.
#[test]
fn ports_of_real_asterisk_are_told_apart() {
    for server in real_servers_with(&["tls"]) {
        let done = ping(server.secured.unwrap());
        assert!(
            done.code == 5 && done.err.contains("waits for TLS") && done.err.contains("amis://"),
            "{}",
            done.err
        );
    }
}

// A second try with a wrong secret locks users out where fail2ban is used.
#[test]
fn a_refused_login_is_tried_once() {
    let simulator = simulator();
    let run = amish_at(simulator.addr(), "demo", "pa55word", "Ping");
    let done = run.run();
    assert_eq!(done.code, 4, "{}", done.err);
    let logins = simulator
        .received()
        .join("\n")
        .matches("Action: Login")
        .count();
    assert_eq!(logins, 1);
    let at = |text: &str| {
        done.err
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {}", done.err))
    };
    let causes = [
        at("user or the secret"),
        at("permit="),
        at("manager reload"),
    ];
    assert!(causes.is_sorted(), "the likely causes, in order");
    assert!(!done.err.contains("pa55word"));
    for server in real_servers() {
        let done = amish_at(server.address, "admin", "pa55word", "Ping").run();
        assert_eq!(done.code, 4, "{}: {}", server.name, done.err);
        let done = amish_at(server.address, "elsewhere", "elsewhere", "Ping").run();
        assert_eq!(done.code, 4, "an address that is denied: {}", done.err);
    }
}

// The MD5 challenge keeps the secret off the wire.
#[test]
fn the_secret_does_not_cross_the_wire() {
    for version in [Version::V22, Version::V18] {
        let config = Config {
            version,
            ..Config::default()
        };
        let simulator = simulator_with(config);
        let done = amish_at(simulator.addr(), "demo", "demo", "-v Ping").run();
        assert_eq!(done.code, 0, "{}", done.err);
        let sent = simulator.received().join("\n");
        assert!(
            sent.contains("AuthType: MD5") && !sent.contains("Secret"),
            "{sent}"
        );
        assert!(
            done.err.contains("Authentication accepted"),
            "-v shows it: {}",
            done.err
        );
        assert!(
            !done.out.contains("Authentication"),
            "and not among the replies"
        );
    }
}

// Each documented source of user and secret.
#[test]
fn user_and_secret_come_from_where_the_contract_says() {
    for server in servers() {
        let (user, secret, address) = (server.user, server.secret, server.address);
        let runs = [
            amish(&format!("-u {user} {address} Ping")).env("AMISH_SECRET", secret),
            amish(&format!("{user}@{address} Ping")).env("AMISH_SECRET", secret),
            amish(&format!("ami://{user}@{address} Ping")).env("AMISH_SECRET", secret),
            amish(&format!("{address} Ping"))
                .env("AMISH_SECRET", secret)
                .env("AMISH_USER", user),
            amish(&format!("{user}@{address} Ping --secret-file s"))
                .file("s", format!("{secret}\n")),
            amish(&format!("{user}@{address} Ping"))
                .file("s", secret)
                .env("AMISH_SECRET_FILE", "s"),
            amish("-c Ping")
                .env("AMISH_TARGET", &format!("{user}@{address}"))
                .env("AMISH_SECRET", secret),
            // The command line precedes the environment.
            amish(&format!("-u {user} x@{address} Ping --secret-file s"))
                .file("s", secret)
                .env("AMISH_SECRET", "wrong")
                .env("AMISH_USER", "wrong"),
        ];
        for (i, run) in runs.into_iter().enumerate() {
            let done = run.run();
            assert_eq!(done.code, 0, "{} way {i}: {}", server.name, done.err);
        }
    }
}

// If nobody can be asked, the message lists the alternatives, and nothing is
// sent.
#[test]
fn nobody_to_ask_is_a_usage_error() {
    let simulator = simulator();
    for args in [
        format!("{}", simulator.addr()),
        format!("x@{}", simulator.addr()),
    ] {
        // setsid: no terminal device either.
        let done = amish(&format!("{args} Ping")).without_terminal().run();
        assert_eq!(done.code, 2, "{}", done.err);
        assert!(done.err.contains("AMISH_"), "{}", done.err);
    }
    let done = amish(&format!("ami://x:pa55word@{} Ping", simulator.addr())).run();
    assert!(
        done.code == 2 && !done.err.contains("pa55word"),
        "{}",
        done.err
    );
    assert!(simulator.received().is_empty());
}

// Every address of a name is tried: on many machines localhost is ::1 first,
// and Asterisk often listens on 127.0.0.1 only.
#[test]
fn every_address_of_a_name_is_tried() {
    let simulator = simulator();
    let port = simulator.addr().port();
    if knows_localhost() {
        let run = amish(&format!("demo@localhost:{port} Ping")).env("AMISH_SECRET", "demo");
        let done = run.run();
        assert_eq!(done.code, 0, "{}", done.err);
    }
    let done = amish("demo@name.invalid --connect-timeout 3 Ping")
        .env("AMISH_SECRET", "x")
        .run();
    assert_eq!(done.code, 5, "{}", done.err);
    assert!(
        done.err.contains("cannot resolve name.invalid"),
        "{}",
        done.err
    );
}

// A server without the challenge gets the secret in clear on loopback only, and
// there without asking.
#[test]
fn a_login_in_clear_is_for_loopback() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"Asterisk Call Manager/1.0\r\n").unwrap();
        let mut seen = String::new();
        let mut chunk = [0; 512];
        while !seen.contains("Logoff") {
            let count = stream.read(&mut chunk).unwrap();
            let text = String::from_utf8_lossy(&chunk[..count]).into_owned();
            let id = text
                .lines()
                .find(|l| l.starts_with("ActionID"))
                .unwrap_or_default();
            let status = match text.contains("Challenge") {
                true => "Error\r\nMessage: Must specify AuthType",
                false => "Success\r\nMessage: ok",
            };
            let answer = format!("Response: {status}\r\n{id}\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            seen.push_str(&text);
        }
        seen
    });
    let done = amish_at(address, "x", "pa55word", "Ping").run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(server.join().unwrap().contains("Secret: pa55word"));
}

// Otherwise users would look for the fault on the server, in vain.
#[test]
fn what_this_machine_has_no_more_of_is_not_blamed_on_the_server() {
    let simulator = simulator();
    let mut blamed = 0;
    for descriptors in 4..=9 {
        for trace in ["", "--trace trace "] {
            let args = format!("-u demo {} {trace}Ping", simulator.addr());
            let limit = format!("ulimit -n {descriptors}; exec {AMISH} {args}");
            let done = amish("")
                .env("AMISH_SECRET", "demo")
                .through_sh(&limit)
                .run();
            assert!(matches!(done.code, 0 | 1), "{descriptors}: {done:?}");
            if done.code == 1 {
                assert!(done.err.contains("Too many open files"), "{done:?}");
                blamed += usize::from(done.err.contains("a socket: Too many"));
            }
        }
    }
    assert!(blamed > 1, "a socket was never the first to fail");
}
