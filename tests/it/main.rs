//! The one integration test binary: recorded conversations, the rules of the
//! house, and the program itself, run in a pipe, on a terminal and against
//! servers. One binary links once.

// A test says what it takes for granted by failing there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod attack;
mod back;
mod checked;
mod codes;
mod completions;
mod cut;
mod damage;
mod dangerous;
mod demo;
mod doctor;
mod faults;
mod filter;
mod flood;
mod follower;
mod forged;
mod forms;
mod full;
mod given_back;
mod huge;
mod layers;
mod live;
mod login;
mod manager_conf;
mod originate;
mod permission;
mod picture;
mod process;
mod program;
mod proxy;
mod pty;
mod read_back;
mod readme;
mod reconnect;
mod reference;
mod refused;
mod restart;
mod screens;
mod script;
mod script_words;
mod scripted;
mod secret_sources;
mod secrets;
mod secured;
mod sequence;
mod servers;
mod settings;
mod shell;
mod shell_events;
mod shell_link;
mod shell_local;
mod stream;
mod support;
mod suspend;
mod terminal;
mod tls;
mod tls_faults;
mod trace;
mod transcripts;
mod typing;
mod userevents;
mod window;
