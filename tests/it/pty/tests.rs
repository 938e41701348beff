use super::*;

fn shell(text: &str) -> Pty {
    Pty::program("/bin/sh", &["-c", text], &[], 40, 10)
}

// Ctrl-C, the prompt for a secret and job control need it.
#[test]
fn the_terminal_is_the_programs_own() {
    let pty = shell("test -t 0 && test -t 1 && test -t 2 && echo here >/dev/tty; exit 7");
    pty.wait_line("here");
    assert_eq!(pty.exit_code(), 7);
}

#[test]
fn keys_signals_and_sizes_arrive() {
    let mut pty = shell(
        // A trap ends the read that it interrupts.
        "trap 'echo interrupted' INT; trap 'echo resized; stty size' WINCH; stty size; echo ready; \
         while :; do read line && echo \"<$line>\"; done",
    );
    pty.wait_line("10 40");
    pty.wait_line("ready");
    pty.type_line("typed");
    pty.wait_line("<typed>");
    pty.resize(50, 12);
    pty.type_line("again");
    pty.wait_line("resized");
    pty.wait_line("12 50");
    pty.key(Key::Ctrl('c'));
    // A resize just before the read begins takes effect only after it.
    pty.type_line("on");
    pty.wait_line("interrupted");
    pty.signal(Signal::SIGKILL);
    assert_eq!(pty.exit_code(), 128 + 9);
}

// rustyline asks where the cursor is, and waits if nobody answers.
#[test]
fn the_terminal_says_where_its_cursor_is() {
    let pty = shell(
        "stty raw -echo; printf 'abc\\033[6n'; dd bs=1 count=6 2>/dev/null | od -c | head -1",
    );
    pty.wait_line("033");
    pty.wait_line("1   ;   4   R");
    assert_eq!(pty.exit_code(), 0);
}
