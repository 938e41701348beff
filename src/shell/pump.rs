//! The thread that makes arrivals appear above the line being typed.

use super::display::Display;
use super::gate::Gate;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// Makes the editor redraw its prompt. Returns false if the editor is gone.
pub(super) type Bell = Box<dyn FnMut() -> bool + Send>;

/// How long the shell waits for the thread when leaving.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long the thread sleeps after filtered events, so that a flood does not
/// wake it for each. An event to be shown may be delayed as much.
const REST: Duration = Duration::from_millis(5);

pub(super) struct Pump {
    gate: Arc<Gate>,
    done: Receiver<()>,
}

impl Pump {
    /// Starts it. Without a bell, on a dumb terminal, it prints by itself.
    pub fn start(
        gate: Arc<Gate>,
        display: Arc<Display>,
        bell: Option<Bell>,
    ) -> std::io::Result<Pump> {
        let (end, done) = sync_channel(1);
        let mine = gate.clone();
        std::thread::Builder::new()
            .name("pump".into())
            .spawn(move || {
                run(&mine, &display, bell);
                // The receiver is gone if leaving took too long.
                let _ = end.try_send(());
            })?;
        Ok(Pump { gate, done })
    }

    /// Ends it. The editor is gone by now, so the bell does not block; if it
    /// should, the thread is abandoned.
    pub fn end(self) {
        self.gate.end();
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn run(gate: &Gate, display: &Display, mut bell: Option<Bell>) {
    while let Some(session) = gate.enter() {
        if !session.wait(display.due()) && !display.is_left_out() {
            continue;
        }
        if !gate.may_take() {
            continue;
        }
        let is_news = display.sift(&session);
        if is_news && bell.is_none() {
            display.show_at_prompt(&display.news(&session));
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
