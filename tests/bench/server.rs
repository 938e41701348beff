//! A server that does nothing but answer and flood: what is measured against
//! it is the client.

use crate::measured::peak_of;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// So many packets are written at once.
const BATCH: usize = 256;

/// What to send, and when.
pub enum Flood {
    /// So many of one event after the Events action.
    Events(Vec<u8>, usize),
    /// A list of so many items for CoreShowChannels.
    List(usize),
    /// Nothing.
    None,
}

/// A server of one connection, on a thread of its own. After a flood it waits
/// for the client to close.
pub struct Server {
    pub address: SocketAddr,
    /// When the flood began, then when all of it was sent.
    pub flood: Receiver<Instant>,
    watched: Option<Sender<u32>>,
    thread: JoinHandle<Peaks>,
}

/// The peak memory of the client, in MB.
#[derive(Clone, Copy, Default)]
pub struct Peaks {
    /// Before its first Action was answered.
    pub first: f64,
    /// Before its last one was: for amish that is Logoff, the last thing it
    /// does.
    pub last: f64,
}

impl Server {
    /// Tells who the client is; a server that watches waits for it.
    pub fn client(&mut self, pid: u32) {
        if let Some(watched) = self.watched.take() {
            watched.send(pid).expect("the server waits");
        }
    }

    /// Waits for the end of the conversation.
    pub fn end(self) -> Peaks {
        self.thread.join().expect("no panic")
    }
}

/// A server that reads the memory of its client before each answer, which
/// makes the answer later.
pub fn watching(flood: Flood) -> Server {
    let (watched, client) = channel();
    start(flood, Some(watched), client)
}

/// A server that only answers.
pub fn serve(flood: Flood) -> Server {
    start(flood, None, channel().1)
}

fn start(flood: Flood, watched: Option<Sender<u32>>, client: Receiver<u32>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (progress, times) = channel();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut peaks = Peaks::default();
        // The client may close first.
        let _ = converse(stream, &flood, &progress, &client, &mut peaks);
        peaks
    });
    Server {
        address,
        flood: times,
        watched,
        thread,
    }
}

fn converse(
    mut stream: TcpStream,
    flood: &Flood,
    progress: &Sender<Instant>,
    client: &Receiver<u32>,
    peaks: &mut Peaks,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"Asterisk Call Manager/11.0.0\r\n")?;
    let client = client.recv().ok();
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut action, mut id, mut line) = (String::new(), String::new(), String::new());
    let mut answer = Vec::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let text = line.trim_end();
        if let Some(name) = text.strip_prefix("Action: ") {
            action = name.to_ascii_lowercase();
        } else if let Some(own) = text.strip_prefix("ActionID: ") {
            id = own.to_owned();
        } else if text.is_empty() {
            if let Some(peak) = client.and_then(peak_of) {
                peaks.last = peak;
                if peaks.first == 0.0 {
                    peaks.first = peak;
                }
            }
            answer.clear();
            reply(&mut answer, &action, &id)?;
            stream.write_all(&answer)?;
            match (action.as_str(), flood) {
                ("events", Flood::Events(event, count)) => {
                    send(&mut stream, event, *count, progress)?;
                }
                ("coreshowchannels", Flood::List(count)) => {
                    send(&mut stream, &item(&id), *count, progress)?;
                    write!(
                        stream,
                        "Event: CoreShowChannelsComplete\r\nActionID: {id}\r\nEventList: Complete\r\nListItems: {count}\r\n\r\n"
                    )?;
                }
                ("logoff", _) => return Ok(()),
                _ => {}
            }
        }
    }
}

fn send(
    stream: &mut TcpStream,
    packet: &[u8],
    count: usize,
    progress: &Sender<Instant>,
) -> std::io::Result<()> {
    // Nobody may be interested.
    let _ = progress.send(Instant::now());
    let batch = packet.repeat(BATCH);
    for _ in 0..count / BATCH {
        stream.write_all(&batch)?;
    }
    stream.write_all(&batch[..count % BATCH * packet.len()])?;
    let _ = progress.send(Instant::now());
    Ok(())
}

/// Small, as a million of larger ones are more than amish gathers of one answer.
fn item(id: &str) -> Vec<u8> {
    format!("Event: CoreShowChannel\r\nActionID: {id}\r\nChannel: SIP/1\r\n\r\n").into_bytes()
}

fn reply(out: &mut Vec<u8>, action: &str, id: &str) -> std::io::Result<()> {
    match action {
        "challenge" => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nChallenge: 12345\r\n\r\n"
        ),
        "ping" => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nPing: Pong\r\nTimestamp: 1795385794.454745\r\n\r\n"
        ),
        "logoff" => write!(
            out,
            "Response: Goodbye\r\nActionID: {id}\r\nMessage: Thanks for all the fish.\r\n\r\n"
        ),
        "coreshowchannels" => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nEventList: start\r\nMessage: Channels will follow\r\n\r\n"
        ),
        _ => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nMessage: ok\r\n\r\n"
        ),
    }
}
