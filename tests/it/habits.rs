//! Habits from other shells: aliases, function keys, the keys of vi, an editor.

use crate::pty::{Key, Pty};
use crate::shell::pbx;
use crate::support::write_own;
use amish::simulator::Simulator;

/// A shell with this configuration at its first prompt, and the prompt.
fn shell(pbx: &Simulator, config: &str, env: &[(&str, &str)]) -> (Pty, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    write_own(&path, config);
    let target = pbx.addr().to_string();
    let own = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("AMISH_CONFIG", path.to_str().unwrap()),
    ];
    let env: Vec<_> = own.iter().chain(env).copied().collect();
    let args = ["--color", "never", "-o", "packet", &*target];
    let pty = Pty::spawn(&args, &env, 100, 30);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    (pty, prompt, folder)
}

fn heard(pbx: &Simulator, part: &str) -> bool {
    pbx.received().iter().any(|one| one.contains(part))
}

#[test]
fn an_alias_stands_for_the_beginning_of_a_line() {
    let pbx = pbx();
    let config = "[alias]\np = 'Ping'\nping = 'Getvar Variable=X'\nc = 'cli'\n";
    let (mut pty, prompt, _folder) = shell(&pbx, config, &[]);
    pty.type_line("p ActionID=one");
    pty.wait_line("ActionID: one");
    // The Action of that name still works.
    pty.type_line("Ping ActionID=two");
    pty.wait_line("ActionID: two");
    pty.type_line("ping ActionID=three");
    pty.wait_typed(&prompt);
    pty.type_line("c core show uptime");
    pty.wait_line("System uptime");
    pty.wait_typed(&prompt);
    for (id, action) in [("one", "Ping"), ("two", "Ping"), ("three", "Getvar")] {
        let of = |one: &String| one.contains(&format!("ActionID: {id}"));
        let request = pbx.received().into_iter().find(of).unwrap();
        assert!(request.contains(&format!("Action: {action}")), "{request}");
    }
}

// Users check a queue while typing something long.
#[test]
fn a_function_key_gives_the_half_typed_line_back() {
    let pbx = pbx();
    let config = "[keys]\nF1 = 'Ping ActionID=f1'\nF5 = 'Ping ActionID=f5'\n";
    let (mut pty, prompt, _folder) = shell(&pbx, config, &[]);
    pty.type_text("Ping ActionID=whole");
    pty.wait_typed(&format!("{prompt}Ping ActionID=whole"));
    for _ in 0.."whole".len() {
        pty.key(Key::Left);
    }
    pty.type_text("\x1bOP");
    pty.wait_line("ActionID: f1");
    pty.wait_typed(&format!("{prompt}Ping ActionID=whole"));
    pty.type_text("\x1b[15~");
    pty.wait_line("ActionID: f5");
    pty.wait_typed(&format!("{prompt}Ping ActionID=whole"));
    // The cursor is where it was.
    pty.type_line("a-");
    pty.wait_line("ActionID: a-whole");
}

// In vi mode rustyline takes Ctrl-D for Enter: a half-typed line would be sent.
#[test]
fn in_vi_mode_ctrl_d_sends_nothing() {
    let pbx = pbx();
    let (mut pty, prompt, _folder) = shell(&pbx, "[keys]\nedit_mode = 'vi'\n", &[]);
    pty.type_text("Ping ActionID=half");
    pty.key(Key::Ctrl('d'));
    pty.type_text("-whole");
    pty.wait_typed(&format!("{prompt}Ping ActionID=half-whole"));
    // Escape, to the beginning, and one word forward: this is vi mode.
    pty.type_bytes(b"\x1b");
    pty.type_text("0wiX");
    pty.wait_typed(&format!("{prompt}Ping XActionID=half-whole"));
    pty.type_bytes(b"\x1b\x04\x1b");
    pty.type_text("xiY\r");
    pty.wait_typed(&prompt);
    assert!(!heard(&pbx, "half\n") && !heard(&pbx, "XAction"));
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
}

// Editors save and quit in one step; that alone must not run the text.
#[test]
fn what_was_edited_is_offered_and_not_run() {
    let pbx = pbx();
    let (mut pty, prompt, folder) = shell(&pbx, "", &[("EDITOR", "sh ./editor")]);
    let script = "stat -c %a \"$1\" >mode; cat \"$1\" >before; sed -i s/one/two/ \"$1\"\n";
    std::fs::write(pty.home().join("editor"), script).unwrap();
    pty.type_line("Ping ActionID=one");
    pty.wait_line("ActionID: one");
    pty.type_line("/edit");
    pty.wait_typed(&format!("{prompt}Ping ActionID=two"));
    assert!(!heard(&pbx, "ActionID: two"));
    let read = |name: &str| std::fs::read_to_string(pty.home().join(name)).unwrap();
    assert_eq!(
        (&*read("mode"), &*read("before")),
        ("600\n", "Ping ActionID=one\n")
    );
    pty.key(Key::Enter);
    pty.wait_line("ActionID: two");
    // The line that is being typed.
    pty.type_text("Ping ActionID=one-more\x18\x05");
    pty.wait_typed(&format!("{prompt}Ping ActionID=two-more"));
    // An editor that fails changes nothing.
    std::fs::write(pty.home().join("editor"), "exit 3\n").unwrap();
    pty.type_text("\x18\x05");
    pty.wait_line("sh ./editor ended with exit status: 3; the line is unchanged");
    pty.wait_typed(&format!("{prompt}Ping ActionID=two-more"));
    // Several lines run one after the other.
    let script = "printf 'Ping ActionID=x\\nPing ActionID=y\\n' >\"$1\"\n";
    std::fs::write(pty.home().join("editor"), script).unwrap();
    pty.type_text("\x18\x05");
    pty.wait_line("Ping ActionID=y");
    pty.key(Key::Enter);
    pty.wait_line("ActionID: x");
    pty.wait_line("ActionID: y");
    drop(folder);
}
