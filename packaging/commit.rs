//! The build script: tells the program from which commit it was made, and for
//! which machine. `amish --version` shows both.

// This is how a build script speaks to Cargo.
#![allow(clippy::print_stdout)]

use std::env::var;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=packaging/commit.rs");
    println!("cargo::rerun-if-env-changed=AMISH_COMMIT");
    let given = var("AMISH_COMMIT").ok().filter(|commit| is_plain(commit));
    // While amish is worked on, a commit must not make it be built anew.
    let is_release = var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = given.or_else(|| is_release.then(commit_of_git).flatten());
    let commit = commit.unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=AMISH_COMMIT={commit}");
    let triple = var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=AMISH_TRIPLE={triple}");
}

/// A line end would be an instruction to Cargo.
fn is_plain(commit: &str) -> bool {
    !commit.is_empty() && commit.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The commit of this work tree, with a mark if files differ from it. None if
/// there is no git, or the work tree is not amish's: a crate may be unpacked in
/// that of another project.
fn commit_of_git() -> Option<String> {
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).filter(|commit| is_plain(commit))?;
    // Written at every commit and checkout. What does not exist would always count
    // as changed.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    for path in [&log, "src", "Cargo.toml", "Cargo.lock"] {
        if Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(match changed.is_empty() {
        true => commit,
        false => format!("{commit}-dirty"),
    })
}

fn git(args: &[&str]) -> Option<String> {
    let done = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    done.status.success().then(|| text.trim().to_owned())
}
