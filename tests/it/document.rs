//! The blocks of a Markdown document, and their commands run as by someone who
//! reads it from the top.

use crate::program::AMISH;
use crate::secured::{Identity, NEW, Secured};
use crate::servers::simulator_with;
use crate::support::write_own;
use amish::simulator::{Config, Simulator, User};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

/// The text of `file` in the project.
pub fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The blocks of `text` in `language`.
pub fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    let parts: Vec<&str> = text.split(&begin[..]).skip(1).collect();
    let block = |rest: &'a str| rest.split("```").next().unwrap();
    parts.into_iter().map(block).collect()
}

/// The typed lines of every `console` block, each joined with its
/// here-document.
pub fn commands(text: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for line in blocks(text, "console")
        .iter()
        .flat_map(|block| block.lines())
    {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push(command.to_owned()),
            (None, Some(last)) => *last = format!("{last}\n{line}"),
            (None, None) => panic!("{line}: a block begins with a command"),
        }
    }
    commands
}

/// Someone at home on a machine, with a PBX that is called pbx.example.com and
/// has the user admin.
pub struct Reader {
    home: tempfile::TempDir,
    pbx: Simulator,
    secured: Secured,
}

impl Reader {
    pub fn new() -> Reader {
        let pbx = simulator_with(Config {
            users: vec![User::new("admin", "secret", "all", "all")],
            ..Config::default()
        });
        let home = tempfile::TempDir::new().unwrap();
        write_own(&home.path().join(".secret"), "secret\n");
        let identity = Identity::self_signed(&["127.0.0.1", "pbx"]);
        std::fs::write(home.path().join("pbx.pem"), &identity.pem).unwrap();
        let secured = Secured::before(pbx.addr(), identity, NEW);
        Reader { home, pbx, secured }
    }

    /// A profile for the PBX, as `amish init` leaves one.
    pub fn with_profile(self, name: &str) -> Reader {
        let options = "-u admin --secret-file ~/.secret --rights all";
        let done = self.run(&format!(
            "amish init pbx.example.com {options} --name {name}"
        ));
        assert!(done.status.success(), "{done:?}");
        self
    }

    /// Types all of `commands`, one after the other, while something happens on
    /// the PBX that a stream can show. Each must succeed.
    pub fn types(&self, commands: &[String]) {
        let is_done = AtomicBool::new(false);
        let failed = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    let call = [("Channel", "PJSIP/101-1")];
                    self.pbx.emit("Newchannel", "call", &call);
                    std::thread::yield_now();
                }
            });
            let failed = commands.iter().find_map(|command| {
                let done = self.run(command);
                let err = String::from_utf8_lossy(&done.stderr).into_owned();
                (!done.status.success()).then(|| format!("$ {command}\n{err}"))
            });
            is_done.store(true, Ordering::Relaxed);
            failed
        });
        assert_eq!(failed, None, "{}", failed.as_deref().unwrap_or_default());
    }

    fn run(&self, command: &str) -> Output {
        let address = match command.contains("amis://") || command.contains("--tls") {
            true => self.secured.address,
            false => self.pbx.addr(),
        };
        let here = command.replace("pbx.example.com", &address.to_string());
        let bin = Path::new(AMISH).parent().unwrap().display();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut sh = Command::new("sh");
        sh.args(["-c", &here]).env_clear();
        sh.env("HOME", self.home.path());
        sh.env("PATH", format!("{bin}:{path}"));
        sh.env("AMISH_USER", "admin");
        sh.env("AMISH_SECRET", "secret");
        sh.current_dir(self.home.path()).output().unwrap()
    }
}

/// The chapters of the manual, in the order in which `amish help` lists them.
pub fn chapters() -> Vec<(String, String)> {
    let list = crate::program::amish("help").run().out;
    let heads = |line: &&str| !line.starts_with("  topic ");
    let below = list.lines().skip_while(heads).skip(2);
    let rows = below.take_while(|line| !line.is_empty());
    let names = rows.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty());
    names
        .map(|name| (name.to_owned(), read(&chapter(name))))
        .collect()
}

fn chapter(name: &str) -> String {
    format!("src/generate/manual/{name}.md")
}

/// The files that the chapters are in.
pub fn chapter_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generate/manual");
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
