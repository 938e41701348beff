//! amish, the Asterisk Manager Interface shell.

pub mod ami;
pub mod cli;
pub mod error;
pub mod output;
pub mod perform;
pub mod session;
pub mod settings;
