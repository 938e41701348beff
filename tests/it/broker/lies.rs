//! A broker that breaks off, or says what no broker says.

use super::{Stream, emit, prepared};
use crate::calm::assert_calm;
use crate::servers::simulator;
use crate::support::until;
use std::io::{BufRead, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;

/// A broker of one connection after the other, each with the answers that it
/// gives: the first to PING, the second to all that is in a transaction. Then it
/// ends the connection. Returns its URL, and what it was sent.
fn liar(answers: Vec<[Vec<u8>; 2]>) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let (sent, was_sent) = channel();
    std::thread::spawn(move || {
        for answers in answers {
            let (mut client, _) = listener.accept().unwrap();
            for (end, answer) in ["PING\r\n", "EXEC\r\n"].into_iter().zip(answers) {
                let mut asked = Vec::new();
                while !asked.ends_with(end.as_bytes()) {
                    let mut byte = [0];
                    if client.read_exact(&mut byte).is_err() {
                        return;
                    }
                    asked.push(byte[0]);
                }
                // The test may have ended.
                let _ = sent.send(String::from_utf8(asked).unwrap());
                let _ = client.write_all(&answer);
            }
        }
    });
    (url, was_sent)
}

// The broker has the records, and its word of it is lost: they are sent again,
// as they were.
#[test]
fn what_is_in_doubt_is_sent_again_under_the_same_identity() {
    let pbx = simulator();
    let good = |last: &[u8]| [b"+PONG\r\n".to_vec(), last.to_vec()];
    let oom = b"+OK\r\n-OOM no memory\r\n-EXECABORT x\r\n";
    let whole = b"+OK\r\n+QUEUED\r\n*1\r\n$3\r\n1-1\r\n";
    let (url, sent) = liar(vec![good(b"+OK\r\n+QUE"), good(oom), good(whole)]);
    let stream = Stream::begin(prepared(&pbx, &format!("-e=user --count 1 --to {url}")));
    until("it is refused for now", || {
        emit(&pbx, 1);
        stream.said.look().contains("OOM no memory")
    });
    let (code, said) = stream.ends();
    assert_eq!(code, 0, "{said}");
    let batches: Vec<String> = sent.iter().filter(|one| one.contains("XADD")).collect();
    assert_eq!(batches.len(), 3);
    assert!(batches.iter().all(|one| *one == batches[0]), "{batches:?}");
    assert!(batches[0].contains("\"Number\":\"1\""));
}

// Its answers are bytes of a stranger: they neither fill the memory nor reach
// the terminal, and none of them counts as an acknowledgement.
#[test]
fn a_broker_that_lies_is_told_and_believed_nothing() {
    let pbx = simulator();
    let long = vec![b'x'; 1 << 20];
    let evils: [(&[u8], &str); 6] = [
        (&long, "no Redis"),
        (b"$99999999999\r\n", "no Redis"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no Redis"),
        (b"+OK\r\n*99999999999999999999\r\n", "no Redis"),
        (
            b"-ERR \x1b]0;evil\x07\xc2\x9b1m\r\n-ERR\r\n-ERR\r\n",
            "it refuses: ERR",
        ),
        (b"+OK\r\n+QUEUED\r\n*7\r\n", "no Redis"),
    ];
    for (evil, words) in evils {
        // What begins well is a good answer to the first question.
        if !evil.starts_with(b"+OK") {
            let (url, _sent) = liar(vec![[evil.to_vec(), Vec::new()]]);
            let first = prepared(&pbx, &format!("-e=user --to {url}")).run();
            assert_eq!(first.code, 1, "{first:?}");
            assert!(first.err.contains(words), "{first:?}");
            assert_calm("standard error", first.err.as_bytes());
        }
        let (url, _sent) = liar(vec![[b"+PONG\r\n".to_vec(), evil.to_vec()]]);
        let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {url}")));
        until("it ends", || {
            emit(&pbx, 1);
            stream.said.look().contains(words)
        });
        let (code, said) = stream.ends();
        assert_eq!(code, 1, "{said}");
        assert_calm("standard error", said.as_bytes());
    }
}

// The same of a NATS: an acknowledgement of what was not sent, or for somebody
// else, is none.
#[test]
fn a_nats_that_lies_is_believed_nothing() {
    const INFO: &str = "INFO {\"headers\":true,\"jetstream\":true,\"max_payload\":1048576}\r\n";
    let pbx = simulator();
    let info = |rest: &str| format!("{INFO}{rest}");
    for (said, words) in [
        ("x".repeat(1 << 20), "no NATS"),
        ("INFO {\r\n".to_owned(), "no NATS"),
        ("INFO {}\r\n".to_owned(), "JetStream"),
        ("INFO {\"tls_required\":true}\r\n".to_owned(), "TLS only"),
        (
            info("-ERR 'Authorization Violation\x1b[31m'\r\n"),
            "it refuses",
        ),
        (info("PONG\r\nMSG other.0 1 9\r\n"), "no NATS"),
        (info("PONG\r\nMSG INBOX0 1 99999999999\r\n"), "no NATS"),
        (info("PONG\r\nMSG INBOX0 1 2\r\n{}\r\n"), "no NATS"),
        (
            info("PONG\r\nMSG INBOX9999 1 9\r\n{\"seq\":1}\r\n"),
            "no NATS",
        ),
    ] {
        let url = nats_liar(said.clone());
        let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {url}")));
        let told = format!("{words} of {}", &said[..said.len().min(200)]);
        until(&told, || {
            emit(&pbx, 1);
            stream.said.look().contains(words)
        });
        let (code, heard) = stream.ends();
        assert_eq!(code, 1, "{heard}");
        assert_calm("standard error", heard.as_bytes());
    }
}

/// A NATS of one connection that says `text`: a line of it at once, the second
/// when amish has named its inbox, which INBOX stands for, and the rest when
/// something was published.
fn nats_liar(text: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("nats://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let mut heard = std::io::BufReader::new(client.try_clone().unwrap());
        let mut client = client;
        let mut lines = text.splitn(3, '\n');
        let mut inbox = String::new();
        for awaited in ["", "PING", "HPUB"] {
            let mut line = String::new();
            while !line.starts_with(awaited) {
                line.clear();
                if heard.read_line(&mut line).unwrap_or_default() == 0 {
                    return;
                }
                if let Some(named) = line.strip_prefix("SUB ") {
                    inbox = named.split('*').next().unwrap().to_owned();
                }
            }
            let Some(said) = lines.next() else { return };
            let said = format!("{}\n", said.replace("INBOX", &inbox));
            let _ = client.write_all(said.as_bytes());
        }
        // Open until amish ends it.
        let _ = std::io::copy(&mut heard, &mut std::io::sink());
    });
    url
}
