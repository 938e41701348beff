//! amish, the Asterisk Manager Interface shell.

pub mod ami;
pub mod simulator;
