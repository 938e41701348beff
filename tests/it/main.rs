//! The one integration test binary: recorded conversations, and the rules of
//! the house. One binary links once.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod completions;
mod layers;
mod login;
mod program;
mod readme;
mod reference;
mod script;
mod servers;
mod stream;
mod transcripts;
