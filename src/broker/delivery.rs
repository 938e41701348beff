//! Delivers records in order, at least once each, through any number of
//! connections.

use super::error::Error;
use super::nats::Nats;
use super::record::Record;
use super::redis::Redis;
use super::url::{Kind, Url};
use crate::session::Backoff;
use crate::session::arrival::in_words;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bytes of a batch above which it is delivered. One more record may be in it.
const BATCH: usize = 256 * 1024;

/// The longest pause between two tries to connect: a broker is nearer than a PBX
/// and has fewer clients, and every second fills the buffer.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Which broker, and how to be let in.
#[derive(Clone)]
pub struct Place {
    /// Where it is.
    pub url: Url,
    /// The secret of the user in the URL, or of all.
    pub secret: Option<String>,
    /// The secret may cross a network in clear.
    pub plaintext: bool,
    /// How long to wait for a connection.
    pub limit: Duration,
}

/// How far a delivery is, for whoever ends amish.
#[derive(Debug, Default)]
pub struct Delivery {
    unacknowledged: AtomicUsize,
    is_away: AtomicBool,
    lost: AtomicUsize,
}

impl Delivery {
    /// How many records were taken over and are not acknowledged.
    pub fn unacknowledged(&self) -> usize {
        self.unacknowledged.load(Ordering::Acquire)
    }

    /// How many records were too large for the broker.
    pub fn lost(&self) -> usize {
        self.lost.load(Ordering::Acquire)
    }

    /// Whether the broker cannot be reached, or refuses for now.
    pub fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Acquire)
    }
}

/// See the module of the room.
pub struct Broker {
    place: Place,
    /// The PBX whose stream this is.
    pbx: String,
    /// None: the connection ended.
    client: Option<Client>,
    /// Bytes of the largest record that the broker takes.
    largest: usize,
    /// Whole lines that are not acknowledged.
    batch: Vec<u8>,
    delivery: Arc<Delivery>,
    /// It refused for good: what is written to it later is not sent either.
    broken: Option<String>,
    note: fn(&str),
}

impl Broker {
    /// Connects to the broker at `place`, for the stream of `pbx`. What the user
    /// has to know later is passed to `note`.
    ///
    /// # Errors
    /// It cannot be reached, or does not let amish in.
    pub fn connect(place: Place, pbx: String, note: fn(&str)) -> Result<Broker, Error> {
        let client = Client::open(&place)?;
        Ok(Broker {
            largest: client.largest(),
            place,
            pbx,
            client: Some(client),
            batch: Vec::new(),
            delivery: Arc::default(),
            broken: None,
            note,
        })
    }

    /// How far it is.
    pub fn delivery(&self) -> Arc<Delivery> {
        self.delivery.clone()
    }

    /// Delivers the batch, however long that takes.
    fn deliver(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        let lines = batch.split(|byte| *byte == b'\n');
        let records: Vec<Record<'_>> = lines
            .filter(|line| !line.is_empty())
            .map(Record::of)
            .collect();
        let done = self.insist(&records);
        // Its memory is used again.
        self.batch = batch;
        if done.is_ok() {
            self.batch.clear();
            // A packet may have had 16 MiB.
            self.batch.shrink_to(2 * BATCH);
            self.delivery.unacknowledged.store(0, Ordering::Release);
        }
        done
    }

    fn take(&mut self, line: &[u8]) {
        self.delivery.unacknowledged.fetch_add(1, Ordering::AcqRel);
        if line.len() <= self.largest {
            return self.batch.extend_from_slice(line);
        }
        self.delivery.lost.fetch_add(1, Ordering::AcqRel);
        self.say(&format!(
            "a record of {} bytes is missing there: it takes {} at most",
            line.len(),
            self.largest
        ));
        self.batch.extend_from_slice(&Record::of(line).gap());
    }

    fn insist(&mut self, records: &[Record<'_>]) -> Result<(), Error> {
        if records.is_empty() {
            return Ok(());
        }
        let mut outage = None;
        while let Err(why) = self.attempt(records) {
            if why.is_final() {
                return Err(why);
            }
            match &mut outage {
                // Brokers end connections that were idle for long: that is not
                // worth a word if there is another at once.
                None => outage = Some(Outage::default()),
                Some(outage) => {
                    if !outage.is_told {
                        outage.is_told = true;
                        self.delivery.is_away.store(true, Ordering::Release);
                        self.say(&format!("{why}; trying again, events wait in the buffer"));
                    }
                    std::thread::sleep(outage.backoff.pause().min(LONGEST_PAUSE));
                }
            }
        }
        if let Some(outage) = outage.filter(|outage| outage.is_told) {
            self.delivery.is_away.store(false, Ordering::Release);
            self.say(&format!(
                "it takes records again, after {}",
                in_words(outage.since.elapsed())
            ));
        }
        Ok(())
    }

    fn attempt(&mut self, records: &[Record<'_>]) -> Result<(), Error> {
        let mut client = match self.client.take() {
            Some(client) => client,
            None => Client::open(&self.place)?,
        };
        client.publish(&self.pbx, &self.place.url, records)?;
        // After any failure what is still on the way would be taken for the
        // answer to the next batch.
        self.client = Some(client);
        Ok(())
    }

    fn is_whole(&self) -> io::Result<()> {
        let broken = self.broken.clone().map(io::Error::other);
        broken.map_or(Ok(()), Err)
    }

    fn say(&self, words: &str) {
        (self.note)(&format!("{}: {words}", self.place.url.place()));
    }
}

/// A broker that is away.
struct Outage {
    since: Instant,
    is_told: bool,
    backoff: Backoff,
}

impl Default for Outage {
    fn default() -> Outage {
        Outage {
            since: Instant::now(),
            is_told: false,
            backoff: Backoff::default(),
        }
    }
}

/// A connection to a broker of either kind.
enum Client {
    Redis(Redis),
    Nats(Nats),
}

impl Client {
    fn open(place: &Place) -> Result<Client, Error> {
        let (url, secret) = (&place.url, place.secret.as_deref());
        Ok(match url.kind {
            Kind::Redis => {
                Client::Redis(Redis::connect(url, secret, place.limit, place.plaintext)?)
            }
            Kind::Nats => Client::Nats(Nats::connect(url, secret, place.limit, place.plaintext)?),
        })
    }

    fn largest(&self) -> usize {
        match self {
            // 512 MiB, more than a packet can become.
            Client::Redis(_) => usize::MAX,
            Client::Nats(nats) => nats.largest(),
        }
    }

    fn publish(&mut self, pbx: &str, url: &Url, records: &[Record<'_>]) -> Result<(), Error> {
        match self {
            Client::Redis(redis) => redis.publish(pbx, url.longest, records),
            Client::Nats(nats) => nats.publish(pbx, records),
        }
    }
}

/// Takes whole lines.
impl Write for Broker {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        self.is_whole()?;
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            self.take(line);
        }
        if self.batch.len() > BATCH {
            self.flush()?;
        }
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.is_whole()?;
        if let Err(why) = self.deliver() {
            let (place, count) = (self.place.url.place(), self.delivery.unacknowledged());
            let words = format!("{place}: {why}; {count} records were not acknowledged");
            self.broken = Some(words);
        }
        self.is_whole()
    }
}
