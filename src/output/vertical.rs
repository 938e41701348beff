//! A whole packet: every header on its own line, with words beside numbers.

use super::columns::end_line;
use super::headers::all_headers;
use super::{Look, Role, body_lines};
use crate::ami::{Kind, Packet, Reply};
use crate::peer_text::visible;

/// Appends every packet of `reply`.
pub fn reply(out: &mut Vec<u8>, reply: &Reply, look: &Look) {
    look.shown(out, |out| {
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
    });
}

/// Appends an event.
pub fn event(out: &mut Vec<u8>, event: &Packet, look: &Look) {
    look.shown(out, |out| {
        one(out, event, "", look);
    });
}

fn one(out: &mut Vec<u8>, packet: &Packet, place: &str, look: &Look) {
    let role = match packet.kind() {
        Kind::Event => Role::Event,
        _ => Role::Heading,
    };
    let name = match packet.kind() {
        Kind::Unframed if packet.is_text() => "text".into(),
        Kind::Unframed => "item".into(),
        _ => visible::text(packet.name()),
    };
    let [name, place] = [(role, &*name), (Role::Dim, place)]
        .map(|(role, text)| look.palette.paint(role, text).into_owned());
    end_line(out, &format!("{name}{place}"));
    if packet.is_text() {
        let lines = packet.lines().map(visible::line);
        return lines.for_each(|line| end_line(out, &format!("  {line}")));
    }
    all_headers(out, packet, look);
    for line in packet.body().into_iter().flat_map(body_lines) {
        end_line(out, &format!("  {}", visible::line(line)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PLAIN, frames};
    use super::*;

    // Everything that a line or a row leaves out must be here, with the meaning
    // of numbers.
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

    // The variables of an AGI session and the answer to a command are one long
    // word on the wire; a person reads them line by line.
    #[test]
    fn what_agi_encodes_is_decoded() {
        let bytes = b"Event: AsyncAGIStart\r\nChannel: Local/1@x-0;1\r\n\
            Env: agi_request%3A%20async%0Aagi_callerid%3A%20O%27Br%1Bien%0A%0A\r\n\r\n\
            Event: AsyncAGIExec\r\nCommandID: 7\r\nResult: 200%20result%3D1%20(a%0A\r\n\r\n\
            Event: AGIExecEnd\r\nResult: 100%25\r\n\r\n";
        let mut out = Vec::new();
        for packet in frames(bytes) {
            event(&mut out, &packet, &PLAIN);
        }
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        AsyncAGIStart
          Event    AsyncAGIStart
          Channel  Local/1@x-0;1
          Env      agi_request: async
                   agi_callerid: O'Br\x1bien
        AsyncAGIExec
          Event      AsyncAGIExec
          CommandID  7
          Result     200 result=1 (a
        AGIExecEnd
          Event   AGIExecEnd
          Result  100%25
        ");
        assert_eq!(super::super::words::uri(b"%4a%4g%+a%"), b"J%4g%+a%");
    }
}
