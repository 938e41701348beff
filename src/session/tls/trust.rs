//! Which certificates to trust: the system's, those of a file, or any.

use super::untrusted::Untrusted;
use crate::files;
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
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How to check the server's identity.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates to trust instead of the system's, in PEM.
    pub cacert: Option<PathBuf>,
    /// A certificate (DER) to trust instead of those, seen before and not yet in a
    /// file.
    pub kept: Option<Vec<u8>>,
    /// The name that the certificate must have, if not the host's.
    pub name: Option<String>,
    /// Check nothing.
    pub insecure: bool,
}

/// A larger file is not a list of certificates.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// Builds the configuration that `tls` describes.
pub(super) fn config(tls: &Tls) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let unusable = |e: rustls::Error| Error::Trust(e.to_string());
    let verifier: Arc<dyn ServerCertVerifier> = match &tls.cacert {
        _ if tls.insecure => Arc::new(Anybody(provider.clone())),
        Some(path) => Arc::new(Checked::by_file(path, provider.clone())?),
        None if tls.kept.is_some() => {
            let kept = tls.kept.iter().cloned().map(CertificateDer::from);
            let words = "the one that was to be kept".to_owned();
            let checked = Checked::by(kept.collect(), words, provider.clone());
            Arc::new(checked.map_err(Error::Trust)?)
        }
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

/// The certificates of a PEM file. Other parts are skipped, such as the key
/// that Asterisk setups often keep in the same file.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |why: String| Error::CaFile {
        path: path.to_owned(),
        why,
    };
    let text = files::open_argument(path).and_then(|file| files::read_to_end(file, MAX_FILE));
    let text = text.map_err(|e| wrong(e.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|e| wrong(format!("a certificate in it is damaged: {e}")))?;
    match found.is_empty() {
        true => Err(wrong(
            "it has no certificate in PEM form (-----BEGIN CERTIFICATE-----)".to_owned(),
        )),
        false => Ok(found),
    }
}

/// Checks chain, date and name, and describes failures in our words.
#[derive(Debug)]
struct Checked {
    inner: Arc<dyn ServerCertVerifier>,
    /// Certificates that are trusted themselves, not only as issuers.
    named: Vec<CertificateDer<'static>>,
    /// What they are called in messages.
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
        let trusted = format!("those of {}", path.display());
        Checked::by(read(path)?, trusted, provider).map_err(wrong)
    }

    fn by(
        named: Vec<CertificateDer<'static>>,
        trusted: String,
        provider: Arc<CryptoProvider>,
    ) -> Result<Checked, String> {
        let mut roots = RootCertStore::empty();
        for one in &named {
            let added = roots.add(one.clone());
            added.map_err(|e| format!("a certificate in it cannot be used: {e}"))?;
        }
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        Ok(Checked {
            inner: inner.map_err(|e| e.to_string())?,
            named,
            trusted,
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
            // A bad signature means a CA with the same name as one of ours.
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
        // `openssl req -x509` marks its certificate as a CA's, which is refused
        // as a server's, and many a PBX has no other. The dates have been
        // checked before that mark; the name has not.
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

/// Accepts every certificate, even an unreadable one.
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

/// Version 1 has no extensions, and so no subjectAltName.
fn is_version_1(why: &OtherError) -> bool {
    why.0.downcast_ref() == Some(&webpki::Error::UnsupportedCertVersion)
}

enum Issuer {
    Itself,
    Other(String),
}

/// The issuer that `certificate` names.
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

/// The common name in a DER-encoded name.
pub(super) fn common_name(name: &[u8]) -> Option<String> {
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
