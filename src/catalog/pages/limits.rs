//! Hostile documentation: what is kept of it is limited.

use super::tests::{keys, read};
use super::*;

/// A page with this many parameters.
fn large(name: &str, parameters: usize) -> String {
    let keys: String = (0..parameters)
        .map(|n| format!("[K{n}:] <value>\n"))
        .collect();
    let about: String = (0..parameters)
        .map(|n| format!("K{n}\n    multiple K{n}: x\n"))
        .collect();
    format!("[Syntax]\nAction: {name}\n{keys}\n[Arguments]\n{about}\n")
}

// A hostile server documents 80,000 keys, or megabytes of one: parsing that has
// blocked Ctrl-C, Ctrl-D and TERM for seconds, and filled the memory.
#[test]
fn what_no_server_of_asterisk_has_is_left_out() {
    let all = |text: &str| actions(&text.split('\n').map(str::as_bytes).collect::<Vec<_>>());
    let ping = large("Ping", PARAMETERS);
    let read = all(&(ping.clone() + &large("Huge", PARAMETERS + 1) + &large("Last", 1)));
    let names: Vec<&str> = read.pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!((names, read.too_large), (vec!["Ping", "Last"], 1));
    let page = &read.pages[0];
    assert_eq!(page.parameters.len(), PARAMETERS);
    assert!(
        page.parameters
            .iter()
            .all(|one| one.repeatable && one.about.len() == 1)
    );
    let read = all(&large("Huge", 80_000));
    assert_eq!((read.pages.len(), read.too_large), (0, 1));
    let long = format!(
        "{}[Description]\n{}",
        large("Long", 1),
        "word ".repeat(800_000)
    );
    assert_eq!((all(&long).pages.len(), all(&long).too_large), (0, 1));
    let plain = format!(
        "Action: Old\nSynopsis: x\nVariables:\n{}",
        "  K: x\n".repeat(5_000)
    );
    assert_eq!(all(&plain).too_large, 1);
    let lines: Vec<&[u8]> = long.split('\n').map(str::as_bytes).collect();
    assert_eq!((event(&lines).pages.len(), event(&lines).too_large), (0, 1));
}

// Text that looks like documentation throughout must be parsed in linear time:
// each of these once took quadratic time, which would be minutes here.
#[test]
fn whatever_is_printed_is_read_in_one_go() {
    for piece in [
        "Event: X\n",
        "[Syntax]\nAction: X\n",
        "[Syntax]\nEvent: X\nK: <value>\n",
        "[List Responses]\nEvent: X\n\n",
        "Action: X\nSynopsis: x\n",
        "\u{1b}[1mx",
        "X\n    set to \"a\" ",
    ] {
        let text = piece.repeat(256 * 1024 / piece.len());
        let lines: Vec<&[u8]> = text.split('\n').map(str::as_bytes).collect();
        actions(&lines);
        event(&lines);
        event_names(&lines);
    }
    // The same within the longest page, in the text of one key.
    for piece in [
        "set to \"a\" ",
        "multiple k: ",
        "x\n",
        "x - y\n",
        "NOTE: x\n",
    ] {
        let text = piece.repeat(LONGEST / piece.len());
        let lines: Vec<&str> = text.split('\n').collect();
        let (_, choices) = Wrapped::Words.argument(&lines);
        assert!(choices.len() <= 200, "{piece:?}");
        prose::repeated(&text);
    }
}

// What is typed and sent must be a valid name.
#[test]
fn keys_and_names_that_cannot_be_typed_are_left_out() {
    let text = "[Syntax]\nAction: Ping\n[!id>FILE #:] <value>\n/save: <value>\n\
        [Good-000000:] <value>\n[a\rb:] <value>\n[\u{1b}Mx:] <value>\n[|:] <value>\n\n\
        [Privilege]\n!id,call\n\n[List Responses]\nEvent: !id\nEvent: Fine\n\n\
        [Syntax]\nAction: !id;#\n[K:] <value>\n";
    let pages = read(text);
    assert_eq!(pages.len(), 1);
    assert_eq!(keys(&pages[0]), "Good-000000");
    assert_eq!(pages[0].privileges, ["call"]);
    assert_eq!(pages[0].items, ["Fine"]);
    let names: Vec<&[u8]> = vec![b" !id /quit Fine a|b _EOF_"];
    assert_eq!(event_names(&names), ["Fine"]);
    let many = "x".to_owned() + &(0..5_000).map(|n| format!(" E{n}")).collect::<String>();
    assert_eq!(event_names(&[many.as_bytes()]).len(), EVENTS);
}
