//! A packet as `Key: Value` lines, an empty line after it.

use super::style::Role;
use super::{Look, body_lines};
use crate::ami::{Kind, Packet, Status};
use crate::peer_text::visible;

/// Appends `packet`. Each header is one line, whatever it contains: control
/// bytes are written as `\r`, `\n`, `\xNN`. Lines without a key come last. The
/// text of a `Response: Follows` becomes `Output` lines, as servers from
/// Asterisk 14 send it, so that its empty lines do not look like the packet's
/// end.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Packet, look: &Look) {
    if packet.is_text() {
        for line in packet.lines() {
            value(out, line, Role::Value, look);
        }
    } else {
        for (i, header) in packet.headers().enumerate() {
            let role = if i == 0 { role_of(packet) } else { Role::Value };
            key(out, header.key, look);
            value(out, header.value, role, look);
        }
        for line in packet.body().into_iter().flat_map(body_lines) {
            key(out, b"Output", look);
            value(out, line, Role::Value, look);
        }
        for line in packet.stray_lines() {
            value(out, line, Role::Value, look);
        }
    }
    out.push(b'\n');
}

fn role_of(packet: &Packet) -> Role {
    match packet.kind() {
        Kind::Event => Role::Event,
        Kind::Response if Status::of(packet) == Status::Error => Role::Error,
        Kind::Response => Role::Ok,
        Kind::Unframed => Role::Value,
    }
}

fn key(out: &mut Vec<u8>, key: &[u8], look: &Look) {
    if look.terminal {
        look.palette.append(out, Role::Key, &visible::text(key));
    } else {
        visible::controls(out, key);
    }
    out.extend_from_slice(b": ");
}

fn value(out: &mut Vec<u8>, value: &[u8], role: Role, look: &Look) {
    if look.terminal {
        look.palette.append(out, role, &visible::text(value));
    } else {
        visible::controls(out, value);
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PLAIN, frames};
    use super::*;

    fn shown(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        for frame in frames(bytes) {
            packet(&mut out, &frame, &PLAIN);
        }
        String::from_utf8(out).unwrap()
    }

    // A reader of packet form splits at line ends: neither a header forged in a
    // value nor an empty line in a Command's output may look like one.
    #[test]
    fn what_a_value_holds_stays_in_its_line() {
        let forged =
            b"Response: Success\r\nValue: one\ntwo\r\nthree\n\nResponse: Success\nfour\r\n\r\n";
        insta::assert_snapshot!(shown(forged), @r"
        Response: Success
        Value: one\ntwo\r\nthree\n\nResponse: Success\nfour
        ");
        let follows =
            b"Response: Follows\r\nPrivilege: Command\r\none\n\nthree\n--END COMMAND--\r\n\r\n";
        insta::assert_snapshot!(shown(follows), @r"
        Response: Follows
        Privilege: Command
        Output: one
        Output: 
        Output: three
        ");
    }
}
