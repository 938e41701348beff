//! What a certificate says of itself, for a person who has to judge it.

use super::trust::common_name;
use crate::session::Session;
use crate::session::error::Error;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::server::ParsedCertificate;
use std::fmt::Write;

/// A server's certificate. Nothing of it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// As received.
    pub der: Vec<u8>,
    /// Its common name, or what stands for it.
    pub subject: String,
    /// That of who signed it.
    pub issuer: String,
    /// Its first and last day, as far as they can be read.
    pub days: Option<(String, String)>,
}

impl Session {
    /// The server's certificate on this link. None: without TLS, or unreadable.
    pub fn presented(&self) -> Option<Presented> {
        Presented::of(&self.link().certificate)
    }
}

/// Tags of DER.
const INTEGER: u8 = 2;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

impl Presented {
    /// Reads `der`; None if it is no certificate.
    pub fn of(der: &[u8]) -> Option<Presented> {
        let shared = CertificateDer::from(der);
        ParsedCertificate::try_from(&shared).ok()?;
        let (_, whole, _) = element(der)?;
        let (_, mut rest, _) = element(whole)?;
        for tag in [VERSION, INTEGER, SEQUENCE] {
            match element(rest)? {
                (found, _, after) if found == tag => rest = after,
                // Version 1 is not written.
                _ if tag == VERSION => {}
                _ => return None,
            }
        }
        let (_, issuer, rest) = element(rest)?;
        let (_, validity, rest) = element(rest)?;
        let (_, subject, _) = element(rest)?;
        let name = |name| common_name(name).unwrap_or_else(|| "without a name".to_owned());
        Some(Presented {
            der: der.to_owned(),
            subject: name(subject),
            issuer: name(issuer),
            days: days(validity),
        })
    }

    /// Its SHA-256, as `openssl x509 -fingerprint -sha256` writes it.
    pub fn fingerprint(&self) -> String {
        let suite = ring::cipher_suite::TLS13_AES_128_GCM_SHA256.tls13();
        let hash = suite.map(|suite| suite.common.hash_provider.hash(&self.der));
        let bytes = hash.as_ref().map_or(&[][..], |hash| hash.as_ref());
        let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// As a file that `--cacert` reads.
    pub fn pem(&self) -> String {
        let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
        // 48 bytes are a line of 64 letters.
        for line in self.der.chunks(48) {
            for group in line.chunks(3) {
                text.push_str(&letters(group));
            }
            text.push('\n');
        }
        text + "-----END CERTIFICATE-----\n"
    }
}

/// Up to three bytes in base64.
fn letters(group: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let letter = |at: usize| match at > group.len() {
        true => '=',
        false => {
            let six = (bits >> (18 - 6 * at)) & 63;
            LETTERS
                .get(six as usize)
                .map_or('=', |&letter| letter.into())
        }
    };
    (0..4).map(letter).collect()
}

/// The first element of `bytes`: its tag, what is in it, and what is behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, first, rest @ ..] = bytes else {
        return None;
    };
    let (length, rest) = match usize::from(*first) {
        short if short < 0x80 => (short, rest),
        // Two bytes of length are 64 KiB: no certificate is longer.
        0x81 => {
            let [length, rest @ ..] = rest else {
                return None;
            };
            (usize::from(*length), rest)
        }
        0x82 => {
            let [high, low, rest @ ..] = rest else {
                return None;
            };
            (usize::from(*high) << 8 | usize::from(*low), rest)
        }
        _ => return None,
    };
    let (inside, behind) = rest.split_at_checked(length)?;
    Some((*tag, inside, behind))
}

fn days(validity: &[u8]) -> Option<(String, String)> {
    let (from_kind, from, rest) = element(validity)?;
    let (until_kind, until, _) = element(rest)?;
    Some((day(from_kind, from)?, day(until_kind, until)?))
}

/// `260131…` (UTCTime) or `20260131…` (GeneralizedTime) as `2026-01-31`.
fn day(kind: u8, time: &[u8]) -> Option<String> {
    const UTC_TIME: u8 = 0x17;
    let text = std::str::from_utf8(time).ok()?;
    let century = match (kind, text.as_bytes().first()?) {
        (UTC_TIME, b'5'..) => "19",
        (UTC_TIME, _) => "20",
        _ => "",
    };
    let digits = format!("{century}{text}");
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, _) = rest.split_at_checked(2)?;
    let mut shown = String::new();
    write!(shown, "{year}-{month}-{day}").ok()?;
    Some(shown)
}

/// Random bytes, good enough for a secret.
///
/// # Errors
/// The system has none.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let filled = ring::default_provider().secure_random.fill(&mut bytes);
    let lacking = |_| Error::Local {
        doing: "make a random secret",
        why: std::io::ErrorKind::Other.into(),
    };
    filled.map(|()| bytes).map_err(lacking)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of RFC 4648: what is kept must be read as it was sent.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(letters(bytes.as_bytes()), text);
        }
    }

    // A stranger chooses these bytes before anybody trusts him.
    #[test]
    fn what_is_no_certificate_is_none() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x82\xff\xff",
            b"\x30\x03\x30\x01\x00",
        ] {
            assert_eq!(Presented::of(bytes), None);
        }
    }
}
