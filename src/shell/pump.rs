//! The threads, one for each PBX, that make arrivals appear above the line being
//! typed.

use super::display::Display;
use super::gate::Gate;
use super::lock;
use super::member::Member;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Makes the editor redraw its prompt. Returns false if the editor is gone.
pub(super) type Bell = Arc<dyn Fn() -> bool + Send + Sync>;

/// How long the shell waits for the thread when leaving.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long the thread sleeps after filtered events, so that a flood does not
/// wake it for each. An event to be shown may be delayed as much.
const REST: Duration = Duration::from_millis(5);

/// The pumps of all members.
pub(super) struct Pumps {
    gate: Arc<Gate>,
    display: Arc<Display>,
    /// None on a dumb terminal: they print by themselves.
    bell: Option<Bell>,
    /// Each has a copy of the sender until it ends.
    running: Mutex<Option<Sender<()>>>,
    done: Mutex<Receiver<()>>,
}

impl Pumps {
    pub fn new(gate: Arc<Gate>, display: Arc<Display>, bell: Option<Bell>) -> Pumps {
        let (running, done) = channel();
        Pumps {
            gate,
            display,
            bell,
            running: Mutex::new(Some(running)),
            done: Mutex::new(done),
        }
    }

    /// Starts one for `member`.
    ///
    /// # Errors
    /// The system has no thread for it.
    pub fn start(&self, member: &Member) -> std::io::Result<()> {
        let (gate, display) = (self.gate.clone(), self.display.clone());
        let bell = self.bell.clone();
        let name = member.name.clone();
        let running = lock(&self.running).clone();
        let thread = std::thread::Builder::new().name("pump".into());
        thread.spawn(move || {
            run(&gate, &display, bell, name.as_deref());
            drop(running);
        })?;
        Ok(())
    }

    /// Ends them. The editor is gone by now, so the bell does not block; if it
    /// should, the threads are abandoned.
    pub fn end(&self) {
        self.gate.end();
        lock(&self.running).take();
        // It ends with the last of them.
        let _ = lock(&self.done).recv_timeout(PATIENCE);
    }
}

fn run(gate: &Gate, display: &Display, bell: Option<Bell>, name: Option<&str>) {
    while let Some(member) = gate.enter(name) {
        if !member.session.wait(member.due()) && !display.has_words() {
            continue;
        }
        if !gate.may_take() {
            continue;
        }
        let is_news = display.sift(&member);
        if is_news && bell.is_none() {
            display.show_at_prompt(&display.news(&[member]));
        }
        gate.taken();
        if !is_news {
            std::thread::sleep(REST);
        } else if let Some(ring) = &bell
            && gate.may_ring()
            && !ring()
        {
            return;
        }
    }
}
