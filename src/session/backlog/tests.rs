use super::*;
use crate::ami::{Frame, Framer, Packet, Reply};
use crate::session::arrival::Arrival;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::SystemTime;

fn packet(text: &str) -> Packet {
    Packet::new(text.replace('\n', "\r\n").into_bytes().into())
}

fn at(millis: u64, what: Arrival) -> Arrived {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    Arrived { time, what }
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

// A loss that is not counted, or not where it happened, is a lie about
// what the PBX did.
#[test]
fn what_does_not_fit_is_a_gap_in_its_place() {
    let backlog = Backlog::new(250);
    backlog.append((0..5).map(|_| event(100)).collect());
    assert_eq!(all(&backlog), ["event", "event", "buffer Some(3)"]);
    assert_eq!(backlog.lost(), 3);
    backlog.append(vec![event(100)]);
    assert_eq!(all(&backlog), ["event"], "there is room again");
    assert_eq!(backlog.lost(), 3);
}

// A buffer stays full for thousands of reads: as many gaps would hide what
// little there is between them.
#[test]
fn losses_in_a_row_are_one_gap_however_many_reads_they_took() {
    let backlog = Backlog::new(1_000);
    for _ in 0..8 {
        backlog.append((0..5).map(|_| event(100)).collect());
    }
    // Room for one, which is not enough to begin anew.
    assert!(take(&backlog).is_some());
    backlog.append(vec![event(100), event(100)]);
    backlog.append(vec![reply(), event(100)]);
    assert_eq!(backlog.lost(), 33);
    let mut expected = vec!["event"; 9];
    expected.extend(["buffer Some(32)", "reply", "buffer Some(1)"]);
    assert_eq!(all(&backlog), expected);
}

// Whoever shows a little slower than events come must not see a gap at every
// second line.
#[test]
fn a_gap_is_over_when_a_quarter_is_free() {
    let backlog = Backlog::new(1_000);
    backlog.append((0..11).map(|_| event(100)).collect());
    let kept = |backlog: &Backlog| {
        let lost = backlog.lost();
        backlog.append(vec![event(100)]);
        backlog.lost() == lost
    };
    for taken in 0..4 {
        assert_eq!(kept(&backlog), taken > 3, "{taken} taken");
        assert!(take(&backlog).is_some());
    }
    assert!(kept(&backlog));
    assert_eq!(all(&backlog)[5..], ["event", "buffer Some(5)", "event"]);
}

// Whoever waits for a reply must get it, however full the screen.
#[test]
fn replies_are_never_dropped() {
    let backlog = Backlog::new(50);
    backlog.append(vec![event(100), event(100)]);
    backlog.append(vec![reply()]);
    assert_eq!(all(&backlog), ["buffer Some(2)", "reply"]);
}

// What waits for long is stored in another way; nobody may notice by what
// comes out.
#[test]
fn what_waits_for_long_comes_out_as_it_went_in() {
    let mut framer = Framer::new();
    framer.feed(b"Asterisk Call Manager/1.1\r\nResponse: Follows\r\nX\n--END COMMAND--\r\n\r\n");
    framer.next_frame();
    let Some(Frame::Packet(follows)) = framer.next_frame() else {
        panic!("a packet");
    };
    let mut follows = Some(follows);
    // Larger than what is mapped for many.
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
        .map(|(what, number)| at(number / 7, what))
        .collect();
    let said: Vec<String> = sent.iter().map(|one| format!("{one:?}")).collect();
    // What is over a quarter of it is packed: the second half.
    let backlog = Backlog::new(4_000_000);
    let mut came = Vec::new();
    while !sent.is_empty() {
        let later = sent.split_off(sent.len().min(40));
        backlog.append(std::mem::replace(&mut sent, later));
        // The queue must be right while both ends of it move, too.
        came.extend(take(&backlog));
    }
    came.extend(std::iter::from_fn(|| take(&backlog)));
    let came: Vec<String> = came.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(backlog.lost(), 0);
    assert!(came == said, "in order, whole, and with its time");
    assert!(backlog.is_empty());
}

// Whoever gathers answers sleeps until the last of them, and must neither miss
// it nor a Ctrl-C meanwhile.
#[test]
fn gathering_ends_with_the_last_that_is_sought_and_with_an_interrupt() {
    let wakers: [fn(&Backlog); 3] = [
        |backlog| (0..3).for_each(|_| backlog.append(vec![reply()])),
        Backlog::interrupt,
        Backlog::nudge,
    ];
    for (turn, wake) in wakers.into_iter().enumerate() {
        let backlog = Arc::new(Backlog::new(1 << 20));
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
