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
        flown: None,
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

// Each kind has its own table with every header of any of its items; characters
// that would end a cell do not.
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

// The header row is what was typed; asking for members yields no rows of
// queues.
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

/// The items of each list in the recorded conversations.
fn recorded() -> Vec<Vec<Packet>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let servers = root
        .read_dir()
        .unwrap()
        .map(|server| server.unwrap().path());
    let files = servers.flat_map(|server| server.read_dir().unwrap());
    let files = files.map(|file| file.unwrap().path());
    let mut lists: Vec<Vec<Packet>> = Vec::new();
    for file in files.filter(|file| file.extension().is_some_and(|end| end == "txt")) {
        let mut items: Vec<Packet> = Vec::new();
        for packet in frames(&std::fs::read(file).unwrap()) {
            let id = packet.get("ActionID");
            let is_next = items.last().is_none_or(|last| last.get("ActionID") == id);
            let is_item = packet.kind() == Kind::Event && id.is_some();
            if !is_item || !is_next || packet.get("EventList").is_some() {
                lists.extend(Some(std::mem::take(&mut items)).filter(|list| list.len() > 1));
            } else {
                items.push(packet);
            }
        }
    }
    lists
}

/// `items` as they come.
fn flown(items: &[Packet], fields: &Fields) -> String {
    let (mut tables, mut out) = (Tables::new(false), Vec::new());
    let names = fields.named().unwrap();
    for item in items {
        tables.item(&mut out, item, names, TSV);
    }
    tables.end(&mut out, names, TSV);
    String::from_utf8(out).unwrap()
}

// Whether a list is waited for must not change what a script reads.
#[test]
fn a_list_that_comes_is_what_it_is_when_it_is_whole() {
    let mut lists = recorded();
    lists.push(frames(QUEUES));
    let kinds = |list: &&Vec<Packet>| groups(*list).len() > 1;
    assert!(lists.len() > 20, "{}", lists.len());
    assert!(lists.iter().filter(kinds).count() > 3);
    for list in lists {
        let text = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
        let mut keys: Vec<String> = list
            .iter()
            .flat_map(|item| item.headers().map(|header| text(header.key)))
            .collect();
        keys.sort();
        keys.dedup();
        keys.push("Nothing".to_owned());
        let next = keys.iter().cycle().skip(1);
        let mut choices: Vec<String> = keys
            .iter()
            .zip(next)
            .map(|(a, b)| format!("{a},{b}"))
            .collect();
        choices.extend(keys.iter().cloned());
        choices.extend(["Queue,Name", "Queue,Nothing", "Name,Queue,Nothing"].map(str::to_owned));
        for choice in choices {
            let Ok(fields) = Fields::set(&choice) else {
                continue;
            };
            let mut whole = Vec::new();
            Tables::new(false).kinds(&mut whole, groups(&list), &fields, TSV);
            let whole = String::from_utf8(whole).unwrap();
            assert_eq!(flown(&list, &fields), whole, "{choice}");
        }
    }
}

// The first item must not wait for the last, nor the queues of a list for ever.
#[test]
fn an_item_with_all_of_the_fields_is_written_at_once() {
    let (mut tables, mut out) = (Tables::new(false), Vec::new());
    let names = ["Queue", "Name"].map(str::to_owned);
    let mut after = frames(QUEUES).into_iter().map(|item| {
        tables.item(&mut out, &item, &names, TSV);
        String::from_utf8_lossy(&out).into_owned()
    });
    assert_eq!(after.next().unwrap(), "");
    assert_eq!(after.next().unwrap(), "Queue\tName\none\tA, \"B\"\n");
}

// No list may fill the memory, and none loses rows by that. What is one table in
// a shorter list may then be two.
#[test]
fn a_list_without_end_is_held_in_parts() {
    let one = |i: usize| {
        let queue = format!(
            "Event: Params\r\nQueue: {i}\r\nText: {}\r\n\r\n",
            "x".repeat(9_000)
        );
        frames(queue.as_bytes()).remove(0)
    };
    let (mut tables, mut out) = (Tables::new(false), Vec::new());
    let names = ["Queue", "Nothing"].map(str::to_owned);
    for i in 0..2_000 {
        tables.item(&mut out, &one(i), &names, TSV);
    }
    assert!(out.len() > 10_000, "it is shown before its end");
    tables.end(&mut out, &names, TSV);
    let rows = (0..2_000).map(|i| format!("{i}\t\n"));
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        format!("Queue\tNothing\n{}", rows.collect::<String>())
    );
}

// A loop over the rows must not see one if the list is empty.
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

// The output of a Command is text in both wire forms, one row per line.
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

// Rows continue below their header row; a header without a column is reported
// once.
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

// People look at these forms on terminals too; a pipe gets the text unchanged.
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

// A stranger can make a server send a packet with very many headers; its row
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

// The columns of such a packet must not stay in memory for the rest of a
// stream.
#[test]
fn a_row_of_very_many_columns_is_not_waited_behind() {
    let mut tables = Tables::new(false);
    let mut out = Vec::new();
    let headers = (0..50_000).map(|i| format!("Key{i}: {i}\r\n"));
    let bytes = format!("Event: A\r\n{}\r\n", headers.collect::<String>());
    tables.row_of(&mut out, &frames(bytes.as_bytes())[0], &Fields::Chosen, TSV);
    assert!(tables.open.is_none());
    let long = format!("Event: {}\r\nB: 1\r\n\r\n", "x".repeat(2 << 20));
    tables.row_of(&mut out, &frames(long.as_bytes())[0], &Fields::Chosen, TSV);
    assert!(tables.open.is_none());
    tables.row_of(
        &mut out,
        &frames(b"Event: C\r\nD: 1\r\n\r\n")[0],
        &Fields::Chosen,
        TSV,
    );
    assert!(tables.open.is_some() && out.ends_with(b"\n\nEvent\tD\nC\t1\n"));
}

// The column of text without headers is named as in json.
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

// A configuration file as one row had a column a line; its lines are what a
// spreadsheet or a script wants.
#[test]
fn numbered_headers_are_rows() {
    let file = b"Response: Success\r\nActionID: 1\r\nCategory-000000: general\r\n\
        Line-000000-000000: enabled=yes\r\nLine-000000-000001: a=b,=c\r\n\
        Category-000001: empty\r\n\r\n";
    let reply = || Reply::single(frames(file).remove(0));
    let whole = "Category\tKey\tValue\ngeneral\tenabled\tyes\ngeneral\ta\tb,=c\nempty\t\t\n";
    assert_eq!(shown(&[reply()], "off", TSV), whole);
    let csv = "Category,Key,Value\r\ngeneral,enabled,yes\r\ngeneral,a,\"b,=c\"\r\nempty,,\r\n";
    assert_eq!(shown(&[reply()], "off", CSV), csv);
    assert_eq!(
        shown(&[reply()], "value,Key", TSV),
        "value\tKey\nyes\tenabled\nb,=c\ta\n\t\n"
    );
    // Their own names are still there.
    assert_eq!(
        shown(&[reply()], "Category-000001", TSV),
        "Category-000001\nempty\n"
    );
    let all = shown(&[reply()], "*", TSV);
    assert!(
        all.starts_with("Response\tActionID\tCategory-000000\t"),
        "{all}"
    );
    // In a capture beside other responses.
    let mut packets = frames(b"Response: Success\r\nPing: Pong\r\n\r\n");
    packets.extend(frames(file));
    let (mut tables, mut out) = (Tables::new(false), Vec::new());
    tables.capture(&mut out, &packets, &Fields::Chosen, TSV);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, format!("{whole}\nResponse\tPing\nSuccess\tPong\n"));
}
