//! What a hostile server may send in place of a name, a value or a text.

use crate::support::is_full;

static ZERO_WIDTH: [u8; 300_000] = zero_width();

/// U+200B, 100,000 times.
const fn zero_width() -> [u8; 300_000] {
    let mut bytes = [0; 300_000];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = [0xe2, 0x80, 0x8b][at % 3];
        at += 1;
    }
    bytes
}

/// Each with a name for failure messages. Those that write a file when obeyed
/// name it `EVIL`.
#[rustfmt::skip]
pub static EVILS: &[(&str, &[u8])] = &[
    ("NUL", b"\x00"), ("SOH", b"\x01"), ("STX", b"\x02"), ("ETX", b"\x03"),
    ("EOT", b"\x04"), ("ENQ", b"\x05"), ("ACK", b"\x06"), ("BEL", b"\x07"),
    ("BS", b"\x08"), ("HT", b"\x09"), ("LF", b"\x0a"), ("VT", b"\x0b"),
    ("FF", b"\x0c"), ("CR", b"\x0d"), ("SO", b"\x0e"), ("SI", b"\x0f"),
    ("DLE", b"\x10"), ("DC1", b"\x11"), ("DC2", b"\x12"), ("DC3", b"\x13"),
    ("DC4", b"\x14"), ("NAK", b"\x15"), ("SYN", b"\x16"), ("ETB", b"\x17"),
    ("CAN", b"\x18"), ("EM", b"\x19"), ("SUB", b"\x1a"), ("ESC", b"\x1b"),
    ("FS", b"\x1c"), ("GS", b"\x1d"), ("RS", b"\x1e"), ("US", b"\x1f"),
    ("DEL", b"\x7f"),
    // C1 as one byte, which is not UTF-8.
    ("PAD raw", b"\x80"), ("HOP raw", b"\x81"), ("BPH raw", b"\x82"), ("NBH raw", b"\x83"),
    ("IND raw", b"\x84"), ("NEL raw", b"\x85"), ("SSA raw", b"\x86"), ("ESA raw", b"\x87"),
    ("HTS raw", b"\x88"), ("HTJ raw", b"\x89"), ("VTS raw", b"\x8a"), ("PLD raw", b"\x8b"),
    ("PLU raw", b"\x8c"), ("RI raw", b"\x8d"), ("SS2 raw", b"\x8e"), ("SS3 raw", b"\x8f"),
    ("DCS raw", b"\x90"), ("PU1 raw", b"\x91"), ("PU2 raw", b"\x92"), ("STS raw", b"\x93"),
    ("CCH raw", b"\x94"), ("MW raw", b"\x95"), ("SPA raw", b"\x96"), ("EPA raw", b"\x97"),
    ("SOS raw", b"\x98"), ("SGCI raw", b"\x99"), ("SCI raw", b"\x9a"), ("CSI raw", b"\x9b"),
    ("ST raw", b"\x9c"), ("OSC raw", b"\x9d"), ("PM raw", b"\x9e"), ("APC raw", b"\x9f"),
    // C1 as UTF-8.
    ("PAD", b"\xc2\x80"), ("HOP", b"\xc2\x81"), ("BPH", b"\xc2\x82"), ("NBH", b"\xc2\x83"),
    ("IND", b"\xc2\x84"), ("NEL", b"\xc2\x85"), ("SSA", b"\xc2\x86"), ("ESA", b"\xc2\x87"),
    ("HTS", b"\xc2\x88"), ("HTJ", b"\xc2\x89"), ("VTS", b"\xc2\x8a"), ("PLD", b"\xc2\x8b"),
    ("PLU", b"\xc2\x8c"), ("RI", b"\xc2\x8d"), ("SS2", b"\xc2\x8e"), ("SS3", b"\xc2\x8f"),
    ("DCS", b"\xc2\x90"), ("PU1", b"\xc2\x91"), ("PU2", b"\xc2\x92"), ("STS", b"\xc2\x93"),
    ("CCH", b"\xc2\x94"), ("MW", b"\xc2\x95"), ("SPA", b"\xc2\x96"), ("EPA", b"\xc2\x97"),
    ("SOS", b"\xc2\x98"), ("SGCI", b"\xc2\x99"), ("SCI", b"\xc2\x9a"), ("CSI", b"\xc2\x9b"),
    ("ST", b"\xc2\x9c"), ("OSC", b"\xc2\x9d"), ("PM", b"\xc2\x9e"), ("APC", b"\xc2\x9f"),
    // What turns text round, and what is not seen.
    ("U+202A", b"\xe2\x80\xaa"), ("U+202B", b"\xe2\x80\xab"), ("U+202C", b"\xe2\x80\xac"), ("U+202D", b"\xe2\x80\xad"),
    ("U+202E", b"\xe2\x80\xae"), ("U+2066", b"\xe2\x81\xa6"), ("U+2067", b"\xe2\x81\xa7"), ("U+2068", b"\xe2\x81\xa8"),
    ("U+2069", b"\xe2\x81\xa9"), ("U+200E", b"\xe2\x80\x8e"), ("U+200F", b"\xe2\x80\x8f"), ("U+200B", b"\xe2\x80\x8b"),
    ("U+200C", b"\xe2\x80\x8c"), ("U+200D", b"\xe2\x80\x8d"), ("U+2060", b"\xe2\x81\xa0"), ("U+FEFF", b"\xef\xbb\xbf"),
    ("U+180B", b"\xe1\xa0\x8b"), ("U+FE0F", b"\xef\xb8\x8f"), ("U+1BCA0", b"\xf0\x9b\xb2\xa0"), ("U+1D173", b"\xf0\x9d\x85\xb3"),
    // Sequences that have taken over terminals: a title, the clipboard, colours
    // and answers, a query.
    ("OSC title", b"\x1b]0;EVIL\x07"), ("OSC clipboard", b"\x1b]52;c;RVZJTA==\x07"), ("OSC link", b"\x1b]8;;http://evil\x1b\\"),
    ("CSI blink", b"\x1b[5m"), ("CSI report", b"\x1b[6n"), ("CSI clear", b"\x1b[2J\x1b[H"), ("CSI paste", b"\x1b[201~"),
    ("CSI 8 bit", b"\x9b5m"), ("DCS", b"\x1bP+q544e\x1b\\"), ("reset", b"\x1bc"), ("up a line", b"\r\x1bM"),
    // What ends a line, a value or a word, or begins something else.
    ("CRLF", b"\r\n"), ("quote", b"'"), ("double quote", b"\""), ("backslash", b"\\"),
    ("command", b"!id>EVIL #"), ("command, below", b"\n!id>EVIL #"), ("command, after CR", b"\r!id>EVIL #"), ("pipe", b"|id>EVIL"),
    ("pipe, apart", b" | tee EVIL "), ("background", b"a & "), ("comment", b"# x"), ("save", b"/save EVIL"),
    ("save, below", b"\n/save EVIL\n"), ("option", b"-x"), ("variable", b"$x"), ("variable in braces", b"${x}"),
    ("path", b"../../EVIL"),
    // Excessive sizes.
    ("a megabyte", &[b'x'; 1 << 20]), ("100,000 zero-width marks", &ZERO_WIDTH),
];

/// Everything that fits into a single value: without line ends, NUL and
/// excessive sizes.
pub fn all_in_one() -> Vec<u8> {
    let fits = |evil: &&[u8]| evil.len() < 100 && !evil.iter().any(|byte| b"\r\n\0".contains(byte));
    EVILS
        .iter()
        .map(|(_, evil)| *evil)
        .filter(fits)
        .collect::<Vec<_>>()
        .concat()
}

/// Those to be tried one by one: at full size all that fit into a line,
/// otherwise those with a meaning to amish, a shell or the protocol. The others
/// are in [`all_in_one`].
pub fn chosen() -> impl Iterator<Item = &'static (&'static str, &'static [u8])> {
    let means = |byte: &u8| byte.is_ascii_graphic() || b"\0\t\r\n\x1b".contains(byte);
    let is_chosen = move |evil: &[u8]| evil.len() < 100 && (is_full() || evil.iter().any(means));
    EVILS.iter().filter(move |(_, evil)| is_chosen(evil))
}
