//! What Tab inserts into the line if the server is hostile.

use super::shell;
use crate::pty::{Key, Pty, rows};
use crate::scripted::{Conversation, Scripted};

/// A server whose Actions are `listed`, and whose CLI completes to `words`.
fn server(listed: &'static str, words: &'static str) -> Scripted {
    Scripted::logged_in(move |conversation| serve(conversation, listed, words))
}

fn serve(conversation: &mut Conversation, listed: &str, words: &str) {
    while let Some(request) = conversation.hear() {
        let command = request.get("Command").unwrap_or_default();
        match request.get("Action").unwrap_or_default() {
            "ListCommands" => conversation.answer("Success", listed),
            "Command" if command.starts_with("_command") => {
                conversation.answer("Success", &format!("Output: x {words} _EOF_"));
            }
            "Command" if !command.starts_with("manager show command") => {
                conversation.answer("Success", "Output: of the server");
            }
            "Command" => {
                let id = conversation.id();
                let page = PAGE.replace("$ID", id).replace('\n', "\r\n");
                conversation.send(page.replace('^', "\n"));
            }
            "Logoff" => return conversation.answer("Goodbye", ""),
            _ => conversation.answer("Success", "Ping: Pong"),
        }
    }
}

/// A parameter with a line end in its name, written as `^` here.
const PAGE: &str = "Response: Success\nActionID: $ID\nOutput: [Syntax]\nOutput: Action: Evil\n\
    Output: [x^!touch${IFS}owned;#:] <value>\nOutput: [y^/save${IFS}owned;#:] <value>\nOutput: \n\
    Output: [Synopsis]\nOutput: Told at length.\nOutput: \n\n";

/// Waits until the list of Actions has come.
pub fn wait_listed(pty: &mut Pty, prompt: &str) {
    while !String::from_utf8_lossy(&pty.bytes()).contains("Known now.") {
        pty.type_line("help Ping");
        pty.wait_typed(prompt);
    }
    pty.type_text("\x0c");
    pty.wait_for("a clean screen", |screen| screen.cursor_position().0 == 0);
}

// The server names its Actions: one that is a local command would run at the
// next Enter, though the user typed only Tab and a line of their own.
#[test]
fn an_action_that_is_called_like_a_local_command_is_not_offered() {
    let listed = "!touch${IFS}owned;#: x (Priv: <none>)\n/save: owned (Priv: <none>)\nPing: Known now. (Priv: <none>)";
    let server = server(listed, "");
    for args in [&[][..], &["--no-shell", "--read-only"]] {
        let target = server.target();
        let args: Vec<&str> = args
            .iter()
            .copied()
            .chain(["-o", "packet", &*target])
            .collect();
        let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
        let mut pty = Pty::spawn(&args, &env, 100, 30);
        let prompt = format!("demo@{target}> ");
        pty.wait_typed(&prompt);
        wait_listed(&mut pty, &prompt);
        for begun in ["", "!", "/sa"] {
            pty.type_text(begun);
            pty.key(Key::Tab);
            pty.key(Key::Ctrl('a'));
            pty.key(Key::Ctrl('k'));
        }
        // The only name that can be typed.
        pty.key(Key::Tab);
        pty.wait_for("the other Action", |screen| {
            rows(screen)
                .iter()
                .any(|row| row.trim_end() == format!("{prompt}Ping"))
        });
        pty.key(Key::Enter);
        pty.wait_line("Ping: Pong");
        let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert!(!written.contains("owned"), "{written:?}");
        assert!(!pty.home().join("owned").exists());
    }
}

// The documentation names the keys: one that continues in a line of its own
// would run at the next Enter, hidden by a carriage return.
#[test]
fn a_key_that_holds_a_line_end_is_not_offered() {
    let listed =
        "Evil: x (Priv: <none>)\nPing: Known now. (Priv: <none>)\nCommand: x (Priv: <none>)";
    let server = server(listed, "");
    let (mut pty, prompt) = shell(&server.target(), "", &[], 30);
    wait_listed(&mut pty, &prompt);
    while !String::from_utf8_lossy(&pty.bytes()).contains("Told at length.") {
        pty.type_line("help Evil");
        pty.wait_typed(&prompt);
    }
    for begun in ["Evil x", "Evil y"] {
        pty.type_text(begun);
        pty.key(Key::Tab);
        pty.type_line("=1");
        pty.wait_line(&format!("{begun}=1"));
        pty.wait_typed(&prompt);
    }
    pty.type_line("Ping ActionID=after");
    pty.wait_line("ActionID: after");
    assert!(!pty.home().join("owned").exists(), "{}", pty.picture());
}

// A server's completion of a CLI line must not make it a pipe.
#[test]
fn a_word_of_the_cli_that_is_a_pipe_is_not_offered() {
    let listed = "Ping: Known now. (Priv: <none>)\nCommand: x (Priv: <none>)";
    let server = server(listed, "|");
    let (mut pty, prompt) = shell(&server.target(), "", &[], 30);
    wait_listed(&mut pty, &prompt);
    pty.type_text("cli core ");
    pty.key(Key::Tab);
    pty.type_line("ls");
    pty.wait_line("of the server");
    pty.wait_line(&format!("{prompt}cli core ls"));
}
