//! What `-V` and `--version` say. The commit and the target come from the build
//! script.

/// For one line: which release, made from which commit.
pub(super) const SHORT: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("AMISH_COMMIT"), ")");

// A macro, for clap wants all of it at compile time.
#[cfg(target_os = "linux")]
macro_rules! many_pbxs {
    () => {
        "one thread and epoll; with TLS a thread each"
    };
}

#[cfg(not(target_os = "linux"))]
macro_rules! many_pbxs {
    () => {
        "a thread each"
    };
}

/// For a report of what does not work: also what is in this program.
pub(super) const LONG: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit:    ",
    env!("AMISH_COMMIT"),
    "\ntarget:    ",
    env!("AMISH_TRIPLE"),
    "\nTLS:       1.2 and 1.3, by rustls with ring; the system's certificates, or --cacert",
    "\nbrokers:   Redis, NATS",
    "\nmany PBXs: ",
    many_pbxs!(),
);
