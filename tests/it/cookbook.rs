//! The recipes of the manual, each run as printed, against its own PBX with
//! some activity, and the output compared.

use crate::program::AMISH;
use crate::servers::simulator;
use amish::simulator::Simulator;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

struct Recipe<'a> {
    title: &'a str,
    shell: &'a str,
    prints: &'a str,
}

fn recipes(book: &str) -> Vec<Recipe<'_>> {
    let block = |text: &'static str| {
        move |recipe: &'_ str| {
            let (_, after) = recipe.split_once(text)?;
            Some(after.split_once("```").unwrap().0.to_owned().leak() as &str)
        }
    };
    let parts = book.split("\n## ").skip(1);
    parts
        .map(|recipe| Recipe {
            title: recipe.lines().next().unwrap(),
            shell: block("```sh\n")(recipe).expect("what is typed"),
            prints: block("```text\n")(recipe).expect("what is printed"),
        })
        .collect()
}

/// The state before a recipe, by a word of its title.
const BEFORE: [(&str, &[&str]); 9] = [
    (
        "of an extension",
        &["Originate Channel=PJSIP/101 Application=Wait Data=600"],
    ),
    (
        "Remove a member",
        &[
            "QueueAdd sales Local/201@default",
            "QueueAdd empty Local/201@default",
        ],
    ),
    ("is calling", &[CALL]),
    ("each technology", &[CALL]),
    ("Record", &[CALL]),
    ("too many", &[WAITING]),
    ("queue is empty", &[WAITING]),
    (
        "AstDB",
        &[
            "DBPut night mode on",
            "DBPut night/at greeting 'good \\ night'",
        ],
    ),
    (
        "Move all",
        &[
            "QueueAdd sales Local/201@default MemberName=\"Ann O'Neil\"",
            "QueueAdd sales Local/202@default MemberName=Ben",
        ],
    ),
];

const CALL: &str =
    "Originate Channel=Local/110@default Application=Wait Data=600 CallerID='Ann <201>'";
const WAITING: &str = "Originate Channel=Local/310@default Application=Wait Data=600";

fn run(home: &Path, text: &str) -> (String, String, bool) {
    let bin = Path::new(AMISH).parent().unwrap().display();
    let path = std::env::var("PATH").unwrap_or_default();
    let done = Command::new("sh")
        .args(["-c", text])
        .env_clear()
        .env("HOME", home)
        .env("PATH", format!("{bin}:{path}"))
        .current_dir(home)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace('\r', "");
    (text(done.stdout), text(done.stderr), done.status.success())
}

fn prepare(home: &Path, [pbx, branch]: [&Simulator; 2], title: &str) {
    let folder = home.join(".config/amish");
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("config.toml");
    let profile = |name: &str, pbx: &Simulator| {
        let target = pbx.addr();
        format!("[profile.{name}]\ntarget = \"demo@{target}\"\nsecret = \"demo\"\n")
    };
    let text = profile("pbx", pbx) + &profile("branch", branch);
    crate::support::write_own(&config, &text);
    for (word, lines) in BEFORE {
        if title.contains(word) && !lines.is_empty() {
            std::fs::write(home.join("before"), lines.join("\n")).unwrap();
            let (_, err, well) = run(home, "amish -q pbx -f before");
            assert!(well, "before {title}: {err}");
        }
    }
}

/// Activity during a recipe, repeated until it is done.
fn meanwhile(home: &Path, pbx: &Simulator, title: &str) {
    if title.contains("hangup") {
        let cause = [("Cause", "17"), ("Cause-txt", "User busy")];
        let call = [("Channel", "PJSIP/7-1"), ("CallerIDNum", "07")];
        pbx.emit("Hangup", "call", &[call, cause].concat());
    }
    if title.contains("trunk") {
        let trunk = [("Peer", "SIP/trunk"), ("PeerStatus", "Unreachable")];
        pbx.emit("PeerStatus", "system", &trunk);
    }
    if title.contains("queue is empty") {
        run(home, "amish -q pbx Hangup 'Channel=/^Local/'");
    }
}

#[test]
fn every_recipe_does_what_it_says() {
    let recipes = recipes(include_str!("../../src/generate/manual/cookbook.md"));
    assert!(recipes.len() >= 20, "twenty tasks");
    let one = |recipe: &Recipe<'_>| {
        let home = tempfile::TempDir::new().unwrap();
        let [pbx, branch] = [simulator(), simulator()];
        prepare(home.path(), [&pbx, &branch], recipe.title);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    meanwhile(home.path(), &pbx, recipe.title);
                    // Not a flood.
                    std::thread::sleep(Duration::from_millis(5));
                }
            });
            let (out, err, _) = run(home.path(), recipe.shell);
            done.store(true, Ordering::Relaxed);
            (out != recipe.prints).then(|| {
                let Recipe { title, prints, .. } = recipe;
                format!("## {title}\nprints\n{out}{err}instead of\n{prints}")
            })
        })
    };
    let wrong: Vec<String> = recipes.iter().filter_map(one).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
