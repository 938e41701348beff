//! The one integration test binary: recorded conversations, and the rules of
//! the house. One binary links once.

mod layers;
mod reference;
mod transcripts;
