//! Pages as 1.4 and 1.6 print them, with the oddities of their modules.

use super::super::tests::{keys, read};

/// The keys of the page of `name` that consists of these lines.
fn keys_of(name: &str, lines: &str) -> String {
    let pages = read(&format!(
        "Action: {name}\nSynopsis: x\nPrivilege: call,all\n{lines}\n"
    ));
    assert_eq!(pages.len(), 1, "{name}");
    assert!(pages[0].is_from_server(), "{name}");
    keys(&pages[0])
}

// What the answer will hold is no key to be sent, and was offered as one.
#[test]
fn the_keys_of_the_answer_are_none() {
    let text = "Description: Counts the messages of a mailbox.\n\
        Variables: (Names marked with * are required)\n\
        \t*Mailbox: Which mailbox, <mailbox>@<context>\n\
        \tActionID: Comes back in the answer.\n\
        Returns how many there are.\n\
        \tMessage: Mailbox Message Count\n\tMailbox: <mailboxid>\n\
        \tNewMessages: <count>\n\tOldMessages: <count>\n";
    assert_eq!(keys_of("MailboxCount", text), "Mailbox! ActionID");
    let text = "Description: Tells the state of an extension.\n\
        Variables: (Names marked with * are required)\n\
        \t*Exten: Which extension\n\t*Context: Its context\n\
        \tActionId: Comes back in the answer\n\
        Will return a \"Status\" message.\n\
        The answer has the hint.\n";
    assert_eq!(keys_of("ExtensionState", text), "Exten! Context! ActionId");
}

// Which keys are required is said in four ways, or not at all; a line that the
// server would take was refused for lack of one.
#[test]
fn what_is_required_is_what_the_page_means() {
    for (name, lines, wanted) in [
        (
            "WaitEvent",
            "Variables: \n   Timeout: How long to wait",
            "Timeout",
        ),
        (
            "Hangup",
            "Variables: \n\tChannel: Which channel",
            "Channel!",
        ),
        (
            "PlayDTMF",
            "Variables: (all are required)\n\tChannel: Channel name\n\tDigit: The digit",
            "Channel! Digit!",
        ),
        (
            "Reload",
            "Variables: (Names marked with * are optional)\n\
             \x20      *ActionID: Comes back\n\
             \x20      *Module: Which module",
            "ActionID Module",
        ),
        (
            "MeetmeList",
            "Variables:\n    *ActionId: <id>\n    *Conference: <confno>",
            "ActionId Conference!",
        ),
        (
            "Bridge",
            "Variables: ( Headers marked with * are required )\n\
             \x20  *Channel1: The one\n\
             \x20  *Channel2: The other\n\
             \x20       Tone: (Yes|No) Beep",
            "Channel1! Channel2! Tone",
        ),
    ] {
        assert_eq!(keys_of(name, lines), wanted, "{name}");
    }
}

// Keys stand at the margin, or in the description: they were not offered, and
// warned of when typed.
#[test]
fn keys_are_found_where_they_stand() {
    let text = "Description: What Monitor does, in a sentence that goes on to a\n  \
        further line.  The following parameters may be used to say\n  how:\n  \
        Channel     - Required.  The channel to record.\n  \
        File        - Optional.  The name of the file that is made in the\n                \
        usual place.  Without it the name\n  \
        Mix         - Optional.  Whether to mix\n                \
        both directions into one file after the\n                \
        end.\n";
    assert_eq!(keys_of("Monitor", text), "Channel! File Mix");
    let text = "Description: Show dialplan.\nVariables: \nContext: Show one context\n\
        Extension: Show one extension\nNote: it may take long.\n";
    assert_eq!(keys_of("ShowDialPlan", text), "Context Extension");
    let text = "Description: Loads a module.\nVariables: \n\
        \x20 Module: <name>          Which module (with its .so at the end)\n\
        \x20                         or a part of the core:\n\
        \t\t\t\tcdr, enum, dnsmgr, extconfig, manager, rtp, http\n\
        \x20 LoadType: load | unload | reload\n\
        \x20                         What to do with it\n\
        \x20Without a module all of them are reloaded";
    assert!(
        keys_of("ModuleLoad", text).starts_with("Module LoadType!"),
        "{}",
        keys_of("ModuleLoad", text)
    );
    // A key may be called as the heading is.
    let text = "Description: Lists channel status.\n\
        Variables: (Names marked with * are required)\n\
        \t*Channel: Which channel\n\
        \tVariables: Which variables, with ',' between them\n\
        Will return the state of each channel along with the\n\
        values of those variables.\n";
    assert_eq!(keys_of("Status", text), "Channel! Variables");
}
