//! The environment: which server its secret is for, and what child programs see
//! of it.

use crate::pty::{Key, Pty, rows};
use crate::settings::{SECRET, pbx};
use crate::shell::COLS;
use crate::support::write_own;
use std::path::Path;

const ROWS: u16 = 24;

// Another server would be given a digest of the secret, and could guess it at
// leisure.
#[test]
fn the_secret_of_the_environment_serves_the_server_of_the_start_only() {
    for (name, value) in [("AMISH_SECRET", SECRET), ("AMISH_SECRET_FILE", "secret")] {
        let (first, second) = (pbx(), pbx());
        let (start, elsewhere) = (first.addr().to_string(), second.addr().to_string());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        write_own(&file, SECRET);
        let value = match value {
            "secret" => file.to_str().unwrap(),
            secret => secret,
        };
        let env = [("AMISH_USER", "option"), (name, value)];
        let mut pty = Pty::spawn(&["-q", &start], &env, COLS, ROWS);
        pty.wait_typed(&format!("option@{start}> "));
        pty.type_line(&format!("/connect {elsewhere}"));
        pty.wait_line("Secret for option:");
        pty.wait_silent();
        pty.key(Key::Enter);
        pty.wait_line("no secret was typed");
        let sent = second.received().join("\n");
        assert!(!sent.contains("Login"), "{name}: {sent}");
        // Back to the server that the secret is for.
        pty.type_line(&format!("/connect {start}"));
        pty.wait_typed(&format!("option@{start}> "));
    }
}

// A child program may print its environment, or leave it on disk in a core
// dump.
#[test]
fn no_program_that_amish_starts_gets_the_secret() {
    let pbx = crate::shell::pbx();
    let target = pbx.addr().to_string();
    let told = r#"echo "$0 got <$AMISH_SECRET> $AMISH_USER" >>told"#;
    let program = format!("sh -c '{told}; echo demo'");
    let pager = format!("{told}; cat");
    let editor = format!("{told}; :");
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("PAGER", &*pager),
        ("EDITOR", &*editor),
    ];
    let args = ["-q", "--secret-command", &*program, &*target];
    let mut pty = Pty::spawn(&args, &env, COLS, ROWS);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    for line in [format!("!{told}"), format!("Ping | {told}; cat")] {
        pty.type_line(&line);
        pty.wait_typed(&prompt);
    }
    pty.type_line("ListCommands");
    pty.wait_line("WaitEvent");
    pty.wait_typed(&prompt);
    pty.type_line("/edit");
    pty.wait_typed(&format!("{prompt}ListCommands"));
    let told = std::fs::read_to_string(pty.home().join("told")).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines.len(),
        5,
        "the command, !, |, the pager, the editor: {told}"
    );
    for line in lines {
        assert!(line.ends_with(" got <> demo"), "{told}");
    }
}

// A user restricted to this shell must not get a local one from the pager,
// whatever the environment says.
#[test]
fn without_a_local_shell_the_pager_is_less_and_starts_nothing() {
    if !Path::new("/usr/bin/less").exists() && !Path::new("/bin/less").exists() {
        return crate::support::skipped("there is no less in /usr/bin or /bin");
    }
    let pbx = crate::shell::pbx();
    let target = pbx.addr().to_string();
    let path = format!(".:{}", std::env::var("PATH").unwrap());
    for pager in ["touch ran; cat", ""] {
        let env = [
            ("AMISH_SECRET", "demo"),
            ("AMISH_USER", "demo"),
            ("PAGER", pager),
            ("PATH", &path),
            ("LESS", "-R"),
            ("LESSOPEN", "|-touch ran; cat"),
            ("LESSSECURE_ALLOW", "shell"),
        ];
        let args = ["-q", "--no-shell", &*target];
        let mut pty = Pty::spawn(&args, &env, COLS, ROWS);
        let prompt = format!("demo@{target}> ");
        pty.wait_typed(&prompt);
        let own = pty.home().join("less");
        std::fs::write(&own, "#!/bin/sh\ntouch ran\ncat\n").unwrap();
        let runs = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&own, runs).unwrap();
        pty.type_line("ListCommands");
        pty.wait_for("less", |screen| {
            rows(screen)
                .last()
                .is_some_and(|row| row.starts_with("q leaves"))
        });
        pty.type_text("!");
        pty.wait_for("a refusal", |screen| {
            rows(screen).iter().any(|row| row.contains("not available"))
        });
        pty.type_text("\rq");
        pty.wait_typed(&prompt);
        assert!(!pty.home().join("ran").exists(), "PAGER={pager}");
    }
}

// A secret belongs to one user: with that of the first nobody else gets in, and
// without a question there would be no way to give another.
#[test]
fn another_user_of_the_same_server_is_asked_for_the_secret() {
    let pbx = pbx();
    let start = pbx.addr().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    write_own(&file, SECRET);
    let file = file.to_str().unwrap();
    let env = [("AMISH_USER", "option"), ("AMISH_SECRET", SECRET)];
    for (args, env) in [
        (&["-q", &start][..], &env[..]),
        (&["-q", "--secret-file", file, &start], &env[..1]),
    ] {
        let mut pty = Pty::spawn(args, env, COLS, ROWS);
        pty.wait_typed(&format!("option@{start}> "));
        pty.type_line(&format!("/connect profile@{start}"));
        pty.wait_line("Secret for profile:");
        pty.wait_silent();
        pty.type_line("hunter2");
        pty.wait_typed(&format!("profile@{start}> "));
        pty.type_line(&format!("/connect OPTION@{start}"));
        pty.wait_typed(&format!("OPTION@{start}> "));
    }
}
