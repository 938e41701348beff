//! The manual: its commands work, its tables are those of the program, and it
//! can be read on a terminal and as a manual page.

use crate::document::{Reader, blocks, chapter_files, chapters, commands};
use crate::program::amish;
use crate::pty::Pty;
use amish::exit_code;
use amish::language::TABLE;
use std::process::Command;

fn text(name: &str) -> String {
    let chapter = chapters().into_iter().find(|(topic, _)| topic == name);
    chapter.unwrap().1
}

// A command that has become outdated is worse than none.
#[test]
fn every_command_of_the_manual_works() {
    let chapters = chapters();
    let commands: Vec<String> = chapters
        .iter()
        .flat_map(|(_, text)| commands(text))
        .collect();
    assert!(commands.len() > 40, "the manual shows commands");
    Reader::new().types(&commands);
}

// A chapter that is not listed is read by nobody.
#[test]
fn every_chapter_is_a_topic() {
    assert_eq!(chapters().len(), chapter_files().len());
}

// A key that amish does not take, in an example of the configuration, ends
// whatever is tried next.
#[test]
fn the_examples_of_the_configuration_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let mut count = 0;
    for (name, text) in chapters() {
        for block in blocks(&text, "toml") {
            crate::support::write_own(&path, block);
            let done = amish("--list-profiles")
                .env("AMISH_CONFIG", path.to_str().unwrap())
                .run();
            assert_eq!((done.code, &*done.err), (0, ""), "{name}: {block}");
            count += 1;
        }
    }
    assert!(count >= 2);
}

// The example is copied by whoever has no user yet: one that listens on
// loopback and permits an address elsewhere lets nobody in.
#[test]
fn the_example_of_manager_conf_lets_its_users_in() {
    let text = text("connecting");
    let mut blocks = blocks(&text, "ini").into_iter();
    let block = blocks.find(|text| text.contains("permit")).unwrap();
    let values = |key: &str| -> Vec<&str> {
        let lines = block.lines().filter_map(|line| line.split_once('='));
        let lines = lines.filter(|(name, _)| name.trim() == key);
        lines
            .map(|(_, value)| value.split([';', '/']).next().unwrap().trim())
            .collect()
    };
    let is_near = |address: &&str| address.starts_with("127.");
    assert_eq!(values("enabled"), ["yes"]);
    assert!(values("permit").len() > 1);
    for bound in values("bindaddr") {
        let permits = values("permit");
        assert!(!is_near(&bound) || permits.iter().all(is_near), "{block}");
    }
}

// A code or command missing from one of the four would be looked up in vain:
// the manual page once lacked 7.
#[test]
fn codes_and_commands_are_told_alike_everywhere() {
    let codes = text("exit-codes");
    let help = amish("--help").run().out;
    let manual = amish("--man").run().out.replace("\\-", "-");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(&help);
    for (code, meaning) in exit_code::TABLE {
        let name = code.name();
        let row = format!("| {name} | {meaning} |\n");
        assert!(codes.contains(&row), "the chapter needs {row}");
        let told = format!("{name} {meaning}");
        assert!(help.contains(&told), "--help needs {told}: {help}");
        let told = format!(".B {name}\n{meaning}\n");
        assert!(manual.contains(&told), "--man needs {told}");
    }
    let ranks = format!("the first of {}", exit_code::ranks());
    for text in [&codes, &help, &manual] {
        assert!(text.contains(&ranks), "{ranks}");
    }
    let commands = text("commands");
    for one in TABLE {
        let typed = format!("/{} {}", one.name, one.takes);
        let cell = |text: &str| text.trim().replace('|', "\\|");
        let row = format!("| `{}` | {} |\n", cell(&typed), cell(one.about));
        assert!(commands.contains(&row), "the chapter needs {row}");
        let named = help
            .split([' ', '.'])
            .any(|word| word == format!("/{}", one.name));
        assert!(named, "--help needs /{}", one.name);
        let told = format!(".B {}\n{}\n", typed.trim(), one.about);
        assert!(manual.contains(&told), "--man needs {told}");
    }
    let mut pty = Pty::spawn(&["--demo", "--no-pager"], &[], 120, 60);
    pty.wait_for("a prompt", |screen| screen.contents().contains("> "));
    pty.type_line("?");
    for one in TABLE {
        pty.wait_line(format!("/{} {}", one.name, one.takes).trim());
    }
}

// The page of the shell is where it is looked for first; a topic may be typed
// in part, and a wrong one names the right.
#[test]
fn help_prints_the_chapter_that_is_asked_for() {
    let list = amish("help").run();
    assert_eq!((list.code, &*list.err), (0, ""));
    assert!(list.out.contains("`help` in the shell"), "{}", list.out);
    for (name, text) in chapters() {
        let done = amish(&format!("help {name}")).run();
        assert_eq!((done.code, &*done.err), (0, ""), "{name}");
        let title = text.lines().next().unwrap().trim_start_matches("# ");
        let first = done.out.lines().next();
        assert_eq!(first, Some(&*title.to_uppercase()), "{name}");
        // Each example can be copied from there as it is.
        for command in commands(&text) {
            for line in command.lines() {
                assert!(done.out.contains(line), "{name}: {line}");
            }
        }
    }
    assert_eq!(amish("help scr").run().out, amish("help scripts").run().out);
    let wrong = amish("help evnets").run();
    assert_eq!((wrong.code, &*wrong.out), (2, ""));
    for word in ["did you mean events?", "cookbook", "help in the shell"] {
        assert!(wrong.err.contains(word), "{}", wrong.err);
    }
}

// Text beyond the edge of a terminal is hard to read, and a table falls apart.
// Lines of examples are longer than 80 columns and stay whole.
#[test]
fn help_fits_the_terminal() {
    let pages = chapters()
        .into_iter()
        .map(|(name, _)| amish(&format!("help {name}")).run().out);
    for page in pages {
        let text = page.lines().filter(|line| !line.starts_with("      "));
        for line in text {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let pty = Pty::spawn(&["help", "exit-codes"], &[], 44, 60);
    pty.wait_line("  code   meaning");
    pty.wait_line("  7      what was to come did not come:");
    pty.wait_line("         expect, --until, set, a grade of");
}

// Escape sequences in a file, or none on a terminal.
#[test]
fn help_has_colours_as_everything_else() {
    let has = |args: &str| amish(args).run().out.contains("\u{1b}[1m");
    assert!(!has("help scripts"));
    assert!(has("--color always help scripts"));
}

/// What `program` says of the manual page on standard input, on both streams;
/// None if it is not installed, which .ci/run makes sure of.
fn read_by(program: &str, args: &[&str]) -> Option<(String, String)> {
    let page = amish("--man").run().out;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), page).unwrap();
    let done = Command::new(program).args(args).arg(file.path()).output();
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            crate::support::skipped(&format!("{program}: {error}"));
            return None;
        }
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Some((text(done.stdout), text(done.stderr)))
}

// A quote that became another sign, or a line that was taken for a request, is
// noticed only by whoever copies the example.
#[test]
fn the_manual_page_shows_each_example_as_it_is() {
    let Some((page, err)) = read_by("groff", &["-man", "-Tutf8", "-P-c", "-ww"]) else {
        return;
    };
    assert_eq!(err, "");
    let shows = |line: &str| {
        page.lines()
            .any(|shown| shown.trim_start() == line.trim_start())
    };
    for (name, text) in chapters() {
        for command in commands(&text) {
            let (first, others) = command.split_once('\n').unwrap_or((&command, ""));
            assert!(shows(&format!("$ {first}")), "{name}: {first}");
            for line in others.lines() {
                assert!(shows(line), "{name}: {line}");
            }
        }
        for line in blocks(&text, "sh").join("\n").lines() {
            assert!(line.contains('…') || shows(line), "{name}: {line}");
        }
    }
}

// `-h` leaves out most options, and a page that followed it would have their
// names alone.
#[test]
fn every_term_of_the_manual_page_is_explained() {
    let page = amish("--man").run().out;
    let lines: Vec<&str> = page.lines().collect();
    let terms = lines.windows(3).filter(|three| three[0] == ".TP");
    for three in terms {
        let is_bare = [".TP", ".SH", ".SS"]
            .iter()
            .any(|one| three[2].starts_with(one));
        assert!(!is_bare, "{}", three[1]);
    }
}

// Systems have one of two readers. A date is left out, for it would be another
// at each build.
#[test]
fn mandoc_has_nothing_to_say_of_the_manual_page() {
    if let Some((told, err)) = read_by("mandoc", &["-Tlint", "-Wwarning"]) {
        let told = told.lines().filter(|line| !line.contains("missing date"));
        assert_eq!(told.collect::<Vec<_>>(), [""; 0]);
        assert_eq!(err, "");
    }
}
