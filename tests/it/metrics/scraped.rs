//! An exporter, what it serves, and the figures in that.

use crate::program::{Amish, amish, finish, signal};
use crate::support::{BOUND, skipped};
use nix::sys::signal::Signal;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use tempfile::TempDir;

/// An address that nobody listens on.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// amish that serves the metrics of a fleet. Killed when dropped.
pub struct Exporter {
    pub child: Child,
    err: BufReader<ChildStderr>,
    pub address: SocketAddr,
    /// What it said before it listened.
    said: String,
    _home: TempDir,
}

impl Exporter {
    /// For these PBXs: each with its name, and its user, who is the secret as well.
    pub fn start(fleet: &[(&str, SocketAddr, &str)], args: &[&str]) -> Exporter {
        let profile = |(name, address, user): &(&str, SocketAddr, &str)| {
            format!(
                "[profile.{name}]\ntarget = \"{address}\"\nuser = \"{user}\"\nsecret = \"{user}\"\n"
            )
        };
        let config: String = fleet.iter().map(profile).collect();
        let program = amish("@all metrics --listen 127.0.0.1:0").file("config.toml", config);
        let path = program.home().join("config.toml").display().to_string();
        let program = program.env("AMISH_CONFIG", &path);
        Exporter::of(args.iter().fold(program, |program, arg| program.arg(arg)))
    }

    pub fn of(program: Amish) -> Exporter {
        let (mut child, home) = program.spawn();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let before = said.len();
            assert_ne!(err.read_line(&mut said).unwrap(), 0, "it ended: {said}");
            if let Some((_, address)) = said[before..].split_once("at http://") {
                break address.split('/').next().unwrap().parse().unwrap();
            }
        };
        Exporter {
            child,
            err,
            address,
            said,
            _home: home,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(BOUND)).unwrap();
        stream
    }

    /// The whole answer to these bytes.
    pub fn ask(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // It may be refused before it was read.
        let _ = stream.write_all(request.as_ref());
        answer(&mut stream)
    }

    pub fn scrape(&self) -> Figures {
        let answer = self.ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        Figures::of(body)
    }

    /// Ends it, and returns what it said.
    pub fn end(&mut self) -> String {
        signal(&self.child, Signal::SIGTERM);
        assert_eq!(self.child.wait().unwrap().code(), Some(143));
        let mut said = std::mem::take(&mut self.said);
        self.err.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that comes on `stream` until its end.
pub fn answer(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
        _ => String::from_utf8(all).unwrap(),
    }
}

/// Figures by their names, with labels.
#[derive(Debug)]
pub struct Figures(HashMap<String, f64>);

impl Figures {
    pub fn of(text: &str) -> Figures {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let figure = |line: &str| {
            let (name, figure) = line.rsplit_once(' ').expect("a figure");
            (name.to_owned(), figure.parse().expect("a number"))
        };
        let mut all = HashMap::new();
        for (name, figure) in lines.map(figure) {
            assert_eq!(
                all.insert(name.clone(), figure),
                None,
                "{name} is there twice"
            );
        }
        Figures(all)
    }

    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// The figure of this PBX that has no other label.
    pub fn of_pbx(&self, name: &str, pbx: &str) -> Option<f64> {
        self.get(&format!("amish_{name}{{pbx=\"{pbx}\"}}"))
    }
}

/// Has promtool, of the Debian package prometheus, read `text`.
pub fn judged_by_promtool(text: &str) {
    let mut promtool = Command::new("promtool");
    let piped = promtool.stdin(Stdio::piped()).stdout(Stdio::piped());
    let child = piped
        .stderr(Stdio::piped())
        .args(["check", "metrics"])
        .spawn();
    match child {
        Ok(child) => {
            let done = finish(child, text.as_bytes());
            assert_eq!((done.code, &done.err[..]), (0, ""), "{done:?}\n{text}");
        }
        Err(error) if error.kind() == ErrorKind::NotFound => skipped("promtool is not here"),
        Err(error) => panic!("{error}"),
    }
}
