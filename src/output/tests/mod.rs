//! Helpers for the tests of this module.

mod hostile;

use super::{Look, Palette};
use crate::ami::{Frame, Framer, Packet};

pub(super) const PLAIN: Look = Look {
    palette: Palette::OFF,
    terminal: true,
    width: 80,
    now: None,
};

/// The packets in recorded bytes.
pub(super) fn frames(bytes: &[u8]) -> Vec<Packet> {
    let mut framer = Framer::for_capture();
    framer.feed(bytes);
    std::iter::from_fn(|| framer.next_frame())
        .filter_map(|frame| match frame {
            Frame::Packet(packet) => Some(packet),
            _ => None,
        })
        .collect()
}
