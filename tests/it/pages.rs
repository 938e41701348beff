//! The servers' documentation of their Actions, compared with what amish reads
//! from it; and the shell that asks for it in the background.

use crate::live::Client;
use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};
use crate::servers::{Server, servers, simulator, with};
use amish::ami::{Packet, Reply};
use amish::catalog::{Catalog, Listing, Origin, Page, pages};
use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Required and optional keys, according to `[Syntax]`.
type Keys = (Vec<String>, Vec<String>);

/// The lines of `[Syntax]` after `Action: NAME`, read differently than by
/// amish: only the text up to the next empty line.
fn syntax(text: &str) -> BTreeMap<String, Keys> {
    let mut all = BTreeMap::new();
    for part in text.split("[Syntax]\nAction: ").skip(1) {
        let mut lines = part.lines();
        let name = lines.next().unwrap_or_default().trim().to_owned();
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for line in lines.take_while(|line| !line.trim().is_empty()) {
            match line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(":] <value>"))
            {
                Some(key) => optional.push(key.to_owned()),
                None => required.push(line.strip_suffix(": <value>").expect(line).to_owned()),
            }
        }
        all.insert(name, (required, optional));
    }
    all
}

fn keys(page: &Page) -> Keys {
    let (required, optional): (Vec<_>, Vec<_>) =
        page.parameters.iter().partition(|one| one.required);
    let names =
        |all: Vec<&amish::catalog::Parameter>| all.iter().map(|one| one.key.to_string()).collect();
    (names(required), names(optional))
}

fn reply(mut packets: Vec<Packet>) -> Reply {
    Reply::single(packets.remove(0))
}

fn listing(client: &mut Client) -> Listing {
    Listing::of(&reply(client.ask("ListCommands", &[])))
}

/// Texts and pages of every Action that `client` may use.
fn documentation(client: &mut Client, listing: &Listing) -> (String, Vec<Page>) {
    let names: Vec<&str> = listing.iter().map(|one| one.name.as_str()).collect();
    let (mut text, mut found) = (String::new(), Vec::new());
    for names in names.chunks(10) {
        let command = format!("manager show command {}", names.join(" "));
        let reply = reply(client.ask("Command", &[("Command", &command)]));
        let output = reply.output().expect("text");
        text += &String::from_utf8_lossy(&output.join(&b'\n'));
        text.push('\n');
        found.extend(pages::actions(&output).pages);
    }
    (text, found)
}

fn users(server: &Server) -> Vec<(&'static str, &'static str)> {
    match server.is_real() {
        true => vec![
            ("admin", "secret"),
            ("abcde123", "abcde123"),
            ("readonly", "readonly"),
        ],
        false => vec![("demo", "demo")],
    }
}

// Completion, hints and the check before sending depend on these keys: a
// missing one is never offered, and one wrongly required blocks a valid line. A
// user without class command depends on the built-in table, which must require
// the same keys as the server.
#[test]
fn the_keys_are_those_of_the_servers_syntax() {
    let mut table = String::new();
    for mut server in with(&["documented-keys"], servers()) {
        let mut documented = BTreeMap::new();
        for (user, secret) in users(&server) {
            (server.user, server.secret) = (user, secret);
            let mut client = Client::log_in(&server, "off");
            let listing = listing(&mut client);
            let (text, found) = match listing.get("Command") {
                Some(_) => documentation(&mut client, &listing),
                None => (String::new(), Vec::new()),
            };
            let own = syntax(&text);
            for page in &found {
                assert_eq!(
                    Some(&keys(page)),
                    own.get(page.name.as_str()),
                    "{} {}",
                    server.name,
                    page.name
                );
                assert!(!page.synopsis.is_empty(), "{} {}", server.name, page.name);
            }
            documented.extend(own);
            let catalog = Catalog::with(listing.clone()).and(found.iter().cloned());
            let (mut parsed, mut builtin, mut unknown, mut parameters) = (0, 0, 0, 0);
            for listed in listing.iter() {
                let page = catalog.page(&listed.name);
                parameters += page.map_or(0, |page| page.parameters.len());
                match page.map(|page| page.origin) {
                    Some(Origin::Server) => parsed += 1,
                    Some(Origin::BuiltIn) => builtin += 1,
                    None => unknown += 1,
                }
                if let (Some(page), Some(own)) = (
                    Catalog::default().page(&listed.name),
                    documented.get(listed.name.as_str()),
                ) {
                    agree(page, own, &server.name);
                }
            }
            table += &format!(
                "{:14} {user:10} {:3} actions  {parameters:4} parameters  {parsed:3} parsed  \
                 {builtin:3} built in  {unknown:3} not parsed\n",
                server.name,
                listing.iter().count(),
            );
            assert_eq!(unknown, 0, "{table}");
            assert!(builtin == 0 || listing.get("Command").is_none(), "{table}");
        }
    }
    println!("{table}");
}

// There are still many servers with 1.8, but none was available here.
#[test]
fn the_keys_are_those_of_1_8() {
    let text = include_str!("../pages/asterisk-1.8.txt");
    let lines: Vec<&[u8]> = text.split('\n').map(str::as_bytes).collect();
    let (found, own) = (pages::actions(&lines).pages, syntax(text));
    assert_eq!((found.len(), own.len()), (32, 32));
    for page in &found {
        assert_eq!(
            Some(&keys(page)),
            own.get(page.name.as_str()),
            "{}",
            page.name
        );
        assert!(
            page.parameters.iter().all(|one| !one.about.is_empty()),
            "{}",
            page.name
        );
    }
    // Its documentation requires keys that the server does not need.
    let catalog = Catalog::default().and(found);
    assert_eq!(catalog.page("Status").unwrap().required().count(), 0);
    assert!(catalog.page("UpdateConfig").unwrap().knows("Action-000001"));
}

// The demonstration must show what people try first.
#[test]
fn help_is_about_actions_events_keys_and_texts() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let mut pty = Pty::spawn(&["--no-pager", &target], &env, 100, 60);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    pty.type_line("help event hangup");
    pty.wait_line("Cause-txt");
    // Only what the server has sent so far is searched.
    pty.type_line("help QueueAdd");
    pty.wait_line("Interface*");
    pty.type_line("help /penalty of the");
    pty.wait_line("help QueueAdd  ");
    pty.type_line("help /events");
    pty.wait_line("/events ");
    pty.type_text("QueueAdd ?");
    pty.wait_line("Interface*");
    pty.wait_typed(&format!("{prompt}QueueAdd"));
    pty.type_text("MemberName=?");
    pty.wait_line("The name of the member.");
    pty.type_text("who?\x7f ");
    pty.wait_typed(&format!("{prompt}QueueAdd MemberName=who"));
}

/// Keys required by older servers but not by current ones: the table rather
/// lets a line pass that the server refuses.
const RELAXED: [(&str, &str); 3] = [
    ("AOCMessage", "Channel"),
    ("AOCMessage", "ChargeType"),
    ("PJSIPNotify", "Variable"),
];

fn agree(page: &Page, (required, optional): &Keys, server: &str) {
    let lower = |keys: &mut dyn Iterator<Item = &String>| {
        let mut keys: Vec<String> = keys.map(|key| key.to_lowercase()).collect();
        keys.sort();
        keys
    };
    let is_strict = |key: &&String| !RELAXED.contains(&(page.name.as_str(), key.as_str()));
    let ours = keys(page);
    assert_eq!(
        lower(&mut ours.0.iter().filter(is_strict)),
        lower(&mut required.iter().filter(is_strict)),
        "{server} {}",
        page.name
    );
    for key in optional {
        assert!(
            key == "ActionID" || page.knows(key),
            "{server} {} {key}",
            page.name
        );
    }
}

/// A list of eleven Actions, including Command.
fn list() -> String {
    let numbered = (1..=10).map(|n| format!("Act{n:02}: x  (Priv: <none>)\n"));
    numbered.collect::<String>() + "Command: x  (Priv: command,all)"
}

fn page(name: &str) -> String {
    format!("Output: [Syntax]\nOutput: Action: {name}\nOutput: Key: <value>\nOutput: ")
}

/// The next request must be this command.
fn expect_command(conversation: &mut Conversation, begin: &str) -> String {
    let request = conversation.expect("Command");
    let command = request.get("Command").unwrap_or_default().to_owned();
    assert!(command.starts_with(begin), "{command}");
    command
}

fn shell(server: &Scripted) -> Pty {
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    Pty::spawn(&["-o", "packet", &server.target()], &env, 100, 24)
}

// A blocking Action would stall the query, and any byte ends a WaitEvent. A
// user who sends something must not wait for more than one answer.
#[test]
fn nothing_is_asked_while_an_action_is_unanswered() {
    let (all, told) = channel();
    let (begun, pages_under_way) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", &list());
        expect_command(conversation, "core show version");
        conversation.answer(
            "Success",
            "Message: Command output follows\nOutput: Asterisk X",
        );
        let first = expect_command(conversation, "manager show command ");
        assert_eq!(first.split(' ').count(), 3 + 10, "{first}");
        begun.send(()).unwrap();
        let question = conversation.id().to_owned();
        conversation.expect("WaitEvent");
        let wait = conversation.id().to_owned();
        conversation.send(format!(
            "Response: Success\r\nActionID: {question}\r\nMessage: Command output follows\r\n{}\r\n\r\n",
            page("Act01").replace('\n', "\r\n")
        ));
        conversation.expect_nothing(Duration::from_millis(500));
        conversation.send(format!(
            "Response: Success\r\nActionID: {wait}\r\nMessage: Waiting for Event completed.\r\n\r\n\
             Event: WaitEventComplete\r\nActionID: {wait}\r\n\r\n"
        ));
        let rest = expect_command(conversation, "manager show command ");
        assert_eq!(rest.split(' ').count(), 3 + 1, "{rest}");
        conversation.answer("Success", "Message: Command output follows\nOutput: ");
        expect_command(conversation, "_command matchesarray \"manager show event ");
        conversation.answer("Success", "Message: Command output follows\nOutput: _EOF_");
        all.send(()).unwrap();
        conversation.hear();
    });
    let mut pty = shell(&server);
    pty.wait_typed(&format!("demo@{}> ", server.target()));
    pages_under_way.recv().unwrap();
    pty.type_line("Action: WaitEvent\rTimeout: 60\r");
    pty.wait_line("Event: WaitEventComplete");
    told.recv().unwrap();
    pty.type_line("help Act01");
    pty.wait_line("Key*");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}

// Without class command every such query is refused, and logged by the server.
#[test]
fn a_server_that_does_not_tell_is_asked_once() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", &list());
        // The version, or the page that a user is waiting for.
        expect_command(conversation, "");
        conversation.answer("Error", "Message: Permission denied");
        conversation.expect("Ping");
        conversation.answer("Success", "Ping: Pong");
        conversation.hear();
    });
    let mut pty = shell(&server);
    pty.wait_typed(&format!("demo@{}> ", server.target()));
    pty.type_line("help Hangup");
    pty.wait_line("from amish's own table, not from this server");
    pty.type_line("Action: Ping\r");
    pty.wait_line("Ping: Pong");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}

// The second shell must know everything without asking for a page.
#[test]
fn what_was_told_once_is_on_disk() {
    for server in with(&["documented-at-once"], servers()) {
        let env = [("AMISH_SECRET", server.secret), ("AMISH_USER", server.user)];
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().to_str().unwrap();
        let trace = home.path().join("trace");
        let env = [env[0], env[1], ("XDG_CACHE_HOME", cache)];
        let address = server.address.to_string();
        let is_saved = || {
            let mut files = std::fs::read_dir(home.path().join("amish"))
                .into_iter()
                .flatten();
            files.any(|file| {
                file.unwrap()
                    .path()
                    .extension()
                    .is_some_and(|end| end == "pages")
            })
        };
        for round in 1..=2 {
            let args = ["--trace", trace.to_str().unwrap(), &address];
            let mut pty = Pty::spawn(&args, &env, 100, 40);
            pty.wait_typed(&format!("{}@{address}> ", server.user));
            pty.until("nothing is saved", |_| is_saved());
            pty.type_line("help Originate");
            pty.wait_line("Channel*");
            pty.type_line("quit");
            assert_eq!(pty.exit_code(), 0);
            let sent = std::fs::read_to_string(&trace).unwrap();
            // A single page is requested if the user types before the disk was
            // read.
            let many = |line: &str| {
                line.starts_with("Command: manager show command ") && line.split(' ').count() > 5
            };
            let asked = sent.lines().any(many);
            assert_eq!(asked, round == 1, "{} round {round}", server.name);
            std::fs::remove_file(&trace).unwrap();
        }
    }
}
