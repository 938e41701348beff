//! A server that does nothing but answer and flood: what is measured against
//! it is the client.

use crate::event::event;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// What to send, and when.
pub enum Flood {
    /// So many events after the first Events action.
    Events(usize),
    /// A list of so many items for CoreShowChannels.
    List(usize),
    /// Nothing.
    None,
}

/// Serves one connection on a thread. After a flood it waits for the client
/// to close.
pub fn serve(flood: Flood) -> (std::net::SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // The client may close first.
        let _ = converse(stream, flood);
    });
    (address, thread)
}

fn converse(mut stream: TcpStream, flood: Flood) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"Asterisk Call Manager/11.0.0\r\n")?;
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
            answer.clear();
            reply(&mut answer, &action, &id, &flood)?;
            stream.write_all(&answer)?;
            if let (Flood::Events(count), "events") = (&flood, action.as_str()) {
                let chunk = event().repeat(256);
                for _ in 0..count.div_ceil(256) {
                    stream.write_all(&chunk)?;
                }
            }
            if action == "logoff" {
                return Ok(());
            }
        }
    }
}

fn reply(out: &mut Vec<u8>, action: &str, id: &str, flood: &Flood) -> std::io::Result<()> {
    match (action, flood) {
        ("challenge", _) => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nChallenge: 12345\r\n\r\n"
        ),
        ("ping", _) => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nPing: Pong\r\nTimestamp: 1795385794.454745\r\n\r\n"
        ),
        ("logoff", _) => write!(
            out,
            "Response: Goodbye\r\nActionID: {id}\r\nMessage: Thanks for all the fish.\r\n\r\n"
        ),
        ("coreshowchannels", Flood::List(count)) => {
            write!(
                out,
                "Response: Success\r\nActionID: {id}\r\nEventList: start\r\nMessage: Channels will follow\r\n\r\n"
            )?;
            let item = String::from_utf8_lossy(&event()).replacen(
                "Newexten\r\nPrivilege: dialplan,all",
                &format!("CoreShowChannel\r\nActionID: {id}"),
                1,
            );
            for _ in 0..*count {
                out.write_all(item.as_bytes())?;
            }
            write!(
                out,
                "Event: CoreShowChannelsComplete\r\nActionID: {id}\r\nEventList: Complete\r\nListItems: {count}\r\n\r\n"
            )
        }
        _ => write!(
            out,
            "Response: Success\r\nActionID: {id}\r\nMessage: ok\r\n\r\n"
        ),
    }
}
