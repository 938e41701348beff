//! What a session knows of its server.

use super::Session;

impl Session {
    /// The server's first line.
    pub fn banner(&self) -> Vec<u8> {
        self.link().banner.clone()
    }

    /// For the built-in PBX: whether it has an Action of this name.
    pub fn built_in(&self) -> Option<fn(&str) -> bool> {
        self.config.built_in
    }

    /// `host:port` as connected.
    pub fn target(&self) -> String {
        self.config.target()
    }

    /// Identifies the server: `host:port` as connected, and with TLS the
    /// certificate of this link. For comparison, not for display.
    pub fn peer_identity(&self) -> Vec<u8> {
        let mut identity = self.target().into_bytes();
        identity.push(b'\n');
        identity.extend_from_slice(&self.link().certificate);
        identity
    }

    /// Whether the link is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.config.tls.is_some()
    }
}
