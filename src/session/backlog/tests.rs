use super::*;
use crate::ami::{Ending, Frame, Framer, Packet, Reply};
use crate::session::arrival::{Arrival, ArrivalId};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::SystemTime;

fn packet(text: &str) -> Packet {
    Packet::new(text.replace('\n', "\r\n").into_bytes().into())
}

fn at(millis: u64, what: Arrival) -> Arrived {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    let id = ArrivalId::default();
    Arrived { id, time, what }
}

fn event(bytes: usize) -> Arrived {
    let text = format!("Event: E\nX: {}\n\n", "x".repeat(bytes - 17));
    at(0, Arrival::Event(packet(&text)))
}

fn reply() -> Arrived {
    let reply = Reply::single(packet("Response: Success\n\n"));
    at(0, Arrival::Late(Box::new(reply)))
}

fn take(backlog: &Backlog) -> Option<Arrived> {
    match backlog.next(Some(Instant::now())) {
        Wake::Arrived(arrived) => Some(arrived),
        _ => None,
    }
}

fn all(backlog: &Backlog) -> Vec<String> {
    let arrived = std::iter::from_fn(|| take(backlog));
    let named = arrived.map(|one| match one.what {
        Arrival::Event(_) => "event".to_owned(),
        Arrival::Gap(gap) => format!("{} {:?}", gap.reason(), gap.events()),
        Arrival::Late(_) => "reply".to_owned(),
        other => format!("{other:?}"),
    });
    named.collect()
}

// A loss that is not counted, or not where it happened, misreports what the PBX
// did.
#[test]
fn what_does_not_fit_is_a_gap_in_its_place() {
    let backlog = Backlog::new(250, None);
    backlog.append((0..5).map(|_| event(100)).collect());
    assert_eq!(all(&backlog), ["event", "event", "buffer Some(3)"]);
    assert_eq!(backlog.lost(), 3);
    backlog.append(vec![event(100)]);
    assert_eq!(all(&backlog), ["event"], "there is room again");
    assert_eq!(backlog.lost(), 3);
}

// Every reply is kept, but a server may continue a list for ever after its
// Action was given up.
#[test]
fn the_rest_of_a_list_without_end_is_bounded() {
    let rest = |response: Option<Packet>| {
        let reply = Reply {
            response,
            items: vec![packet("Event: E\n\n"), packet("Event: E\n\n")],
            completion: None,
            ending: Ending::Full,
            flown: None,
        };
        at(0, Arrival::Late(Box::new(reply)))
    };
    let one = rest(None).memory();
    let backlog = Backlog::new(one * 5 / 2, None);
    backlog.append((0..6).map(|_| rest(None)).collect());
    backlog.append(vec![rest(Some(packet("Response: Success\n\n"))), reply()]);
    assert_eq!(
        all(&backlog),
        ["reply", "reply", "buffer Some(8)", "reply", "reply"]
    );
    assert_eq!(backlog.lost(), 8);
}

// A buffer stays full for thousands of reads: a gap for each would bury the few
// events in between.
#[test]
fn losses_in_a_row_are_one_gap_however_many_reads_they_took() {
    let backlog = Backlog::new(10_500, None);
    for _ in 0..8 {
        backlog.append((0..5).map(|_| event(1_000)).collect());
    }
    // Room for one is not enough to start keeping again.
    assert!(take(&backlog).is_some());
    backlog.append(vec![event(1_000), event(1_000)]);
    backlog.append(vec![reply(), event(1_000)]);
    assert_eq!(backlog.lost(), 33);
    let mut expected = vec!["event"; 9];
    expected.extend(["buffer Some(32)", "reply", "buffer Some(1)"]);
    assert_eq!(all(&backlog), expected);
}

// A consumer a little slower than the events must not see a gap at every second
// line.
#[test]
fn a_gap_is_over_when_a_quarter_is_free() {
    let backlog = Backlog::new(10_500, None);
    backlog.append((0..11).map(|_| event(1_000)).collect());
    let kept = |backlog: &Backlog| {
        let lost = backlog.lost();
        backlog.append(vec![event(1_000)]);
        backlog.lost() == lost
    };
    for taken in 0..4 {
        assert_eq!(kept(&backlog), taken > 3, "{taken} taken");
        assert!(take(&backlog).is_some());
    }
    assert!(kept(&backlog));
    assert_eq!(all(&backlog)[5..], ["event", "buffer Some(5)", "event"]);
}

// A reply must arrive however slow the screen is.
#[test]
fn replies_are_never_dropped() {
    let backlog = Backlog::new(50, None);
    backlog.append(vec![event(100), event(100)]);
    backlog.append(vec![reply()]);
    assert_eq!(all(&backlog), ["buffer Some(2)", "reply"]);
}

// What waits for long is stored differently, which must not show in what comes
// out.
#[test]
fn what_waits_for_long_comes_out_as_it_went_in() {
    let mut framer = Framer::new();
    framer.feed(b"Asterisk Call Manager/1.1\r\nResponse: Follows\r\nX\n--END COMMAND--\r\n\r\n");
    framer.next_frame();
    let Some(Frame::Packet(follows)) = framer.next_frame() else {
        panic!("a packet");
    };
    let mut follows = Some(follows);
    // Larger than an ordinary mapping.
    let big = "y".repeat(1_500_000);
    let text = "x".repeat(1_000);
    let what = |number: usize| match number {
        1_700 => Arrival::Unsolicited(follows.take().expect("once")),
        1_800 => reply().what,
        number if number % 100 == 1 => Arrival::Unsolicited(packet("no header\n\n")),
        number if number % 100 == 2 => Arrival::Unsolicited(packet("Response: Error\n\n")),
        1_500 => Arrival::Event(packet(&format!("Event: Big\nX: {big}\n\n"))),
        number => Arrival::Event(packet(&format!("Event: E\nNumber: {number} {text}\n\n"))),
    };
    let mut sent: Vec<Arrived> = (0..2_000)
        .map(what)
        .zip(0_u64..)
        .map(|(what, number)| Arrived {
            // With holes, where answers stand between events.
            id: ArrivalId::from_bits(number + number / 50),
            ..at(number / 7, what)
        })
        .collect();
    let said: Vec<String> = sent.iter().map(|one| format!("{one:?}")).collect();
    // What exceeds a quarter of the limit is packed: the second half.
    let backlog = Backlog::new(4_000_000, None);
    let mut came = Vec::new();
    while !sent.is_empty() {
        let later = sent.split_off(sent.len().min(40));
        backlog.append(std::mem::replace(&mut sent, later));
        // Take while appending, so that both ends of the queue move.
        came.extend(take(&backlog));
    }
    came.extend(std::iter::from_fn(|| take(&backlog)));
    let came: Vec<String> = came.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(backlog.lost(), 0);
    assert!(came == said, "in order, whole, with its time and identity");
    assert!(backlog.is_empty());
}

// Whoever gathers answers sleeps until the last one, and must miss neither it
// nor a Ctrl-C.
#[test]
fn gathering_ends_with_the_last_that_is_sought_and_with_an_interrupt() {
    let wakers: [fn(&Backlog); 3] = [
        |backlog| {
            (0..3).for_each(|_| {
                backlog.append(vec![reply()]);
            });
        },
        Backlog::interrupt,
        Backlog::nudge,
    ];
    for (turn, wake) in wakers.into_iter().enumerate() {
        let backlog = Arc::new(Backlog::new(1 << 20, None));
        let (done, is_done) = channel();
        let gathering = backlog.clone();
        std::thread::spawn(move || {
            gathering.gather(3, Duration::from_secs(3600));
            done.send(()).expect("the test waits");
        });
        wake(&backlog);
        let woke = is_done.recv_timeout(Duration::from_secs(20));
        woke.unwrap_or_else(|_| panic!("waker {turn}"));
    }
}
