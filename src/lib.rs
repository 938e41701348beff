//! amish, the Asterisk Manager Interface shell.

pub mod ami;
pub mod catalog;
pub mod cli;
pub mod error;
pub mod language;
pub mod perform;
pub mod session;
pub mod settings;
pub mod simulator;
