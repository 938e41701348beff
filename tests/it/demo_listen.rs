//! `--demo-listen`: a server that anybody may try to overload.

use crate::process::Sample;
use crate::program::{AMISH, Amish, Done, amish, amish_at, signal};
use crate::support::{BOUND, until};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The built-in PBX in its own process. Killed when dropped.
struct Listening {
    child: Child,
    err: BufReader<ChildStderr>,
    /// Its first line of output.
    said: String,
    address: SocketAddr,
    _home: Option<TempDir>,
}

impl Listening {
    fn start(program: Amish) -> Listening {
        let (child, home) = program.spawn();
        Listening::read(child, Some(home))
    }

    fn on_loopback() -> Listening {
        Listening::start(amish("--demo-listen 127.0.0.1:0"))
    }

    /// With this limit on descriptors.
    fn with_descriptors(limit: u32) -> Listening {
        let text = format!("ulimit -n {limit}; exec {AMISH} --demo-listen 127.0.0.1:0");
        let child = Command::new("sh")
            .args(["-c", &text])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Listening::read(child, None)
    }

    fn read(mut child: Child, home: Option<TempDir>) -> Listening {
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        err.read_line(&mut said).unwrap();
        let address = said.split_once("listens on ").unwrap().1;
        let address: SocketAddr = address.split(';').next().unwrap().parse().unwrap();
        Listening {
            child,
            err,
            address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
            said,
            _home: home,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(BOUND)).unwrap();
        stream
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.err.read_line(&mut line).unwrap();
        line
    }

    fn log_in(&self, user: &str, secret: &str) -> Done {
        amish_at(self.address, user, secret, "Ping").run()
    }

    fn sample(&self) -> Sample {
        Sample::of(self.child.id())
    }

    /// Waits until it has the threads and descriptors of `before` again.
    #[track_caller]
    fn settles_to(&self, before: Sample) {
        let of = |sample: Sample| (sample.threads, sample.descriptors);
        let missing = format!("it has never {before:?} again");
        until(&missing, || of(self.sample()) == of(before));
    }

    /// Ends it and returns the rest of its output.
    fn end(mut self) -> String {
        signal(&self.child, Signal::SIGTERM);
        assert_eq!(self.child.wait().unwrap().code(), Some(143));
        let mut rest = String::new();
        self.err.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The banner; empty if the connection is closed at once.
fn banner(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\n") && matches!(stream.read(&mut byte), Ok(1)) {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

// A burst of idle connections must not stop the service for later clients.
#[test]
fn a_server_without_descriptors_serves_again_once_it_has_some() {
    let mut server = Listening::with_descriptors(24);
    let idle: Vec<TcpStream> = (0..40).map(|_| server.connect()).collect();
    let said = server.line();
    assert!(
        said.contains("cannot accept connections: Too many open files"),
        "{said}"
    );
    drop(idle);
    let done = server.log_in("demo", "demo");
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(server.end(), "", "told once");
}

// The signal must not wait for a descriptor that is never freed.
#[test]
fn a_server_without_descriptors_can_be_ended() {
    let mut server = Listening::with_descriptors(24);
    let idle: Vec<TcpStream> = (0..40).map(|_| server.connect()).collect();
    server.line();
    assert_eq!(server.end(), "");
    drop(idle);
}

// A load balancer's health check connects and resets every second, for weeks.
#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_is_reset_leaves_no_thread_or_descriptor() {
    let server = Listening::on_loopback();
    assert_eq!(server.log_in("demo", "demo").code, 0);
    let before = server.sample();
    // It does not accept while stopped, so all of them are reset before it
    // does.
    signal(&server.child, Signal::SIGSTOP);
    for _ in 0..100 {
        let socket = socket2::Socket::from(server.connect());
        socket.set_linger(Some(Duration::ZERO)).unwrap();
    }
    signal(&server.child, Signal::SIGCONT);
    // Those that are reset count as logins in progress until it has seen it.
    until("no login any more", || {
        server.log_in("demo", "demo").code == 0
    });
    server.settles_to(before);
}

// Clients come and go in every way: after a goodbye, without one, and with
// answers unread.
#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_ends_leaves_no_thread_or_descriptor() {
    let server = Listening::on_loopback();
    assert_eq!(server.log_in("demo", "demo").code, 0);
    let before = server.sample();
    for request in [
        "",
        "Action: Logoff\r\n\r\n",
        "Action: Ping\r\n",
        "Action: Login\r\nUsername: demo\r\nSecret: demo\r\n\r\nAction: ListCommands\r\n\r\n",
        "Action: Login\r\nUsername: demo\r\nSecret: demo\r\n\r\nAction: WaitEvent\r\n\r\n",
        "Action: Login\r\nUsername: demo\r\nSecret: demo\r\n\r\nAction: Originate\r\nChannel: Local/100@default\r\n\
         Context: default\r\nExten: 100\r\nPriority: 1\r\n\r\n",
    ] {
        let mut stream = server.connect();
        assert!(banner(&mut stream).starts_with("Asterisk Call Manager/"));
        stream.write_all(request.as_bytes()).unwrap();
    }
    server.settles_to(before);
}

// As Asterisk does with `authlimit`: one client too many gets nothing, not even
// a banner.
#[test]
fn fifty_may_wait_for_their_login_and_no_more() {
    let server = Listening::on_loopback();
    let mut logged_in = server.connect();
    banner(&mut logged_in);
    let login = "Action: Login\r\nUsername: demo\r\nSecret: demo\r\nEvents: off\r\n\r\n";
    logged_in.write_all(login.as_bytes()).unwrap();
    assert_eq!(banner(&mut logged_in), "Response: Success\r\n");
    let mut waiting: Vec<TcpStream> = (0..50).map(|_| server.connect()).collect();
    for stream in &mut waiting {
        assert_eq!(banner(stream), "Asterisk Call Manager/11.0.0\r\n");
    }
    for _ in 0..10 {
        assert_eq!(banner(&mut server.connect()), "");
    }
    drop(waiting);
    until("places are never free again", || {
        !banner(&mut server.connect()).is_empty()
    });
}

// Anybody may send requests; refused ones must not be kept.
#[cfg(target_os = "linux")]
#[test]
fn requests_before_a_login_hold_no_memory() {
    const COUNT: usize = 500;
    let server = Listening::on_loopback();
    let mut stream = server.connect();
    banner(&mut stream);
    let before = server.sample();
    let line = format!("X: {}\r\n", "x".repeat(1000));
    let request = format!("Action: Ping\r\n{}\r\n", line.repeat(127));
    for _ in 0..COUNT {
        stream.write_all(request.as_bytes()).unwrap();
    }
    let mut refused = 0;
    let mut answers = BufReader::new(stream);
    while refused < COUNT {
        let mut line = String::new();
        assert_ne!(answers.read_line(&mut line).unwrap(), 0, "after {refused}");
        refused += usize::from(line == "Message: Permission denied\r\n");
    }
    let grown = server.sample().peak - before.rss;
    let sent = (COUNT * request.len() / 1024) as u64;
    assert!(grown < sent / 2, "{grown} KiB for {sent} KiB of requests");
}

// Documented passwords are public, so others must not be able to reach the port
// unnoticed.
#[test]
fn serving_more_than_loopback_warns_of_the_known_passwords() {
    let mut server = Listening::start(amish("--demo-listen 0.0.0.0:0"));
    let warning = server.line();
    for password in [
        "warning",
        "demo/demo",
        "readonly/readonly",
        "abcde123/abcde123",
        "--demo-secret-file",
    ] {
        assert!(warning.contains(password), "{warning}");
    }
    assert_eq!(server.log_in("demo", "demo").code, 0);
    assert_eq!(server.end(), "");
}

#[test]
fn a_secret_file_replaces_the_known_passwords() {
    let program = amish("--demo-listen 0.0.0.0:0 --demo-secret-file secret");
    let server = Listening::start(program.file("secret", "long and secret\nnot this\n"));
    for user in ["demo", "readonly", "abcde123"] {
        assert_eq!(server.log_in(user, user).code, 4, "{user}");
        assert_eq!(server.log_in(user, "long and secret").code, 0, "{user}");
        assert!(server.said.contains(user), "{}", server.said);
        assert!(
            !server.said.contains(&format!("{user}/")),
            "{}",
            server.said
        );
    }
    assert!(!server.said.contains("long"), "{}", server.said);
    assert_eq!(server.end(), "", "there is nothing to warn of");
    let done = amish("--demo-listen 127.0.0.1:0 --demo-secret-file nowhere").run();
    assert_eq!(done.code, 1, "{done:?}");
    let alone = amish("--demo-secret-file secret --demo").run();
    assert_eq!(alone.code, 2, "{alone:?}");
}
