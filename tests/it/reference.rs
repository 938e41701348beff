//! A second reader of the wire, to compare ours with: line by line, the whole
//! at once, as one would write it down from the description of the protocol.
//! Slow, and on purpose without a thought in common with the real one.

use amish::ami::{Kind, Packet};

/// A packet in plain text, for comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    pub kind: Kind,
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub stray: Vec<Vec<u8>>,
    pub body: Option<Vec<u8>>,
    /// Of what is neither Response nor Event, as it came.
    pub lines: Vec<Vec<u8>>,
}

/// What a stream of bytes holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Stream {
    pub banner: Option<Vec<u8>>,
    pub packets: Vec<Plain>,
    /// Does it end inside the text of a `Response: Follows`? Then nothing but
    /// the end marker of it can begin another packet.
    pub inside_follows: bool,
}

/// As the framer sees it, said in the same way.
pub fn plain(packet: &Packet) -> Plain {
    Plain {
        kind: packet.kind(),
        headers: packet
            .headers()
            .map(|header| (header.key.to_vec(), header.value.to_vec()))
            .collect(),
        stray: packet.stray_lines().map(<[u8]>::to_vec).collect(),
        body: packet.body().map(<[u8]>::to_vec),
        lines: match packet.kind() {
            Kind::Unframed => packet.lines().map(<[u8]>::to_vec).collect(),
            _ => Vec::new(),
        },
    }
}

/// Reads a whole connection.
pub fn read(bytes: &[u8]) -> Stream {
    let mut stream = Stream {
        banner: None,
        packets: Vec::new(),
        inside_follows: false,
    };
    let mut rest;
    // The only line that may end in LF alone.
    match position(bytes, b"\n") {
        Some(end) => {
            let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
            stream.banner = Some(line[..line.len().min(1024)].to_vec());
            rest = &bytes[end + 1..];
        }
        None => {
            let cut = (bytes.len() > 1024).then(|| bytes[..1024].to_vec());
            stream.banner = cut;
            return stream;
        }
    }
    let modern = is_modern(stream.banner.as_deref().unwrap_or_default());
    loop {
        let before = rest;
        let Some(first) = take_line(&mut rest) else {
            return stream;
        };
        if first.is_empty() {
            continue;
        }
        if is_follows(first) && !modern {
            let Some(end) = position(before, b"--END COMMAND--\r\n\r\n") else {
                stream.inside_follows = true;
                return stream;
            };
            stream.packets.push(follows(&before[..end]));
            rest = &before[end + 19..];
            continue;
        }
        let mut lines = vec![first];
        loop {
            match take_line(&mut rest) {
                None => return stream,
                Some(b"") => break,
                Some(line) => lines.push(line),
            }
        }
        stream.packets.push(of_lines(&lines));
    }
}

/// Asterisk 14 and later, which never says Follows.
fn is_modern(banner: &[u8]) -> bool {
    let banner = String::from_utf8_lossy(banner);
    let version = banner.strip_prefix("Asterisk Call Manager/");
    let major = version.and_then(|version| version.split('.').next()?.parse().ok());
    major.is_some_and(|major: u32| major >= 3)
}

fn of_lines(lines: &[&[u8]]) -> Plain {
    let mut packet = Plain {
        kind: Kind::Unframed,
        headers: Vec::new(),
        stray: Vec::new(),
        body: None,
        lines: Vec::new(),
    };
    for (i, line) in lines.iter().enumerate() {
        let colon = line.iter().position(|b| *b == b':');
        let key = colon.map(|colon| trim(&line[..colon]));
        if i == 0 {
            packet.kind = match key.map(<[u8]>::to_ascii_lowercase).as_deref() {
                Some(b"response") => Kind::Response,
                Some(b"event") => Kind::Event,
                _ => Kind::Unframed,
            };
        }
        let key = key.filter(|_| {
            let before = &line[..colon.unwrap_or_default()];
            !before.iter().any(u8::is_ascii_control)
        });
        match (key, packet.headers.last_mut()) {
            (Some(key), _) => {
                let value = &line[colon.unwrap_or_default() + 1..];
                let value = value.strip_prefix(b" ").unwrap_or(value);
                packet.headers.push((key.to_vec(), value.to_vec()));
            }
            (None, Some((key, value))) if !is_fixed(key) => {
                value.extend_from_slice(b"\r\n");
                value.extend_from_slice(line);
            }
            (None, _) => packet.stray.push(line.to_vec()),
        }
    }
    if packet.kind == Kind::Unframed {
        packet.lines = lines.iter().map(|line| line.to_vec()).collect();
    }
    packet
}

/// `text` ends where the end marker begins.
fn follows(text: &[u8]) -> Plain {
    let mut rest = text;
    let mut lines = vec![take_line(&mut rest).unwrap_or_default()];
    let mut wanted = vec![&b"privilege"[..], b"actionid"];
    loop {
        let mut after = rest;
        let Some(line) = take_line(&mut after) else {
            break;
        };
        let key = line.split(|b| *b == b':').next().unwrap_or_default();
        let key = key.to_ascii_lowercase();
        let Some(at) = wanted.iter().position(|one| *one == key) else {
            break;
        };
        if key.len() == line.len() {
            break;
        }
        wanted.remove(at);
        lines.push(line);
        rest = after;
    }
    Plain {
        body: Some(rest.to_vec()),
        ..of_lines(&lines)
    }
}

fn is_follows(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    let mut parts = line.splitn(2, |b| *b == b':');
    let key = trim(parts.next().unwrap_or_default());
    let value = parts.next().unwrap_or_default().trim_ascii();
    line.len() < 1024 && key == b"response" && value == b"follows"
}

fn is_fixed(key: &[u8]) -> bool {
    let fixed = ["response", "event", "actionid", "eventlist", "privilege"];
    fixed
        .iter()
        .any(|name| key.to_ascii_lowercase() == name.as_bytes())
}

fn trim(key: &[u8]) -> &[u8] {
    let from = key.iter().position(|b| *b != b' ').unwrap_or(key.len());
    let to = key
        .iter()
        .rposition(|b| *b != b' ')
        .map_or(from, |at| at + 1);
    &key[from..to]
}

/// The next line without its CRLF.
fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = position(rest, b"\r\n")?;
    let line = &rest[..end];
    *rest = &rest[end + 2..];
    Some(line)
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
