//! An independent reader of the wire, to compare ours with: line by line, all
//! at once, written directly from the protocol's description. It is slow, and
//! deliberately shares no idea with the real one.

use amish::ami::{Kind, Packet};

/// A packet as plain values, for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    pub kind: Kind,
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub stray: Vec<Vec<u8>>,
    pub body: Option<Vec<u8>>,
    /// The lines of a packet that is neither Response nor Event.
    pub lines: Vec<Vec<u8>>,
}

/// The contents of a stream of bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Stream {
    pub banner: Option<Vec<u8>>,
    pub packets: Vec<Plain>,
    /// Whether it ends inside the text of a `Response: Follows`. Then only the
    /// end marker can end the packet.
    pub inside_follows: bool,
}

/// A packet of the framer in the same representation.
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
        if let Some(after) = rest.strip_prefix(b"\n") {
            rest = after;
            continue;
        }
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
            // Some released servers end a packet so.
            if let Some(after) = rest.strip_prefix(b"\n") {
                rest = after;
                break;
            }
            match take_line(&mut rest) {
                None => return stream,
                Some(b"") => break,
                Some(line) => lines.push(line),
            }
        }
        stream.packets.push(of_lines(&lines));
    }
}

/// Asterisk 14 and later, which never sends Follows.
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
        if i == 0 || i == 1 && packet.headers.len() == 1 && is_id(&packet) {
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
            (Some(_), _) => {
                let colon = behind_channel(line).or(colon).unwrap_or_default();
                let value = |line: &[u8], colon: usize| {
                    let value = &line[colon + 1..];
                    value.strip_prefix(b" ").unwrap_or(value).to_vec()
                };
                let (own, next) = match parted(&packet, line, colon) {
                    Some(lf) => (&line[..lf], &line[lf + 1..]),
                    None => (*line, &b""[..]),
                };
                let key = trim(&own[..colon]).to_vec();
                packet.headers.push((key, value(own, colon)));
                if let Some(colon) = next.iter().position(|b| *b == b':') {
                    let key = next[..colon].to_vec();
                    packet.headers.push((key, value(next, colon)));
                }
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

/// The colon of `Key(CHANNEL): value` where the channel has colons too.
fn behind_channel(line: &[u8]) -> Option<usize> {
    let open = line.iter().position(|b| *b == b'(').filter(|at| *at > 0)?;
    let colon = line.iter().position(|b| *b == b':')?;
    let is_one =
        line[..open].iter().all(is_plain) && colon > open && line.get(colon + 1) != Some(&b' ');
    let close = position(&line[open..], b"): ").filter(|_| is_one)?;
    Some(open + close + 1)
}

/// The LF that alone parts two headers, behind a time that the server counts.
fn parted(packet: &Plain, line: &[u8], colon: usize) -> Option<usize> {
    let lf = line.iter().position(|b| *b == b'\n')?;
    let (first, name) = packet.headers.first()?;
    let name = name.to_ascii_lowercase();
    let chosen = name.starts_with(b"userevent") || name.starts_with(b"cdr");
    let counted = line[..colon].to_ascii_lowercase();
    let counted = counted.ends_with(b"time") || counted.ends_with(b"started");
    let number = line.get(colon + 1..lf)?.strip_prefix(b" ")?;
    let next = position(&line[lf..], b": ")?;
    let key = &line[lf + 1..lf + next];
    let all = [
        first.eq_ignore_ascii_case(b"event") && !chosen && counted,
        !number.is_empty() && number.iter().all(u8::is_ascii_digit),
        !key.is_empty() && key.iter().all(is_plain) && !is_fixed(key),
    ];
    (all == [true; 3]).then_some(lf)
}

fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(byte)
}

fn is_id(packet: &Plain) -> bool {
    packet.headers[0].0.eq_ignore_ascii_case(b"ActionID")
}

/// `text` ends before the end marker.
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
