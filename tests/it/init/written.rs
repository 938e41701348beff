//! What `init` writes, beside what others write to the same place.

use super::Home;
use crate::servers::simulator;
use std::os::unix::fs::PermissionsExt;

// The file is somebody's own: their comments, their order, and no profile of theirs
// is gone by mistake.
#[test]
fn a_profile_is_replaced_only_when_that_is_said() {
    let pbx = simulator();
    let home = Home::new("demo");
    let (before, after) = ("# mine\n\n", "\n[alias]\nq = \"QueueStatus\"\n");
    let own = "[profile.office]\ntarget = \"10.0.0.1\" # old\n";
    home.write("amish/config.toml", &format!("{before}{own}{after}"), 0o644);
    let args = format!(
        "init|{}|-u|demo|--secret-file|SECRET|--rights|all|--name|office",
        pbx.addr()
    );
    let done = home.run(&args);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.err
            .contains("there is a profile office already: --yes replaces it")
    );
    assert_eq!(
        home.read("amish/config.toml"),
        format!("{before}{own}{after}")
    );
    assert!(!home.path().join("amish/office.secret").exists());

    let done = home.run(&format!("{args}|--yes"));
    assert_eq!(done.code, 0, "{done:?}");
    let text = home.read("amish/config.toml");
    assert!(text.starts_with(before) && text.ends_with(after), "{text}");
    assert!(!text.contains("10.0.0.1"), "{text}");
    assert_eq!(home.mode("amish/config.toml"), 0o644);
    assert_eq!(home.run("office|Ping").code, 0);
}

// A playbook sets up a site in parallel: each of the profiles stays.
#[test]
fn profiles_that_are_made_at_once_are_all_there() {
    let pbx = simulator();
    let home = Home::new("demo");
    let names: Vec<String> = (0..6).map(|number| format!("n{number}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let args = format!(
                "init|{}|-u|demo|--secret-file|SECRET|--rights|stream|--name|{name}|--yes",
                pbx.addr()
            );
            let home = &home;
            scope.spawn(move || assert_eq!(home.run(&args).code, 0));
        }
    });
    let text = home.read("amish/config.toml");
    for name in &names {
        assert!(
            text.contains(&format!("[profile.{name}]")),
            "{name}: {text}"
        );
        assert_eq!(home.run(&format!("{name}|Ping")).code, 0, "{name}");
    }
}

// Whoever may write to the directory chooses where the secret goes.
#[test]
fn nothing_is_written_where_others_may_write() {
    let pbx = simulator();
    let home = Home::new("demo");
    home.write("open/other", "", 0o600);
    let open = home.path().join("open");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    std::os::unix::fs::symlink(&open, home.path().join("amish")).unwrap();
    let done = home.run(&format!(
        "init|{}|-u|demo|--secret-file|SECRET|--rights|all",
        pbx.addr()
    ));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.err.contains("others may write to it: chmod go-w"),
        "{}",
        done.err
    );
    assert_eq!(
        home.files(),
        ["amish", "amish/other", "open", "open/other", "s"]
    );
    assert!(pbx.received().is_empty(), "no secret is sent in vain");
}

// A link in the place of a file was made by somebody else.
#[test]
fn nothing_is_written_through_a_link() {
    let pbx = simulator();
    let home = Home::new("demo");
    home.write("other", "as it was", 0o600);
    home.write("amish/config.toml", "", 0o600);
    let link = home.path().join("amish/office.secret");
    std::os::unix::fs::symlink(home.path().join("other"), link).unwrap();
    let done = home.run(&format!(
        "init|{}|-u|demo|--secret-file|SECRET|--rights|all|--name|office|--yes",
        pbx.addr()
    ));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("it is a link"), "{}", done.err);
    assert_eq!(home.read("other"), "as it was");
    assert_eq!(home.read("amish/config.toml"), "");
}

// A name is checked wherever it comes from: this one is a path, a key and a word.
#[test]
fn the_name_of_a_profile_that_cannot_be_written_is_not_taken_over() {
    for name in ["é", "a.b", "../../x"] {
        let pbx = simulator();
        let home = Home::new("demo");
        let own = format!("[profile.\"{name}\"]\ntarget = \"{}\"\n", pbx.addr());
        home.write("amish/config.toml", &own, 0o600);
        let args = format!("init|{name}|-u|demo|--secret-file|SECRET|--rights|all|--yes");
        let done = home.run(&args);
        assert_eq!(done.code, 2, "{name}: {done:?}");
        let words = "a name is letters, digits, - and _; --name gives another";
        assert!(done.err.contains(words), "{name}: {}", done.err);
        assert_eq!(home.read("amish/config.toml"), own);
        assert_eq!(home.files(), ["amish", "amish/config.toml", "s"], "{name}");
        assert!(pbx.received().is_empty(), "{name}");

        let done = home.run(&format!("{args}|--name|office"));
        assert_eq!(done.code, 0, "{name}: {done:?}");
        assert!(home.read("amish/config.toml").starts_with(&own), "{name}");
        assert_eq!(home.run("office|Ping").code, 0, "{name}");
    }
}
