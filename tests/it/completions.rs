//! The generated files that are committed are up to date, and real shells can
//! load them. `AMISH_BLESS=1 cargo test` rewrites them.

use crate::program::amish;
use crate::pty::{Key, Pty};
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

// A new option must not be missing in users' shells.
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

/// Runs `script` in `shell`; None if that is not installed, which .ci/run makes
/// sure of.
fn in_shell(shell: &str, args: &[&str], script: &str) -> Option<String> {
    let done = Command::new(shell).args(args).arg(script).output();
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            crate::support::skipped(&format!("{shell}: {error}"));
            return None;
        }
    };
    let err = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && err.is_empty(), "{shell}: {err}");
    Some(String::from_utf8(done.stdout).unwrap())
}

// What clap does not know: values behind `=`, where bash cuts words, classes of
// events, which take no blank before them, the names of profiles, and
// the topics of the manual.
#[test]
fn real_shells_complete_values_classes_and_profiles() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let text = "[profile.office]\ntarget = 'pbx'\n[profile.branch]\n";
    crate::support::write_own(&config, text);
    let bin = std::path::Path::new(crate::program::AMISH)
        .parent()
        .unwrap();
    let surroundings = format!(
        "export AMISH_CONFIG='{}' PATH='{}':$PATH",
        config.display(),
        bin.display()
    );
    let file = path("amish.bash").display().to_string();
    for (words, offered) in [
        ("--output = j", "json"),
        ("-o j", "json"),
        ("--output=j", "--output=json"),
        ("-e = ca", "call"),
        ("--events = call,ag", "call,agent call,agi"),
        ("-e=ca", "-e=call"),
        ("off", "office"),
        ("-u admin bra", "branch"),
        ("office off", ""),
        ("hel", "help"),
        ("help scr", "scripts"),
        ("office scr", ""),
    ] {
        let count = words.split(' ').count();
        let last = words.split(' ').next_back().unwrap();
        let before = words.split(' ').rev().nth(1).unwrap_or("amish");
        let script = format!(
            "{surroundings}; source {file}; COMP_WORDS=(amish {words}); COMP_CWORD={count}; \
             _amish amish '{last}' '{before}'; echo \"${{COMPREPLY[@]}}\""
        );
        if let Some(said) = in_shell("bash", &["-c"], &script) {
            assert_eq!(said.trim(), offered, "{words}");
        }
    }
    let file = path("amish.fish").display().to_string();
    let surroundings = surroundings.replace(" PATH='", "; set -x PATH '");
    let surroundings = surroundings.replace("export AMISH_CONFIG=", "set -x AMISH_CONFIG ");
    let surroundings = surroundings.replace(":$PATH", " $PATH");
    for (typed, offered) in [
        ("-e=ca", "-e=call"),
        ("--events=call,agen", "--events=call,agent"),
        ("--output=j", "--output=json"),
        ("off", "office"),
        ("hel", "help"),
        ("help scr", "scripts"),
    ] {
        let script = format!("{surroundings}; source {file}; complete -C 'amish {typed}'");
        if let Some(said) = in_shell("fish", &["-N", "-c"], &script) {
            let mut lines = said.lines().filter_map(|line| line.split('\t').next());
            assert!(lines.any(|line| line == offered), "{typed}: {said}");
        }
    }
}

// Loaded by the real shell, it offers the existing options.
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

// That zsh has loaded a function does not say that it completes anything, and it
// completes at a terminal only.
#[test]
fn zsh_completes_on_a_terminal() {
    if in_shell("zsh", &["-f", "-c"], "true").is_none() {
        return;
    }
    let folder = path("").display().to_string();
    let mut pty = Pty::program("zsh", &["-f"], &[("PATH", "/usr/bin:/bin")], 200, 24);
    pty.type_line(&format!(
        "PS1='ready> '; fpath=({folder} $fpath); autoload -Uz compinit; compinit -D -u"
    ));
    pty.wait_typed("ready>");
    pty.type_text("amish --no-l");
    pty.wait_typed("ready> amish --no-l");
    pty.key(Key::Tab);
    pty.wait_line("ready> amish --no-login");
}

// elvish has its completion at a terminal only. Behind a target it printed an
// exception, for it took the target for a command.
#[test]
fn elvish_completes_on_a_terminal() {
    if in_shell("elvish", &["-norc", "-c"], "nop").is_none() {
        return;
    }
    let config = tempfile::NamedTempFile::new().unwrap();
    let text = "[profile.office]\ntarget = 'pbx'\n[profile.branch]\n";
    crate::support::write_own(config.path(), text);
    let bin = std::path::Path::new(crate::program::AMISH)
        .parent()
        .unwrap();
    let search = format!("{}:/usr/bin:/bin", bin.display());
    let env = [
        ("AMISH_CONFIG", config.path().to_str().unwrap()),
        ("PATH", &*search),
    ];
    let mut pty = Pty::program("elvish", &["-norc"], &env, 100, 24);
    let file = path("amish.elv").display().to_string();
    pty.type_line(&format!(
        "set edit:prompt = {{ put 'ready> ' }}; set edit:rprompt = {{ }}; eval (slurp < '{file}')"
    ));
    pty.wait_typed("ready>");
    for (typed, line) in [
        ("amish off", "amish office"),
        ("amish help scr", "amish help scripts"),
        ("amish -e=cal", "amish '-e=call'"),
        ("amish --events=call,agen", "amish '--events=call,agent'"),
        ("amish office --no-l", "amish office --no-login"),
    ] {
        pty.type_text(typed);
        pty.wait_typed(&format!("ready> {typed}"));
        pty.key(Key::Tab);
        pty.wait_line(&format!("ready> {line}"));
        // What it has to quote it puts into a list, which Enter takes it from.
        if line.ends_with('\'') {
            pty.key(Key::Enter);
            pty.wait_for("no list", |screen| {
                !screen.contents().contains("COMPLETING")
            });
        }
        // Clears the line.
        pty.type_bytes(b"\x15");
        pty.wait_typed("ready>");
    }
}
