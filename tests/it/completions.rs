//! What is generated and committed is what would be generated now, and real
//! shells can load it. `AMISH_BLESS=1 cargo test` writes it anew.

use crate::program::amish;
use std::path::PathBuf;
use std::process::Command;

const FILES: [(&str, &str); 5] = [
    ("bash", "amish.bash"),
    ("zsh", "_amish"),
    ("fish", "amish.fish"),
    ("elvish", "amish.elv"),
    ("powershell", "_amish.ps1"),
];

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("completions")
        .join(file)
}

// An option that is new must not be missing in somebody's shell.
#[test]
fn committed_completions_are_those_of_this_program() {
    for (shell, file) in FILES {
        let done = amish(&format!("--completions {shell}")).run();
        assert_eq!(done.code, 0, "{}", done.err);
        if std::env::var_os("AMISH_BLESS").is_some() {
            std::fs::write(path(file), &done.out).unwrap();
        }
        let committed = std::fs::read_to_string(path(file)).unwrap();
        assert!(
            committed == done.out,
            "{file} is old: AMISH_BLESS=1 cargo test"
        );
    }
}

/// Runs `script` in `shell`; None where it is not installed, which .ci/run
/// sees to.
fn in_shell(shell: &str, args: &[&str], script: &str) -> Option<String> {
    let done = Command::new(shell).args(args).arg(script).output();
    let done = match done {
        Ok(done) => done,
        Err(_) if std::env::var_os("CI").is_none() => return None,
        Err(error) => panic!("{shell}: {error}"),
    };
    let err = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && err.is_empty(), "{shell}: {err}");
    Some(String::from_utf8(done.stdout).unwrap())
}

// Loaded by the real shell, it offers the options that there are.
#[test]
fn real_shells_load_them() {
    let file = path("amish.bash").display().to_string();
    let script = format!(
        "source {file}; COMP_WORDS=(amish --no-l); COMP_CWORD=1; _amish amish --no-l amish; echo \"${{COMPREPLY[@]}}\""
    );
    if let Some(said) = in_shell("bash", &["-c"], &script) {
        assert_eq!(said.trim(), "--no-login");
    }
    let file = path("amish.fish").display().to_string();
    if let Some(said) = in_shell(
        "fish",
        &["-N", "-c"],
        &format!("source {file}; complete -C 'amish --no-l'"),
    ) {
        assert!(said.starts_with("--no-login"), "{said}");
    }
    let folder = path("").display().to_string();
    let script = format!(
        "fpath=({folder} $fpath); autoload -Uz compinit; compinit -D -u; autoload +X _amish; print ${{_comps[amish]}}"
    );
    if let Some(said) = in_shell("zsh", &["-f", "-c"], &script) {
        assert_eq!(said.trim(), "_amish");
    }
}
