//! The secret of an AMI user.

use md5::{Digest, Md5};
use std::fmt;

/// The secret of an AMI user. Its Debug shows nothing, it is not Clone, and no
/// other module can read it: it is used by [`super::Login`] only.
pub struct Secret(String);

impl Secret {
    /// Wraps the secret.
    pub fn new(secret: String) -> Secret {
        Secret(secret)
    }

    /// The answer to an MD5 challenge, in lower case because Asterisk compares
    /// the text.
    pub(super) fn md5_key(&self, challenge: &[u8]) -> String {
        let mut digest = Md5::new();
        digest.update(challenge);
        digest.update(self.0.as_bytes());
        let digest = digest.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The secret in clear.
    pub(super) fn in_clear(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
