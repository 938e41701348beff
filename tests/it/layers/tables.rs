//! Which module may know which, and what of the outside world.

/// The modules that each module may name. An unlisted one may name none, so new
/// ones must be added here. `lib.rs`, and `audit.rs`, `connect.rs`, `exporter.rs`, `given.rs`,
/// `many.rs`, `modes.rs`, `serve.rs` and `setup.rs`, which belong to it, may use everything. `error` knows the errors
/// of the layers, and the modules above pass it on.
pub const MAY_KNOW: [(&str, &str); 26] = [
    ("peer_text", ""),
    ("exit_code", ""),
    ("files", ""),
    ("cli", "exit_code"),
    ("main", ""),
    ("panics", "exit_code"),
    ("simulator", ""),
    ("ami", "peer_text"),
    ("asterisk_conf", "files"),
    ("session", "ami files peer_text"),
    ("broker", "peer_text session"),
    ("catalog", "ami files peer_text"),
    ("output", "ami catalog peer_text"),
    ("language", "ami catalog output peer_text"),
    ("calls", "ami output peer_text"),
    (
        "diagnosis",
        "ami asterisk_conf catalog language output peer_text session",
    ),
    (
        "engine",
        "ami asterisk_conf calls catalog diagnosis exit_code files language output peer_text session",
    ),
    (
        "settings",
        "ami asterisk_conf broker cli files language peer_text",
    ),
    ("init", "ami catalog diagnosis settings"),
    (
        "error",
        "ami broker diagnosis engine exit_code files session settings",
    ),
    (
        "streams",
        "ami cli error exit_code output peer_text settings",
    ),
    ("generate", "cli error output settings streams"),
    (
        "run",
        "ami calls catalog diagnosis engine error exit_code files language output peer_text session settings",
    ),
    (
        "fleet",
        "ami engine error exit_code language output peer_text run session settings",
    ),
    (
        "metrics",
        "ami catalog diagnosis exit_code peer_text session",
    ),
    (
        "shell",
        "ami calls catalog diagnosis engine error exit_code files fleet language output peer_text session settings",
    ),
];

pub const KNOW_ALL: [&str; 9] = [
    "lib", "audit", "connect", "exporter", "given", "many", "modes", "serve", "setup",
];

/// Words that may occur only in these places, given as path prefixes in src/.
pub const ONLY_IN: [(&str, &[&str]); 15] = [
    ("colored", &["output/style.rs"]),
    ("rustyline", &["shell/"]),
    ("rustls", &["session/tls.rs", "session/tls/"]),
    ("rustls_platform_verifier", &["session/tls/"]),
    ("webpki", &["session/tls/"]),
    (
        "TcpStream",
        &[
            "broker/wire.rs",
            "session/",
            "simulator/",
            "metrics/http.rs",
        ],
    ),
    (
        "TcpListener",
        &["session/", "simulator/", "metrics/http.rs"],
    ),
    ("UdpSocket", &["session/", "simulator/"]),
    ("UnixStream", &["session/", "simulator/"]),
    ("socket2", &["session/", "simulator/"]),
    (
        "prometheus_client",
        &["metrics/text.rs", "metrics/families.rs"],
    ),
    ("memmap2", &["session/backlog/packed.rs"]),
    (
        "ToSocketAddrs",
        &["broker/wire.rs", "session/", "simulator/"],
    ),
    // Whether a secret may be sent in clear, and the secret itself.
    (
        "Cleartext",
        &["ami/login.rs", "ami/mod.rs", "session/clear.rs"],
    ),
    ("in_clear", &["ami/login.rs", "ami/secret.rs"]),
];
