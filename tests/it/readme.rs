//! The README and its Chinese sister: their commands work, and are the same.

use crate::document::{Reader, blocks, chapters, commands, read};

const ENGLISH: &str = "README.md";
const CHINESE: &str = "README.zh-CN.md";

// Whoever copies a command from the first page, and gets an error, reads no
// second one.
#[test]
fn every_command_of_the_readme_works() {
    for file in [ENGLISH, CHINESE] {
        let commands = commands(&read(file));
        assert!(commands.len() > 8, "{file} shows commands");
        Reader::new().with_profile("office").types(&commands);
    }
}

// One of the two would be forgotten at the next change.
#[test]
fn both_readmes_have_the_same_commands_and_links() {
    let [english, chinese] = [ENGLISH, CHINESE].map(read);
    assert_eq!(commands(&english), commands(&chinese));
    let without_remark = |line: &str| {
        line.split(" #")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let shell = |text: &str| -> Vec<String> {
        let lines = blocks(text, "sh").join("\n");
        lines.lines().map(without_remark).collect()
    };
    assert_eq!(shell(&english), shell(&chinese));
    let links = |text: &str| -> Vec<String> {
        let parts = text.split("](").skip(1);
        let links = parts.filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.starts_with("README"));
        links.map(str::to_owned).collect()
    };
    assert_eq!(links(&english), links(&chinese));
    assert!(english.contains(&format!("]({CHINESE})")));
    assert!(chinese.contains(&format!("]({ENGLISH})")));
}

// The first page is read whole only if it is short, and a link to nothing is
// found by nobody else.
#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let text = read(ENGLISH);
    assert!(text.lines().count() < 250);
    links_lead_somewhere("", &text);
}

#[test]
fn the_links_of_the_manual_lead_somewhere() {
    for (_, text) in chapters() {
        links_lead_somewhere("src/generate/manual/", &text);
    }
}

/// The links of `text`, which is in `folder`.
fn links_lead_somewhere(folder: &str, text: &str) {
    for rest in text.split("](").skip(1) {
        let link = rest.split(')').next().unwrap();
        let (file, part) = link.split_once('#').unwrap_or((link, ""));
        let led = read(&format!("{folder}{file}")).to_lowercase();
        let heading = format!("# {}\n", part.replace('-', " "));
        assert!(part.is_empty() || led.contains(&heading), "{link}");
    }
}

// A package of another version is not there.
#[test]
fn the_readme_names_the_packages_of_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    for name in [
        format!("./amish_{version}-1_amd64.deb"),
        format!("./amish-{version}-1.x86_64.rpm"),
        format!("amish-{version}-x86_64-linux.tar.gz"),
    ] {
        assert!(read(ENGLISH).contains(&name), "{name}");
    }
}
