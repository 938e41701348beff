//! Originate: what becomes of a call, told as it happens and by the exit code.

use crate::program::amish_at;
use crate::servers::{real_servers, servers};

// Nobody should have to know that Response: Success of an Originate means
// nothing: the exit code tells what became of the call.
#[test]
fn originate_tells_the_outcome() {
    for server in servers() {
        let run = |args: &str| amish_at(server.address, server.user, server.secret, args).run();
        let call = "Originate Context=default Exten=200 Priority=1";
        let done = run(&format!("{call} Channel=Local/100@default"));
        assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("answered"),
            "{}: {}",
            server.name,
            done.err
        );
        let done = run(&format!("{call} Channel=Local/nosuch@default"));
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("could not be placed"),
            "{}: {}",
            server.name,
            done.err
        );
    }
}

// Who waits for a call wants to know what is going on; a cron job does not.
#[test]
fn originate_tells_what_happens_as_it_happens() {
    for server in servers() {
        let run = |args: &str| amish_at(server.address, server.user, server.secret, args).run();
        let call = "Originate Application=Wait Data=1 Timeout=1500 Channel=Local";
        let done = run(&format!("{call}/500@default"));
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        let order = [
            "dialing\n",
            "ringing after ",
            "rang and was not answered in time",
        ]
        .map(|words| {
            done.err
                .find(words)
                .unwrap_or_else(|| panic!("{words}: {}", done.err))
        });
        assert!(order.is_sorted(), "{}: {}", server.name, done.err);
        assert!(!done.out.contains("dialing"), "{}", done.out);
        let done = run(&format!("{call}/100@default"));
        assert!(
            done.err.contains("answered after 0."),
            "{}: {}",
            server.name,
            done.err
        );
        let done = run(&format!("-q {call}/100@default"));
        assert_eq!((done.code, &*done.err), (0, ""), "{}", server.name);
    }
}

// Silence must not pass for an answer, nor for a failure.
#[test]
fn without_class_call_the_outcome_cannot_be_known() {
    for server in real_servers() {
        let call = "Originate Application=Wait Data=1 Timeout=1000 Channel=Local/100@default";
        let done = amish_at(server.address, "nocall", "nocall", call).run();
        assert_eq!(done.code, 6, "{}: {}", server.name, done.err);
        let words = "no event of class call comes: without it in read= the outcome cannot be known";
        assert!(done.err.contains(words), "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("no OriginateResponse came"),
            "{}",
            done.err
        );
    }
}
