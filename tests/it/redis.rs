//! A real redis-server on a free port, in a folder of its own, which a test can
//! kill and start again: what it has acknowledged is on its disk.

use crate::support::{skipped, until};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The server. It ends with the test.
pub struct Redis {
    port: u16,
    args: Vec<String>,
    folder: TempDir,
    child: Option<Child>,
}

/// An entry of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub subject: String,
    pub id: String,
    pub json: String,
}

impl Redis {
    /// Starts one with `args` besides what keeps everything. None: this machine
    /// has none, which is said.
    pub fn start(args: &str) -> Option<Redis> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut redis = Redis {
            port: listener.local_addr().unwrap().port(),
            args: args.split_whitespace().map(str::to_owned).collect(),
            folder: TempDir::new().unwrap(),
            child: None,
        };
        drop(listener);
        redis.begin().then_some(redis)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it again, with what it had.
    pub fn again(&mut self) {
        assert!(self.begin());
    }

    fn begin(&mut self) -> bool {
        let started = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--appendonly", "yes", "--appendfsync", "always"])
            .args(["--save", "", "--dir"])
            .arg(self.folder.path())
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        match started {
            Err(why) if why.kind() == ErrorKind::NotFound => {
                skipped("there is no redis-server");
                return false;
            }
            started => self.child = Some(started.unwrap()),
        }
        until("redis-server answers", || {
            let answer = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
                let mut answer = [0; 1];
                stream.write_all(b"PING\r\n")?;
                stream.read_exact(&mut answer)?;
                let mut rest = [0; 60];
                let count = stream.read(&mut rest)?;
                Ok(!rest[..count].starts_with(b"LOADING"))
            });
            answer.unwrap_or(false)
        });
        true
    }

    /// SIGKILL: it has no time to save anything.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// What redis-cli prints for a command.
    pub fn cli(&self, args: &[&str]) -> String {
        let done = Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(args)
            .output()
            .expect("redis-cli comes with redis-server");
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// All entries of a stream, oldest first.
    pub fn entries(&self, key: &str) -> Vec<Entry> {
        let printed = self.cli(&["XRANGE", key, "-", "+"]);
        let lines: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).collect();
        let entry = |lines: &[&str]| {
            assert_eq!([lines[1], lines[3], lines[5]], ["subject", "id", "json"]);
            Entry {
                subject: lines[2].to_owned(),
                id: lines[4].to_owned(),
                json: lines[6].to_owned(),
            }
        };
        lines.chunks(7).map(entry).collect()
    }

    /// How many entries a stream has.
    pub fn count(&self, key: &str) -> usize {
        self.cli(&["XLEN", key]).trim().parse().unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
