//! A packet whole: every header on a line of its own, numbers in words beside
//! them.

use super::table::{all_headers, end_line};
use super::{Look, Role, body_lines, sanitize};
use crate::ami::{Kind, Packet, Reply};

/// Appends every packet of `reply`.
pub fn reply(out: &mut Vec<u8>, reply: &Reply, look: &Look) {
    let count = reply.packets().count();
    for (i, packet) in reply.packets().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let place = match count {
            1 => String::new(),
            _ => format!("  {} of {count}", i + 1),
        };
        one(out, packet, &place, look);
    }
}

/// Appends an event.
pub fn event(out: &mut Vec<u8>, event: &Packet, look: &Look) {
    one(out, event, "", look);
}

fn one(out: &mut Vec<u8>, packet: &Packet, place: &str, look: &Look) {
    let role = match packet.kind() {
        Kind::Event => Role::Event,
        _ => Role::Heading,
    };
    let name = match packet.kind() {
        Kind::Unframed => "text".into(),
        _ => sanitize::text(packet.name()),
    };
    let [name, place] = [(role, &*name), (Role::Dim, place)]
        .map(|(role, text)| look.palette.paint(role, text).into_owned());
    end_line(out, &format!("{name}{place}"));
    if packet.kind() == Kind::Unframed {
        let lines = packet.lines().map(sanitize::line);
        return lines.for_each(|line| end_line(out, &format!("  {line}")));
    }
    all_headers(out, packet, look);
    for line in packet.body().into_iter().flat_map(body_lines) {
        end_line(out, &format!("  {}", sanitize::line(line)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PLAIN, frames};
    use super::*;

    // What a line or a row leaves out is here, and what a number means.
    #[test]
    fn nothing_is_left_out() {
        let bytes = b"Event: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/a-1\r\nCause: 17\r\n\
            Cause-txt: \r\nno colon\r\n\r\n";
        let mut out = Vec::new();
        event(&mut out, &frames(bytes)[0], &PLAIN);
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        Hangup
          Event      Hangup
          Privilege  call,all
          Channel    PJSIP/a-1
          Cause      17 User busy
          Cause-txt  \r\nno colon
        ");
        let text = b"Response: Follows\r\nPrivilege: Command\r\none\n\n\x1b[2Jtwo\n--END COMMAND--\r\n\r\n";
        let mut out = Vec::new();
        reply(&mut out, &Reply::single(frames(text).remove(0)), &PLAIN);
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        Follows
          Response   Follows
          Privilege  Command
          one

          \x1b[2Jtwo
        ");
    }
}
