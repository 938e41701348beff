//! The one integration test binary: recorded conversations, the rules of the
//! house, and the program itself, run in a pipe, on a terminal and against
//! servers. One binary links once.

// A test says what it takes for granted by failing there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod layers;
mod pty;
mod reference;
mod scripted;
mod shell;
mod support;
mod transcripts;
