//! Whom to believe: the system's store, or the certificates of a file, or
//! anybody.

use crate::session::error::Error;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore,
    SignatureScheme,
};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error as Words;

/// How the server shows who it is.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates to trust instead of the system's, in PEM.
    pub cacert: Option<PathBuf>,
    /// Who the certificate must be for, if not the host.
    pub name: Option<String>,
    /// Nothing is checked.
    pub insecure: bool,
}

/// What is wrong with a certificate, and what to do. It goes on from "the
/// certificate of HOST".
#[derive(Debug, Clone, PartialEq, Eq, Words)]
pub enum Untrusted {
    /// It is somebody else's.
    #[error(
        "is not for {expected} but for {}; if that is the server you mean, use --tls-name {}",
        listed(.presented), first(.presented)
    )]
    Name {
        /// The host, or `--tls-name`.
        expected: String,
        /// Never empty.
        presented: Vec<String>,
    },
    /// It names nobody in the way that counts.
    #[error(
        "is not for {host}: it names no host, for it has no subjectAltName; the server needs one made with subjectAltName={}:{host}",
        kind(.host)
    )]
    Nameless {
        /// The host, or `--tls-name`.
        host: String,
    },
    /// Its last day, and this machine's.
    #[error(
        "expired on {0}, and here it is {1}; the server needs a new one (tlscertfile= in manager.conf), unless the clock here is wrong"
    )]
    Expired(String, String),
    /// Its first day, and this machine's.
    #[error(
        "is valid from {0} only, and here it is {1}; is the clock here wrong, or the server's?"
    )]
    Early(String, String),
    /// Signed by itself, and not among those that are trusted.
    #[error(
        "vouches for itself and is not among {0}; copy it from the server (tlscertfile= in manager.conf) and use --cacert FILE"
    )]
    SelfSigned(String),
    /// By whom, and where that one is not to be found.
    #[error(
        "comes from {0}, who is not among {1}; use --cacert FILE with the certificate of that CA"
    )]
    Issuer(String, String),
    /// In the words of the library that checks it.
    #[error("cannot be checked: {0}")]
    Odd(String),
}

/// A certificate may be for hundreds.
fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The first that is one host's.
fn first(names: &[String]) -> &str {
    let own = names.iter().find(|name| !name.contains('*'));
    own.map_or("NAME", String::as_str)
}

fn kind(name: &str) -> &'static str {
    match name.parse::<std::net::IpAddr>() {
        Ok(_) => "IP",
        Err(_) => "DNS",
    }
}

/// A file larger than this is no list of certificates.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// Reads what `tls` names.
pub(super) fn config(tls: &Tls) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let unusable = |e: rustls::Error| Error::Trust(e.to_string());
    let verifier: Arc<dyn ServerCertVerifier> = match &tls.cacert {
        _ if tls.insecure => Arc::new(Anybody(provider.clone())),
        Some(path) => Arc::new(Checked::by_file(path, provider.clone())?),
        None => Arc::new(Checked::by_system(provider.clone())?),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    Ok(config
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// The certificates of a PEM file. Other parts, such as the key that Asterisk
/// likes to have in the same file, are passed over.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |why: String| Error::CaFile {
        path: path.to_owned(),
        why,
    };
    let mut text = Vec::new();
    let opened = File::open(path).map(|file| file.take(MAX_FILE));
    opened
        .and_then(|mut file| file.read_to_end(&mut text))
        .map_err(|e| wrong(e.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|e| wrong(format!("a certificate in it is damaged: {e}")))?;
    match found.is_empty() {
        true => Err(wrong(
            "it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)".to_owned(),
        )),
        false => Ok(found),
    }
}

/// Checks chain, date and name, and says what is wrong in our words.
#[derive(Debug)]
struct Checked {
    inner: Arc<dyn ServerCertVerifier>,
    /// Certificates that are trusted as they are, not only what they signed.
    named: Vec<CertificateDer<'static>>,
    /// What they are called in a message.
    trusted: String,
}

impl Checked {
    fn by_system(provider: Arc<CryptoProvider>) -> Result<Checked, Error> {
        let inner = rustls_platform_verifier::Verifier::new(provider);
        Ok(Checked {
            inner: Arc::new(inner.map_err(|e| Error::Trust(e.to_string()))?),
            named: Vec::new(),
            trusted: "those that this system trusts".to_owned(),
        })
    }

    fn by_file(path: &Path, provider: Arc<CryptoProvider>) -> Result<Checked, Error> {
        let wrong = |why: String| Error::CaFile {
            path: path.to_owned(),
            why,
        };
        let named = read(path)?;
        let mut roots = RootCertStore::empty();
        for one in &named {
            let added = roots.add(one.clone());
            added.map_err(|e| wrong(format!("a certificate in it cannot be used: {e}")))?;
        }
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        Ok(Checked {
            inner: inner.map_err(|e| wrong(e.to_string()))?,
            named,
            trusted: format!("those of {}", path.display()),
        })
    }

    fn words(
        &self,
        error: rustls::Error,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
    ) -> Untrusted {
        use CertificateError as E;
        let rustls::Error::InvalidCertificate(error) = error else {
            return Untrusted::Odd(error.to_string());
        };
        match error {
            E::NotValidForNameContext {
                expected,
                presented,
            } => {
                let expected = expected.to_str().into_owned();
                let presented: Vec<_> = presented.iter().filter_map(|name| plain(name)).collect();
                match presented.is_empty() {
                    true => Untrusted::Nameless { host: expected },
                    false => Untrusted::Name {
                        expected,
                        presented,
                    },
                }
            }
            E::ExpiredContext { time, not_after } => Untrusted::Expired(day(not_after), day(time)),
            E::NotValidYetContext { time, not_before } => {
                Untrusted::Early(day(not_before), day(time))
            }
            E::Other(why) if is_version_1(&why) => Untrusted::Nameless {
                host: name.to_str().into_owned(),
            },
            // A bad signature is the one of a CA that has the same name as one of ours.
            E::UnknownIssuer | E::BadSignature | E::Other(_) => match issuer(end_entity) {
                Some(Issuer::Itself) => Untrusted::SelfSigned(self.trusted.clone()),
                Some(Issuer::Other(name)) if !matches!(error, E::Other(_)) => {
                    Untrusted::Issuer(name, self.trusted.clone())
                }
                _ => Untrusted::Odd(error.to_string()),
            },
            error => Untrusted::Odd(error.to_string()),
        }
    }
}

impl ServerCertVerifier for Checked {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let inner = &self.inner;
        let mut checked = inner.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        // What `openssl req -x509` makes is marked as a CA's and refused as a
        // server's, and a PBX has often no other. Dates come before that mark
        // in the check; the name is left to be looked at.
        if let Err(rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::Other(_),
        )) = checked
            && self.named.contains(end_entity)
        {
            checked = ParsedCertificate::try_from(end_entity)
                .and_then(|parsed| rustls::client::verify_server_name(&parsed, name))
                .map(|()| ServerCertVerified::assertion());
        }
        checked.map_err(|error| {
            let words = self.words(error, end_entity, name);
            CertificateError::Other(OtherError(Arc::new(words))).into()
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Takes every certificate, also those that nobody can read.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = self.0.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

/// Version 1 has no extensions, and so no names that count.
fn is_version_1(why: &OtherError) -> bool {
    why.0.downcast_ref() == Some(&webpki::Error::UnsupportedCertVersion)
}

enum Issuer {
    Itself,
    Other(String),
}

/// Who signed `certificate`, as it says.
fn issuer(certificate: &CertificateDer<'_>) -> Option<Issuer> {
    let parsed = webpki::EndEntityCert::try_from(certificate).ok()?;
    if parsed.issuer() == parsed.subject() {
        return Some(Issuer::Itself);
    }
    let name = common_name(parsed.issuer());
    let name = name.map_or("a CA without a name".to_owned(), |name| {
        format!("\"{name}\"")
    });
    Some(Issuer::Other(name))
}

/// The text after the identifier of a common name, in a name in DER.
fn common_name(name: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = &[6, 3, 0x55, 4, 3];
    let at = memchr::memmem::find(name, COMMON_NAME)? + COMMON_NAME.len();
    let [_tag, length, text @ ..] = name.get(at..)? else {
        return None;
    };
    let text = text.get(..usize::from(*length))?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// `localhost` of `DnsName("localhost")`, `::1` of `IpAddress(::1)`.
fn plain(presented: &str) -> Option<String> {
    let inner = presented
        .strip_prefix("DnsName(")
        .or_else(|| presented.strip_prefix("IpAddress("))?;
    Some(inner.strip_suffix(')')?.trim_matches('"').to_owned())
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or("a day beyond the calendar".to_owned(), |time| {
        time.strftime("%F").to_string()
    })
}
