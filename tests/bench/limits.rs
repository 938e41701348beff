//! Limit programs: the least that does the same work, each a process of its
//! own, which is this program with the name of one as its first argument.
//!
//! They trust the server, know no times and end as soon as they have seen
//! what was announced to them: nothing that does all of amish's work needs to
//! be faster.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

/// How much is read and written at once.
const BUFFER: usize = 64 * 1024;

/// A limit program, to be started.
pub fn limit(name: &str, place: &str, count: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env_clear()
        .args([name, place, &count.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// Whether these arguments are those of a limit program; then it has run.
pub fn run(arguments: &[String]) -> bool {
    let [_, name, place, count] = arguments else {
        return false;
    };
    let work: fn(&mut BufReader<TcpStream>, usize) = match name.as_str() {
        "--limit-json" => |server, count| {
            events(server);
            json(server, count);
        },
        "--limit-raw" => |server, count| {
            events(server);
            raw(server, count);
        },
        "--limit-pings" => pings,
        "--limit-decode" => {
            json(&mut open(place), count.parse().unwrap());
            return true;
        }
        _ => return false,
    };
    let mut server = log_in(place);
    work(&mut server, count.parse().unwrap());
    // As amish does, and only then is its peak memory read.
    act(&mut server, "Logoff", "");
    skip_packet(&mut server);
    true
}

/// Without the buffer of [`std::io::Stdout`], which looks for lines.
fn stdout() -> File {
    File::from(std::io::stdout().as_fd().try_clone_to_owned().unwrap())
}

fn open(file: &str) -> BufReader<File> {
    BufReader::with_capacity(BUFFER, File::open(file).unwrap())
}

/// Logged in, plainly and without a challenge.
fn log_in(address: &str) -> BufReader<TcpStream> {
    let address: SocketAddr = address.parse().unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::with_capacity(BUFFER, stream);
    act(&mut reader, "Login", "Username: x\r\nSecret: x\r\n");
    // The banner is a line of this packet.
    skip_packet(&mut reader);
    reader
}

fn act(reader: &mut BufReader<TcpStream>, action: &str, keys: &str) {
    let packet = format!("Action: {action}\r\nActionID: 1\r\n{keys}\r\n");
    reader.get_mut().write_all(packet.as_bytes()).unwrap();
}

fn skip_packet(reader: &mut impl BufRead) {
    let mut line = Vec::new();
    while line != b"\r\n" {
        line.clear();
        assert!(reader.read_until(b'\n', &mut line).unwrap() > 0);
    }
}

/// Events will follow.
fn events(server: &mut BufReader<TcpStream>) {
    act(server, "Events", "EventMask: on\r\n");
    skip_packet(server);
}

/// A naive writer of NDJSON: a line read, split at its colon and written.
fn json(from: &mut impl BufRead, count: usize) {
    let mut out = BufWriter::with_capacity(BUFFER, stdout());
    let mut line = Vec::new();
    for _ in 0..count {
        let mut before: &[u8] = b"{\"";
        loop {
            line.clear();
            from.read_until(b'\n', &mut line).unwrap();
            let text = line.strip_suffix(b"\r\n").expect("a whole line");
            if text.is_empty() {
                break;
            }
            let colon = text.iter().position(|byte| *byte == b':').expect("a colon");
            let value = &text[colon + 1..];
            out.write_all(before).unwrap();
            escaped(&mut out, &text[..colon]);
            out.write_all(b"\":\"").unwrap();
            escaped(&mut out, value.strip_prefix(b" ").unwrap_or(value));
            before = b"\",\"";
        }
        out.write_all(b"\"}\n").unwrap();
    }
    out.flush().unwrap();
}

fn escaped(out: &mut impl Write, text: &[u8]) {
    let mut begun = 0;
    for (at, byte) in text.iter().enumerate() {
        if matches!(byte, b'"' | b'\\' | ..0x20) {
            out.write_all(&text[begun..at]).unwrap();
            write!(out, "\\u{byte:04x}").unwrap();
            begun = at + 1;
        }
    }
    out.write_all(&text[begun..]).unwrap();
}

/// A copier of so many bytes.
fn raw(from: &mut BufReader<TcpStream>, mut count: usize) {
    let mut out = stdout();
    while count > 0 {
        let bytes = from.fill_buf().unwrap();
        assert!(!bytes.is_empty(), "the server ended {count} bytes early");
        out.write_all(bytes).unwrap();
        let length = bytes.len();
        from.consume(length);
        count -= length;
    }
}

/// A client on one thread that sends a Ping when the one before was answered.
fn pings(server: &mut BufReader<TcpStream>, count: usize) {
    let mut out = stdout();
    let mut reply = Vec::new();
    for _ in 0..count {
        act(server, "Ping", "");
        reply.clear();
        while !reply.ends_with(b"\r\n\r\n") {
            let read = server.read_until(b'\n', &mut reply).unwrap();
            assert!(read > 0, "the server ended early");
        }
        out.write_all(&reply).unwrap();
    }
}
