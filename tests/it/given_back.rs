//! The terminal is restored, whatever ends amish.

use crate::pair::pair;
use crate::program::{AMISH, signal};
use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::servers::simulator;
use crate::support::{BOUND, clean, code_of, until};
use amish::cli::Cli;
use amish::engine::Rules;
use amish::output::{Form, Look, Palette, Printer};
use amish::session::{self, Classes, Session};
use amish::settings::{Settings, starter::heeded};
use amish::shell;
use nix::sys::signal::Signal;
use rustix::termios::{InputModes, LocalModes};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// The signals that end amish. Under `nohup`, in which the tests may run, a
/// hangup does not.
fn ends() -> Vec<Signal> {
    let ends = [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];
    let heeded = heeded(&ends.map(|signal| signal as i32));
    let ends = ends.into_iter();
    ends.filter(|signal| heeded.contains(&(*signal as i32)))
        .collect()
}

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "demo")];

/// After the end: echo, line editing and signal keys are on, bracketed paste is
/// off.
#[track_caller]
fn assert_given_back(pty: &Pty, what: &str) {
    let modes = pty.modes();
    let local = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
    assert!(modes.local_modes.contains(local), "{what}: {modes:?}");
    assert!(
        modes.input_modes.contains(InputModes::ICRNL),
        "{what}: {modes:?}"
    );
    let written = pty.bytes();
    let last = |mark: &[u8]| written.windows(mark.len()).rposition(|part| part == mark);
    assert!(
        last(b"\x1b[?2004l") >= last(b"\x1b[?2004h"),
        "{what}: pastes are marked"
    );
}

/// Brings a shell at its prompt into some state.
type Step = fn(&mut Pty);

// An operator in an emergency must not be left with a terminal that shows
// nothing of what is typed.
#[test]
fn a_signal_at_any_moment_of_a_line_gives_the_terminal_back() {
    let steps: [(&str, Step); 6] = [
        ("the prompt", |_| {}),
        ("half a line", |pty| {
            pty.type_text("Ping Act");
            pty.wait_line("> Ping Act");
        }),
        ("a raw packet", |pty| {
            pty.type_line("Action: Ping");
            pty.wait_typed("…");
        }),
        ("a search", |pty| {
            pty.type_line("Ping");
            pty.wait_line("Pong");
            pty.key(Key::Ctrl('r'));
            pty.wait_line("reverse-i-search");
        }),
        ("a question", |pty| {
            pty.type_line("QueueReset");
            pty.wait_typed("send it? [y/N] ");
        }),
        ("a list of candidates", |pty| {
            pty.type_text("Q");
            pty.key(Key::Tab);
            // Before the server has listed its Actions, there are more.
            pty.wait_line("QueueAdd");
        }),
    ];
    let pbx = simulator();
    let target = pbx.addr().to_string();
    for (what, step) in steps {
        for signal in ends() {
            let before = goodbyes(&pbx);
            let mut pty = Pty::spawn(&["-u", "demo", &target], &SECRET, 80, 6);
            pty.wait_typed(&format!("demo@{target}>"));
            step(&mut pty);
            pty.signal(signal);
            assert_eq!(pty.exit_code(), 128 + signal as i32, "{what}");
            assert_given_back(&pty, &format!("{signal} at {what}"));
            assert_eq!(goodbyes(&pbx), before + 1, "{signal} at {what}: no Logoff");
        }
    }
}

fn goodbyes(pbx: &amish::simulator::Simulator) -> usize {
    let received = pbx.received();
    received
        .iter()
        .filter(|one| one.contains("Action: Logoff"))
        .count()
}

// The terminal's modes differ here: nothing typed is echoed, and keys make
// signals.
#[test]
fn a_signal_while_an_answer_is_awaited_gives_the_terminal_back() {
    let sent = ends().into_iter().map(|signal| (signal, None));
    for (signal, key) in sent.chain([(Signal::SIGQUIT, Some(Key::Ctrl('\\')))]) {
        let (asked, is_asked) = channel();
        let server = Scripted::logged_in(move |conversation| {
            while let Some(request) = conversation.hear() {
                if request.get("Action") == Some("Ping") {
                    asked.send(()).expect("the test waits");
                }
            }
        });
        let target = server.target();
        let mut pty = Pty::spawn(&["-u", "demo", &target], &SECRET, 80, 24);
        pty.wait_typed(&format!("demo@{target}>"));
        pty.type_line("Ping");
        is_asked.recv_timeout(BOUND).expect("it is sent");
        match key {
            Some(key) => pty.key(key),
            None => pty.signal(signal),
        }
        assert_eq!(pty.exit_code(), 128 + signal as i32);
        assert_given_back(&pty, &format!("{signal} while waiting"));
    }
}

#[test]
fn a_signal_at_the_question_for_the_secret_gives_the_terminal_back() {
    let pbx = simulator();
    let target = format!("demo@{}", pbx.addr());
    for signal in ends().into_iter().chain([Signal::SIGINT]) {
        let pty = Pty::spawn(&[&target], &[], 80, 24);
        pty.wait_line("Secret for demo:");
        pty.wait_silent();
        pty.signal(signal);
        assert_eq!(pty.exit_code(), 128 + signal as i32);
        assert_given_back(&pty, &format!("{signal} at the question"));
    }
}

/// amish at its prompt, on a terminal that can go away.
pub fn on_a_mortal_terminal(target: &str, hangup: &str) -> (Child, File) {
    let (mut master, slave) = pair(80, 24);
    let stdio = || Stdio::from(slave.try_clone().expect("a descriptor"));
    let script = format!("trap {hangup} HUP; exec {AMISH} -u demo {target}");
    let home = tempfile::tempdir().expect("a temporary directory");
    let mut command = Command::new("setsid");
    clean(&mut command, home.path());
    command.args(["--ctty", "--wait", "sh", "-c", &script]);
    command.env("AMISH_SECRET", "demo").env("TERM", "xterm");
    command.stdin(stdio()).stdout(stdio()).stderr(stdio());
    let child = command.spawn().expect("setsid");
    drop((command, slave));
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !seen.windows(2).any(|two| two == b"> ") {
        let count = master.read(&mut buffer).expect("it writes");
        seen.extend_from_slice(&buffer[..count]);
    }
    (child, master)
}

// A closed window or a dropped line: an amish that stays would hold a session,
// or spin. This applies even if the signal is ignored.
#[test]
fn without_a_terminal_the_shell_logs_off_and_ends() {
    for hangup in ["-", "''"] {
        let pbx = simulator();
        let (mut child, master) = on_a_mortal_terminal(&pbx.addr().to_string(), hangup);
        drop(master);
        let code = end(&mut child);
        assert_eq!(code, 129, "trap {hangup} HUP");
        assert!(goodbyes(&pbx) > 0, "trap {hangup} HUP: no Logoff");
    }
}

/// The exit code of a process that ends soon.
#[track_caller]
pub fn end(child: &mut Child) -> i32 {
    let mut status = None;
    until("it does not end", || {
        status = child.try_wait().expect("a child");
        status.is_some()
    });
    code_of(status.expect("it ended"))
}

// Ctrl-S, or a line that hangs: a terminal that accepts no output must not keep
// amish and its session alive forever.
#[test]
fn at_a_terminal_that_takes_nothing_more_the_shell_ends() {
    let pbx = simulator();
    let (mut child, mut master) = on_a_mortal_terminal(&pbx.addr().to_string(), "-");
    master.write_all(b"/events user\r").expect("it reads");
    let ring = || pbx.emit("UserEvent", "user", &[("Text", &"x".repeat(500))]);
    until("no event is shown", || {
        ring();
        rustix::io::ioctl_fionread(&master).expect("a terminal") >= 4_000
    });
    // More than any terminal buffers.
    (0..400).for_each(|_| ring());
    signal(&child, Signal::SIGTERM);
    assert_eq!(end(&mut child), 143);
}

/// The target of a shell with a bug; set when this binary is run again.
const BUGGY: &str = "AMISH_TEST_BUGGY_SHELL";

/// Not a test by itself: a shell in which `/connect` panics.
#[test]
fn a_shell_with_a_bug() {
    let Ok(target) = std::env::var(BUGGY) else {
        return;
    };
    let address: SocketAddr = target.parse().expect("an address");
    let args = ["amish", "--no-login", &target].map(OsString::from);
    let (cli, lines) = Cli::read(args, std::iter::empty()).expect("options");
    let settings = Settings::new(cli, lines, |_| None).expect("settings");
    let session = Session::connect(session::Config {
        host: address.ip().to_string(),
        port: address.port(),
        tls: None,
        connect_timeout: BOUND,
        patience: BOUND,
        buffer: 1 << 20,
        reconnect: false,
        keepalive: session::Keepalive::default(),
        trace: Default::default(),
        challenged: Default::default(),
        poller: None,
        built_in: None,
        ready_mark: None,
    });
    let context = shell::Context {
        settings: &settings,
        rules: Rules::default(),
        printer: Printer::new(
            Form::Table,
            Look {
                palette: Palette::OFF,
                terminal: true,
                width: 80,
                now: None,
            },
            target,
        ),
        connect: Arc::new(|_| panic!("a bug was met")),
        notes: &channel().1,
        events: Classes::NONE,
    };
    let _ = shell::run(Arc::new(session.expect("a session")), context);
}

// While connecting to a silent port the main thread reads no keys; the previous
// session must end in an orderly way all the same.
#[test]
fn a_signal_while_another_server_is_awaited_gives_the_terminal_back() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    for signal in ends() {
        let before = goodbyes(&pbx);
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut pty = Pty::spawn(&["-u", "demo", &target], &SECRET, 80, 24);
        pty.wait_typed(&format!("demo@{target}>"));
        pty.type_line(&format!("/connect {}", silent.local_addr().expect("one")));
        let waits = silent.accept().expect("it connects");
        pty.signal(signal);
        assert_eq!(pty.exit_code(), 128 + signal as i32);
        assert_given_back(&pty, &format!("{signal} while connecting"));
        assert_eq!(goodbyes(&pbx), before + 1, "{signal}: no Logoff");
        drop(waits);
    }
}

// To report the bug, the user must be able to read the message and to type.
#[test]
fn a_panic_gives_the_terminal_back() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let program = std::env::current_exe().expect("this test");
    let args = ["--exact", "given_back::a_shell_with_a_bug", "--nocapture"];
    let env = [(BUGGY, target.as_str())];
    let mut pty = Pty::program(program.to_str().expect("its path"), &args, &env, 80, 24);
    pty.wait_typed(&format!("{target}>"));
    pty.type_line("/connect 127.0.0.1");
    pty.wait_line("a bug was met");
    assert_eq!(pty.exit_code(), 101, "of the test that panicked");
    assert_given_back(&pty, "a panic");
}
