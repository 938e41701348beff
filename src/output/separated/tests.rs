use super::super::tests::frames;
use super::*;

const CSV: Pen = Pen {
    style: Style::Csv,
    terminal: false,
};
const TSV: Pen = Pen {
    style: Style::Tsv,
    terminal: false,
};

fn list(bytes: &[u8]) -> Reply {
    Reply {
        response: frames(b"Response: Success\r\nMessage: It will follow\r\n\r\n").pop(),
        items: frames(bytes),
        completion: frames(b"Event: DoneComplete\r\nEventList: Complete\r\n\r\n").pop(),
        ending: Ending::Complete,
    }
}

fn shown(replies: &[Reply], fields: &str, pen: Pen) -> String {
    let mut tables = Tables::new(false);
    let mut out = Vec::new();
    for reply in replies {
        tables.reply(&mut out, reply, &Fields::set(fields).unwrap(), pen);
    }
    String::from_utf8(out).unwrap()
}

fn events(bytes: &[u8], fields: &str) -> (String, Vec<String>) {
    let mut tables = Tables::new(false);
    let mut out = Vec::new();
    for event in &frames(bytes) {
        tables.row_of(&mut out, event, &Fields::set(fields).unwrap(), TSV);
    }
    (String::from_utf8(out).unwrap(), tables.notes())
}

const QUEUES: &[u8] = b"Event: Params\r\nActionID: 1\r\nQueue: one\r\nCalls: 0\r\n\r\n\
    Event: Member\r\nActionID: 1\r\nQueue: one\r\nName: A, \"B\"\r\n\r\n\
    Event: params\r\nActionID: 1\r\nqueue: two\r\nMax: 5\r\n\r\n\
    Event: Member\r\nActionID: 1\r\nQueue: two\r\nName: C\r\nName: D\tE\\\r\n\r\n";

// Each kind has its table, with every header that one of its items has; what
// would end a cell does not.
#[test]
fn a_list_is_a_table_a_kind() {
    assert_eq!(
        shown(&[list(QUEUES)], "off", CSV),
        "Event,Queue,Calls,Max\r\nParams,one,0,\r\nparams,two,,5\r\n\r\n\
         Event,Queue,Name\r\nMember,one,\"A, \"\"B\"\"\"\r\nMember,two,\"C\nD\tE\\\"\r\n"
    );
    assert_eq!(
        shown(&[list(QUEUES)], "off", TSV),
        "Event\tQueue\tCalls\tMax\nParams\tone\t0\t\nparams\ttwo\t\t5\n\n\
         Event\tQueue\tName\nMember\tone\tA, \"B\"\nMember\ttwo\tC\\nD\\tE\\\\\n"
    );
}

// The header row says what was typed; who wants members gets no rows of queues.
#[test]
fn fields_are_the_columns() {
    assert_eq!(
        shown(&[list(QUEUES)], "name,Queue,Lost", TSV),
        "name\tQueue\tLost\n\tone\t\n\ttwo\t\n\nname\tQueue\tLost\nA, \"B\"\tone\t\nC\\nD\\tE\\\\\ttwo\t\n"
    );
    assert_eq!(
        shown(&[list(QUEUES)], "Name", CSV),
        "Name\r\n\"A, \"\"B\"\"\"\r\n\"C\nD\tE\\\"\r\n"
    );
    assert_eq!(
        shown(&[list(QUEUES)], "*", TSV).lines().next(),
        Some("Event\tActionID\tQueue\tCalls\tMax")
    );
}

// A loop over the rows must not meet one for a list that is empty.
#[test]
fn without_items_the_response_is_the_row() {
    let single = || {
        Reply::single(frames(b"Response: Success\r\nActionID: 7\r\nPing: Pong\r\n\r\n").remove(0))
    };
    assert_eq!(
        shown(&[single()], "off", TSV),
        "Response\tPing\nSuccess\tPong\n"
    );
    assert_eq!(shown(&[single()], "No", CSV), "No\r\n\"\"\r\n");
    assert_eq!(
        shown(&[list(b""), single()], "off", TSV),
        "Response\tMessage\nSuccess\tIt will follow\n\nResponse\tPing\nSuccess\tPong\n"
    );
    assert_eq!(shown(&[list(b"")], "Channel", TSV), "Channel\n");
}

// What a Command prints is text in both wire forms, and a line of it a row.
#[test]
fn a_commands_text_is_one_column() {
    let new = b"Response: Success\r\nMessage: m\r\nOutput: a,b\r\nOutput: \r\n\r\n";
    let old = b"Response: Follows\r\nPrivilege: Command\r\na,b\n\n--END COMMAND--\r\n\r\n";
    for bytes in [&new[..], old] {
        let reply = || Reply::single(frames(bytes).remove(0));
        assert_eq!(
            shown(&[reply()], "off", CSV),
            "Output\r\n\"a,b\"\r\n\"\"\r\n"
        );
        assert_eq!(shown(&[reply()], "Message", TSV), "Output\na,b\n\n");
    }
}

// Rows go on below their header row; what has no column is said, once.
#[test]
fn events_are_rows_of_one_table() {
    let two =
        b"Event: Hangup\r\nCause: 16\r\n\r\nEvent: hangup\r\nTechCause: x\r\nCause: 17\r\n\r\n\
        Event: Hangup\r\nTechCause: x\r\nActionID: 3\r\n\r\n";
    let (rows, notes) = events(two, "off");
    assert_eq!(rows, "Event\tCause\nHangup\t16\nhangup\t17\nHangup\t\n");
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("TechCause"), "{notes:?}");
    let mixed = b"Event: Hangup\r\nCause: 16\r\n\r\nEvent: Newchannel\r\nChannel: c\r\n\r\n";
    assert_eq!(
        events(mixed, "Event,Cause"),
        ("Event\tCause\nHangup\t16\nNewchannel\t\n".into(), vec![])
    );
    assert_eq!(
        events(mixed, "off").0,
        "Event\tCause\nHangup\t16\n\nEvent\tChannel\nNewchannel\tc\n"
    );
}

// Promise 6 holds in these forms too; the file of a pipe is left alone.
#[test]
fn a_terminal_gets_no_control_bytes() {
    let item = b"Event: X\r\nName: \x1b[2J,\ttab\r\n\r\n";
    let on = |style| {
        shown(
            &[list(item)],
            "Name",
            Pen {
                style,
                terminal: true,
            },
        )
    };
    assert_eq!(on(Style::Csv), "Name\n\"\\x1b[2J,\\x09tab\"\n");
    assert_eq!(on(Style::Tsv), "Name\n\\x1b[2J,\\ttab\n");
    assert_eq!(shown(&[list(item)], "Name", TSV), "Name\n\x1b[2J,\\ttab\n");
}

// A stranger can make a server send a packet of very many headers; its row
// must not take minutes.
#[test]
fn many_headers_make_one_row() {
    let mut bytes = b"Event: UserEvent\r\n".to_vec();
    for i in 0..100_000 {
        bytes.extend_from_slice(format!("K{}: {i}\r\n", i % 50_000).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    let (rows, _) = events(&bytes, "off");
    let mut lines = rows.lines();
    assert_eq!(
        lines.next().map(|heads| heads.split('\t').count()),
        Some(50_001)
    );
    assert!(
        lines
            .next()
            .is_some_and(|row| row.ends_with("\t49999\\n99999"))
    );
}

// Text without any header has a column named as in json.
#[test]
fn unframed_lines_have_their_column() {
    let bare = Reply {
        response: None,
        completion: None,
        ..list(b"\r\nIAX2/a:1   12\r\nIAX2/b   1\r\n\r\n")
    };
    assert_eq!(
        shown(&[bare], "off", TSV),
        "_lines\nIAX2/a:1   12\\nIAX2/b   1\n"
    );
}
