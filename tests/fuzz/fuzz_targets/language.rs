//! Anything typed, pasted or piped in is answered without a panic, points into
//! what was typed, and sends nothing that a server would misread.

#![no_main]

use amish::ami::Action;
use amish::ami::action::{MAX_ACTION_ID, MAX_HEADERS, MAX_LINE};
use amish::catalog::Catalog;
use amish::language::{Command, Place, parse, quote, raw_packet_open, split, words};
use libfuzzer_sys::fuzz_target;

fn safe(action: &Action) {
    let Ok(packet) = action.packet() else {
        return;
    };
    let lines = packet.strip_suffix(b"\r\n\r\n").expect("an empty line at its end");
    let lines: Vec<&[u8]> = lines.split(|b| *b == b'\n').collect();
    assert!(lines.len() <= MAX_HEADERS);
    for (i, line) in lines.iter().enumerate() {
        let last = i + 1 == lines.len();
        let line = line.strip_suffix(b"\r").unwrap_or_else(|| {
            assert!(last, "a line feed by itself");
            line
        });
        assert!(!line.is_empty() && line.len() <= MAX_LINE);
        assert!(!line.contains(&0) && !line.contains(&b'\r'));
    }
    assert!(action.get("ActionID").is_none_or(|id| id.len() <= MAX_ACTION_ID));
}

fuzz_target!(|data: &[u8]| {
    let catalog = Catalog::default();
    for place in [Place::Shell, Place::Script] {
        match parse(data, place) {
            Ok(statements) => {
                let mut line = 0;
                for one in &statements {
                    assert!(one.line > line, "lines are in order");
                    line = one.line;
                    assert!(data.get(one.span.clone()).is_some());
                    let line = data.get(one.span.clone()).unwrap_or_default();
                    for word in split(line, one.span.start, place) {
                        assert!(data.get(word.span.clone()).is_some());
                        assert!(data.get(word.value_span.clone()).is_some());
                    }
                    match &one.command {
                        Command::Raw(action) => safe(action),
                        Command::Action(line) => {
                            if let Ok(action) = line.action(&catalog) {
                                safe(&action);
                            }
                        }
                        _ => {}
                    }
                }
            }
            Err(error) => {
                assert!(data.get(error.span.clone()).is_some());
                assert!(error.line > 0 && error.column > 0);
                assert!(!error.to_string().is_empty());
            }
        }
        for word in split(data, 0, place) {
            assert!(data.get(word.span.clone()).is_some());
        }
        // Completion puts values into the line this way.
        let _ = quote(data, place);
    }
    raw_packet_open(data);
    let arguments: Vec<String> = data
        .split(|b| *b == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    if let Ok(Command::Action(line)) = words(&arguments)
        && let Ok(action) = line.action(&catalog)
    {
        safe(&action);
    }
});
