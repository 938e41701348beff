//! The thread that sees to it that arrivals are shown above the line being
//! typed.

use super::gate::Gate;
use super::screen::Screen;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// How the editor is made to draw its prompt again. False: there is no editor
/// any more.
pub(super) type Bell = Box<dyn FnMut() -> bool + Send>;

/// How long leaving waits for the thread.
const PATIENCE: Duration = Duration::from_millis(200);

/// The thread sleeps so long after events that nobody is to see, so that a
/// flood of them does not wake it for each. One to be seen may wait for it.
const REST: Duration = Duration::from_millis(5);

/// The running thread.
pub(super) struct Pump {
    gate: Arc<Gate>,
    done: Receiver<()>,
}

impl Pump {
    /// Starts it. Without a bell, on a terminal that can do nothing, it prints
    /// by itself.
    pub fn start(
        gate: Arc<Gate>,
        screen: Arc<Screen>,
        bell: Option<Bell>,
    ) -> std::io::Result<Pump> {
        let (end, done) = sync_channel(1);
        let mine = gate.clone();
        std::thread::Builder::new()
            .name("pump".into())
            .spawn(move || {
                run(&mine, &screen, bell);
                // Nobody listens when leaving took too long.
                let _ = end.try_send(());
            })?;
        Ok(Pump { gate, done })
    }

    /// Ends it. The editor is gone by now, so that no bell hangs; should one
    /// do so nevertheless, it is left behind.
    pub fn end(self) {
        self.gate.end();
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn run(gate: &Gate, screen: &Screen, mut bell: Option<Bell>) {
    while let Some(session) = gate.enter() {
        if !session.wait() {
            continue;
        }
        if !gate.may_take() {
            continue;
        }
        let is_news = screen.sift(&session);
        if is_news && bell.is_none() {
            screen.show(screen.news(&session).as_bytes());
        }
        gate.taken();
        if !is_news {
            std::thread::sleep(REST);
        } else if let Some(ring) = &mut bell
            && gate.may_ring()
            && !ring()
        {
            return;
        }
    }
}
