//! A server of another version, played from what one was recorded to send: in
//! the recorded order, and to whoever asks the recorded question.

use crate::program::{Done, amish};
use crate::pty::Pty;
use crate::scripted::{Conversation, Request, Scripted};
use crate::support::Watched;
use std::path::Path;
use std::sync::Arc;

/// What a server was asked, and said.
#[derive(Default)]
pub struct Replay {
    banner: String,
    exchanges: Vec<Exchange>,
    events: Vec<u8>,
}

#[derive(Default)]
struct Exchange {
    /// Its lines, without ActionID and Key, which differ each time.
    question: Vec<String>,
    id: String,
    answer: Vec<u8>,
}

/// A server that plays.
pub struct Replayed {
    server: Scripted,
    /// Every request, in order.
    pub heard: Arc<Watched<Vec<Request>>>,
}

impl Replay {
    /// From a trace in tests/transcripts: what was received up to the next
    /// question is the answer to the one before.
    pub fn of(name: &str) -> Replay {
        let trace = recorded(name);
        let mut replay = Replay::default();
        let mut rest = &trace[..];
        while let Some((line, behind)) = cut(rest, b"\n") {
            rest = behind;
            let line = std::str::from_utf8(line).expect("a line between records");
            let words: Vec<&str> = line.split(' ').collect();
            let bytes = match words[..] {
                ["---", _, "connected", ..] => {
                    let banner = line.split_once(": ").expect("a banner").1;
                    replay.banner = format!("{banner}\r\n");
                    continue;
                }
                ["---", _, "sent" | "received", bytes, "bytes"] => bytes,
                _ => continue,
            };
            let (record, behind) = rest.split_at(bytes.parse().expect("a length"));
            rest = behind;
            match words[2] {
                "sent" => replay.exchanges.push(Exchange::of(record)),
                _ => {
                    let last = replay.exchanges.last_mut().expect("a question before");
                    last.answer.extend_from_slice(record);
                }
            }
        }
        assert!(!replay.exchanges.is_empty(), "{name}");
        replay
    }

    /// With the answer to a further question, as the same server words it.
    pub fn and(mut self, question: &str, answer: &str) -> Replay {
        self.exchanges.push(Exchange {
            question: question.lines().map(str::to_owned).collect(),
            id: "$ID".to_owned(),
            answer: answer.replace('\n', "\r\n").into_bytes(),
        });
        self
    }

    /// With the output of a CLI command, in the form of up to 13.
    pub fn and_cli(self, command: &str, output: &str) -> Replay {
        let mut replay = self.and(&format!("Action: Command\nCommand: {command}"), "");
        let last = replay.exchanges.last_mut().expect("it");
        let head = "Response: Follows\r\nPrivilege: Command\r\nActionID: $ID\r\n";
        last.answer = format!("{head}{output}--END COMMAND--\r\n\r\n").into_bytes();
        replay
    }

    /// With the packets of a recorded stream, which come once events are on.
    pub fn and_events(mut self, name: &str) -> Replay {
        self.events = recorded(name);
        self
    }

    pub fn start(self) -> Replayed {
        let heard = Watched::new(Vec::new());
        let (all, replay) = (heard.clone(), self);
        let server = Scripted::start(move |conversation| replay.play(conversation, &all));
        Replayed { server, heard }
    }

    fn play(&self, conversation: &mut Conversation, heard: &Watched<Vec<Request>>) {
        let mut told = vec![false; self.exchanges.len()];
        conversation.send(&self.banner);
        while let Some(request) = conversation.hear() {
            heard.change(|all| all.push(request.clone()));
            let asked = without_ids(&request.lines);
            let fits: Vec<usize> = (0..told.len())
                .filter(|at| self.exchanges[*at].question == asked)
                .collect();
            // The last of the same questions is answered again and again.
            let next = fits.iter().find(|at| !told[**at]).or(fits.last());
            match next {
                Some(at) => {
                    told[*at] = true;
                    let one = &self.exchanges[*at];
                    let answer = replaced(&one.answer, &one.id, conversation.id());
                    conversation.send(answer);
                }
                None => self.otherwise(conversation, &request),
            }
            match request.get("Action") {
                Some("Logoff") => return,
                Some("Events") => conversation.send(&self.events),
                _ => {}
            }
        }
    }

    /// What was not recorded and every server says.
    fn otherwise(&self, conversation: &mut Conversation, request: &Request) {
        let is_1_4 = self.banner.ends_with("/1.0\r\n");
        match request.get("Action").unwrap_or_default() {
            "Login" => conversation.answer("Success", "Message: Authentication accepted"),
            "Logoff" => conversation.answer("Goodbye", "Message: Thanks for all the fish."),
            "Ping" if is_1_4 => conversation.answer("Pong", ""),
            "Ping" => conversation.answer("Success", "Ping: Pong"),
            "Events" if is_1_4 => conversation.answer("Events On", ""),
            "Events" => conversation.answer("Success", "Events: On"),
            "Command" => {
                let id = conversation.id().to_owned();
                conversation.send(format!(
                    "Response: Follows\r\nPrivilege: Command\r\nActionID: {id}\r\n\
                     No such command (type 'help' for help)\n--END COMMAND--\r\n\r\n"
                ));
            }
            _ => conversation.answer("Error", "Message: Invalid/unknown command"),
        }
    }
}

impl Exchange {
    fn of(record: &[u8]) -> Exchange {
        let text = String::from_utf8_lossy(record);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let lines = Request { lines };
        Exchange {
            id: lines.get("ActionID").unwrap_or_default().to_owned(),
            question: without_ids(&lines.lines),
            ..Exchange::default()
        }
    }
}

impl Replayed {
    /// The program run against it, as `user`.
    pub fn run(&self, user: &str, args: &[&str]) -> Done {
        let target = format!("-u {user} {}", self.server.target());
        let program = amish(&target).env("AMISH_SECRET", "secret");
        args.iter()
            .fold(program, |program, arg| program.arg(arg))
            .run()
    }

    /// The shell on it.
    pub fn shell(&self, user: &str) -> Pty {
        let env = [("AMISH_SECRET", "secret"), ("AMISH_USER", user)];
        let target = self.server.target();
        let pty = Pty::spawn(&["--no-pager", "-o", "packet", &target], &env, 120, 50);
        pty.wait_typed(&format!("{user}@{target}> "));
        pty
    }

    /// Waits until it was asked this.
    pub fn wait_asked(&self, line: &str) {
        let is_it = |request: &Request| request.lines.iter().any(|one| one == line);
        let found = self.heard.wait(crate::support::BOUND, |all| {
            all.iter().any(is_it).then_some(())
        });
        assert!(found.is_some(), "{line}: {:?}", self.heard.look());
    }
}

fn recorded(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    std::fs::read(root.join(name)).expect(name)
}

fn without_ids(lines: &[String]) -> Vec<String> {
    let differs = |line: &&String| !line.starts_with("ActionID: ") && !line.starts_with("Key: ");
    let lines = lines.iter().filter(|line| !line.is_empty());
    lines.filter(differs).cloned().collect()
}

fn cut<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(at.len()).position(|part| part == at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), bytes);
    while let Some((before, behind)) = cut(rest, old.as_bytes()).filter(|_| !old.is_empty()) {
        out.extend_from_slice(before);
        out.extend_from_slice(new.as_bytes());
        rest = behind;
    }
    out.extend_from_slice(rest);
    out
}

// What it plays is what was recorded, in that order.
#[test]
fn a_stream_is_played_as_it_was_recorded() {
    let replay = Replay::of("asterisk-1.6.2/doctor.trace");
    let server = replay.and_events("asterisk-1.8/busy.raw").start();
    let recorded = String::from_utf8(recorded("asterisk-1.8/busy.raw")).unwrap();
    let is_event = |line: &&str| line.starts_with("Event: ");
    let count = recorded.lines().filter(is_event).count().to_string();
    let done = server.run("abcde123", &["-e", "--count", &count, "-o", "raw"]);
    assert_eq!((done.code, done.out), (0, recorded), "{}", done.err);
}
