//! amish as its users run it: the binary, with its own arguments, input and
//! environment.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program of this build.
pub const AMISH: &str = env!("CARGO_BIN_EXE_amish");

/// A test that hangs is killed after this time, and fails.
const LIMIT: Duration = Duration::from_secs(60);

/// One run being prepared.
pub struct Amish {
    command: Command,
    input: Vec<u8>,
    home: TempDir,
}

/// The result of a run.
#[derive(Debug)]
pub struct Done {
    pub out: String,
    pub err: String,
    /// As reported by a shell: 128+n for signal n.
    pub code: i32,
    pub took: Duration,
}

/// amish with `args`, separated by blanks.
pub fn amish(args: &str) -> Amish {
    crate::support::heed_signals();
    let home = TempDir::new().unwrap();
    let mut command = Command::new(AMISH);
    command.args(args.split_whitespace());
    // Tests must not depend on the user who runs them, or change their files.
    command
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Amish {
        command,
        input: Vec::new(),
        home,
    }
}

/// amish against `address` as `admin`, whose secret is in the environment.
pub fn amish_at(address: SocketAddr, user: &str, secret: &str, args: &str) -> Amish {
    amish(&format!("-u {user} {address} {args}")).env("AMISH_SECRET", secret)
}

impl Amish {
    /// Adds an argument, which may contain blanks.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Amish {
        self.command.arg(arg);
        self
    }

    pub fn env(self, key: &str, value: &str) -> Amish {
        self.env_bytes(key, value.as_bytes())
    }

    pub fn env_bytes(mut self, key: &str, value: &[u8]) -> Amish {
        self.command.env(key, OsStr::from_bytes(value));
        self
    }

    /// The input, through a pipe.
    pub fn input(mut self, input: impl AsRef<[u8]>) -> Amish {
        self.input = input.as_ref().to_vec();
        self
    }

    /// Its working directory and home.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Adds a file to its directory, accessible only to its owner.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Amish {
        self.file_with(0o600, name, text)
    }

    pub fn file_with(self, mode: u32, name: &str, text: impl AsRef<[u8]>) -> Amish {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    /// Without a terminal device, so that nobody can be asked.
    pub fn without_terminal(mut self) -> Amish {
        let mut command = Command::new("setsid");
        command
            .arg("--wait")
            .arg(AMISH)
            .args(self.command.get_args());
        command.env_clear().current_dir(self.home.path());
        command.envs(
            self.command
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        );
        self.command = command;
        self
    }

    /// Runs it by a line of `sh`, which may change what amish inherits.
    pub fn through_sh(mut self, line: &str) -> Amish {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        command.env_clear().current_dir(self.home.path());
        command.envs(
            self.command
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        );
        self.command = command;
        self
    }

    /// Starts it and leaves the pipes to the test.
    pub fn spawn(mut self) -> (Child, TempDir) {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        (self.command.spawn().unwrap(), self.home)
    }

    /// Runs it to the end.
    pub fn run(self) -> Done {
        let input = self.input.clone();
        let (child, _home) = self.spawn();
        finish(child, &input)
    }
}

/// Types into a running amish, whose input stays open.
pub fn type_in(child: &mut Child, text: &str) {
    let input = child.stdin.as_mut().unwrap();
    input.write_all(text.as_bytes()).unwrap();
}

/// The next packet printed by a running amish, which must be idle otherwise:
/// nothing may follow the packet yet.
pub fn packet_of(child: &mut Child) -> String {
    let output = child.stdout.as_mut().unwrap();
    let mut packet = Vec::new();
    while !packet.ends_with(b"\n\n") {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap();
        packet.extend_from_slice(&byte);
    }
    String::from_utf8(packet).unwrap()
}

/// Sends `input` to `child` and waits for its end.
pub fn finish(mut child: Child, input: &[u8]) -> Done {
    let began = Instant::now();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that ends early leaves its input unread.
    let feeding = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = collect(child.stdout.take().unwrap());
    let err = collect(child.stderr.take().unwrap());
    let status = wait(&mut child, began);
    feeding.join().unwrap();
    Done {
        out: out.join().unwrap(),
        err: err.join().unwrap(),
        code: code(status),
        took: began.elapsed(),
    }
}

fn wait(child: &mut Child, began: Instant) -> std::process::ExitStatus {
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if began.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("amish did not end within {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap())
}

fn collect(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        from.read_to_end(&mut all).unwrap();
        String::from_utf8_lossy(&all).into_owned()
    })
}

/// Sends `signal` to a running amish.
pub fn signal(child: &Child, signal: nix::sys::signal::Signal) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(pid, signal).unwrap();
}
