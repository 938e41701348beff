//! json, csv and tsv of recorded conversations, parsed by independent readers:
//! each value must be what the server sent. The readers are in this file; with
//! AMISH_TEST_FULL=1 also Python and jq, which must then be installed.

use crate::program::AMISH;
use crate::reference::{self, Plain};
use crate::support::is_full;
use crate::transcripts::{Transcript, transcripts};
use amish::ami::Kind;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Command;

/// A header row and the rows below it.
type Table = Vec<Vec<Vec<u8>>>;

#[test]
fn recorded_replies_are_read_back_to_the_same_values() {
    let home = tempfile::TempDir::new().unwrap();
    let mut expected = Vec::new();
    for (i, one) in transcripts().iter().enumerate() {
        let file = home.path().join(format!("{i}.txt"));
        std::fs::write(&file, &one.bytes).unwrap();
        let packets = reference::read(&one.bytes).packets;
        let tables = tables(&packets, true);
        let objects: Vec<Value> = packets.iter().map(object).collect();

        let all = ["--fields", "*"];
        let (csv, tsv) = (decode(&file, "csv", &all), decode(&file, "tsv", &all));
        assert_eq!(from_csv(&csv), tables, "{} as csv", one.name);
        assert_eq!(from_tsv(&tsv), tables, "{} as tsv", one.name);
        let chosen = self::tables(&packets, false);
        let text = decode(&file, "csv", &[]);
        match packets.iter().any(is_numbered) {
            // Rows of their own: output::csv::tests shows them.
            true => assert!(text.starts_with(b"Category")),
            false => assert_eq!(
                from_csv(&text),
                chosen,
                "{} as csv, its own fields",
                one.name
            ),
        }
        let lines = decode(&file, "json", &[]);
        let lines = lines.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let read: Vec<Value> = lines.map(|l| serde_json::from_slice(l).unwrap()).collect();
        assert_eq!(read, objects, "{} as json", one.name);
        expected.push(told(one, &tables, &objects));
    }
    if is_full() {
        let told = Value::Array(expected).to_string();
        std::fs::write(home.path().join("expected.json"), told).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/read_back.py");
        let mut python = Command::new("python3");
        python.arg(script).arg(AMISH).arg(home.path());
        let done = python.output().expect("python3, which .ci/run installs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}");
    }
}

/// A Response with a header such as `Category-000000`.
fn is_numbered(packet: &Plain) -> bool {
    let ends = |(key, _): &(Vec<u8>, Vec<u8>)| {
        let number = key.rsplit(|byte| *byte == b'-').next();
        key.contains(&b'-') && number.is_some_and(|number| number.iter().all(u8::is_ascii_digit))
    };
    packet.kind == Kind::Response && packet.headers.iter().any(ends)
}

fn decode(file: &Path, form: &str, more: &[&str]) -> Vec<u8> {
    let done = Command::new(AMISH)
        .arg("--decode")
        .arg(file)
        .args(["-o", form])
        .args(more)
        .env_clear()
        .output()
        .unwrap();
    assert!(done.status.success());
    done.stdout
}

/// The expected result of one conversation, for a reader in another language.
/// Cells may be any bytes: each byte is a character here.
fn told(one: &Transcript, tables: &[Table], objects: &[Value]) -> Value {
    let cell = |cell: &Vec<u8>| cell.iter().map(|b| char::from(*b)).collect::<String>();
    let row = |row: &Vec<Vec<u8>>| row.iter().map(cell).collect::<Vec<_>>();
    let table = |table: &Table| table.iter().map(row).collect::<Vec<_>>();
    let tables: Vec<_> = tables.iter().map(table).collect();
    json!({ "name": one.name, "tables": tables, "objects": objects })
}

/// Keys and values of a packet, including lines without a key.
fn pairs(packet: &Plain) -> Vec<(Vec<u8>, Vec<u8>)> {
    let line = |line: &Vec<u8>| (b"_lines".to_vec(), line.clone());
    if packet.kind == Kind::Unframed {
        return packet.lines.iter().map(line).collect();
    }
    let body = packet.body.as_deref().map(lines_of).unwrap_or_default();
    let body = body.into_iter().map(|line| (b"Output".to_vec(), line));
    let headers = packet.headers.iter().cloned();
    let stray = packet.stray.iter().map(line);
    headers.chain(body).chain(stray).collect()
}

fn lines_of(body: &[u8]) -> Vec<Vec<u8>> {
    let text = body.strip_suffix(b"\n").unwrap_or(body);
    text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

/// One table per kind, in the order of first appearance; its columns likewise.
fn tables(packets: &[Plain], all: bool) -> Vec<Table> {
    let kind = |packet: &Plain| match packet.kind {
        Kind::Response => "response".to_owned(),
        Kind::Unframed => "unframed".to_owned(),
        Kind::Event => {
            let name = packet.headers[0].1.to_ascii_lowercase();
            format!("event {}", String::from_utf8_lossy(&name))
        }
    };
    let mut kinds: Vec<String> = Vec::new();
    for packet in packets {
        if !kinds.contains(&kind(packet)) {
            kinds.push(kind(packet));
        }
    }
    let table = |name: &String| -> Table {
        let of: Vec<_> = packets
            .iter()
            .filter(|p| kind(p) == *name)
            .map(pairs)
            .collect();
        let mut heads: Vec<Vec<u8>> = Vec::new();
        for (key, _) in of.iter().flatten() {
            let known = heads.iter().any(|head| head.eq_ignore_ascii_case(key));
            if !known && (all || !key.eq_ignore_ascii_case(b"actionid")) {
                heads.push(key.clone());
            }
        }
        let cell = |pairs: &Vec<(Vec<u8>, Vec<u8>)>, head: &Vec<u8>| {
            let same = pairs
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(head));
            let values: Vec<&[u8]> = same.map(|(_, value)| value.as_slice()).collect();
            values.join(&b'\n')
        };
        let row = |pairs| heads.iter().map(|head| cell(pairs, head)).collect();
        let rows: Vec<Vec<Vec<u8>>> = of.iter().map(row).collect();
        [heads.clone()].into_iter().chain(rows).collect()
    };
    kinds.iter().map(table).collect()
}

/// A packet as json shows it.
fn object(packet: &Plain) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut object = Map::new();
    let kind = match packet.kind {
        Kind::Response => "response",
        Kind::Event => "event",
        Kind::Unframed => "unframed",
    };
    object.insert("_kind".into(), kind.into());
    let all = pairs(packet);
    for (i, (key, _)) in all.iter().enumerate() {
        let is = |(other, _): &&(Vec<u8>, Vec<u8>)| other.eq_ignore_ascii_case(key);
        if all[..i].iter().any(|pair| is(&pair)) {
            continue;
        }
        let values: Vec<Value> = all.iter().filter(is).map(|(_, v)| text(v).into()).collect();
        let always = key.eq_ignore_ascii_case(b"output") || key == b"_lines";
        let value = match values.len() == 1 && !always {
            true => values[0].clone(),
            false => Value::Array(values),
        };
        object.insert(text(key), value);
    }
    Value::Object(object)
}

/// Reads RFC 4180: records end in CRLF, and an empty line separates tables.
fn from_csv(text: &[u8]) -> Vec<Table> {
    let (mut tables, mut table, mut row): (Vec<Table>, Table, Vec<Vec<u8>>) = Default::default();
    let (mut cell, mut quoted, mut was_quoted) = (Vec::new(), false, false);
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => cell.push(bytes.next().unwrap()),
            b'"' => {
                assert!(quoted || cell.is_empty(), "a quote inside a cell");
                (quoted, was_quoted) = (!quoted, true);
            }
            _ if quoted => cell.push(byte),
            b',' => {
                row.push(std::mem::take(&mut cell));
            }
            b'\r' => {
                assert_eq!(bytes.next(), Some(b'\n'), "CR alone");
                if row.is_empty() && cell.is_empty() && !was_quoted {
                    tables.push(std::mem::take(&mut table));
                    continue;
                }
                row.push(std::mem::take(&mut cell));
                table.push(std::mem::take(&mut row));
                was_quoted = false;
            }
            b'\n' => panic!("LF alone"),
            _ => cell.push(byte),
        }
    }
    assert!(
        row.is_empty() && cell.is_empty(),
        "the last line has no end"
    );
    tables.extend((!table.is_empty()).then_some(table));
    tables
}

fn from_tsv(text: &[u8]) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut table = Table::new();
    for line in text.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\n").unwrap() {
            b"" => tables.push(std::mem::take(&mut table)),
            line => table.push(line.split(|b| *b == b'\t').map(unescaped).collect()),
        }
    }
    tables.extend((!table.is_empty()).then_some(table));
    tables
}

fn unescaped(cell: &[u8]) -> Vec<u8> {
    let mut value = Vec::new();
    let mut bytes = cell.iter();
    while let Some(byte) = bytes.next() {
        value.push(match byte {
            b'\\' => match bytes.next() {
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b'\\') => b'\\',
                other => panic!("a backslash before {other:?}"),
            },
            byte => *byte,
        });
    }
    value
}
