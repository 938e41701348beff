//! The thread that shows what arrives above the line being typed.

use super::gate::Gate;
use super::screen::Screen;
use crate::session::Wake;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// Prints a text above the line. False: there is no line any more.
pub(super) type Print = Box<dyn FnMut(String) -> bool + Send>;

/// Arrivals in one print. Each print draws the line again, so a flood needs
/// many; but they may appear late when the line ends under them, so not more.
const BATCH: usize = 128;

/// How long leaving waits for a last print.
const PATIENCE: Duration = Duration::from_millis(200);

/// The running thread.
pub(super) struct Pump {
    gate: Arc<Gate>,
    done: Receiver<()>,
}

impl Pump {
    /// Starts it.
    pub fn start(gate: Arc<Gate>, screen: Arc<Screen>, print: Print) -> std::io::Result<Pump> {
        let (end, done) = sync_channel(1);
        let mine = gate.clone();
        std::thread::Builder::new()
            .name("pump".into())
            .spawn(move || {
                run(&mine, &screen, print);
                // Nobody listens when leaving took too long.
                let _ = end.try_send(());
            })?;
        Ok(Pump { gate, done })
    }

    /// Ends it. The editor is gone by now, so that no print hangs; should one
    /// do so nevertheless, it is left behind.
    pub fn end(self) {
        self.gate.end();
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn run(gate: &Gate, screen: &Screen, mut print: Print) {
    while let Some(turn) = gate.enter() {
        let session = turn.session;
        let mut batch = turn.held;
        if turn.may_take {
            if batch.is_empty()
                && let Wake::Arrived(first) = session.next(None)
            {
                batch.push_back(first);
            }
            while !batch.is_empty() && batch.len() < BATCH {
                match session.next(Some(Instant::now())) {
                    Wake::Arrived(next) => batch.push_back(next),
                    _ => break,
                }
            }
            gate.leave();
        }
        let text = screen.text(&session, batch);
        if !text.is_empty() && !print(text) {
            return;
        }
    }
}
