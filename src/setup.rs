//! `init`: leads from an address to a profile that works, and tells the lines of
//! manager.conf that are missing. Nothing is written before the end.

mod checks;
mod found;
mod plan;
mod reach;
mod talk;
mod written;

use crate::ami::{LoginError, Secret};
use crate::error::Error;
use crate::exit_code::Code;
use crate::init::{self, Least};
use crate::session::{self, Session};
use crate::settings::manager_conf::is_loopback;
use crate::settings::{EchoGuard, SecretError, Settings, Setup};
use crate::streams::note;
use found::Machine;
use nix::sys::signal::{Signal, raise};
use plan::Plan;
use reach::{Outcome, Reached, reach};
use talk::{Mark, Talk};

/// Sets up a profile.
///
/// # Errors
/// Something is missing, or does not work, and nobody is there to be asked.
pub fn run(settings: &Settings, setup: &Setup) -> Result<Code, Error> {
    let talk = Talk::new(settings, setup.unasked);
    if !talk.asks {
        plan::is_whole(settings, setup)?;
    }
    let guard = talk.asks.then(|| EchoGuard::begin(|| ()));
    let guard = guard.transpose().map_err(Error::Signals)?;
    let done = Guide {
        settings,
        setup,
        talk,
    }
    .lead();
    if let (Some(_), Err(Error::Secret(SecretError::Interrupted))) = (&guard, &done) {
        note("stopped: nothing was written");
        // Ctrl-C was read as a key, so end the program as the signal would.
        let _ = raise(Signal::SIGINT);
    }
    drop(guard);
    done
}

/// What a person decides when a check has failed.
enum Next {
    Again,
    Other,
    AsItIs,
}

struct Guide<'a> {
    settings: &'a Settings,
    setup: &'a Setup,
    talk: Talk,
}

impl Guide<'_> {
    fn lead(&self) -> Result<Code, Error> {
        let talk = &self.talk;
        written::is_possible(self.settings)?;
        if talk.asks {
            talk.line("Sets up a profile for a PBX. Ctrl-C leaves, and nothing is written.")?;
        }
        let named = self.setup.target.as_deref();
        let is_near = named.is_none_or(is_near);
        let machine = is_near.then(Machine::here);
        let usual = match (&machine, named) {
            (Some(machine), None) if talk.asks => machine.look(self.settings, talk)?,
            _ => "127.0.0.1".to_owned(),
        };
        let reached = match self.settings.dry_run {
            true => self.unreached(&usual)?,
            false => self.reached(&usual)?,
        };
        let mut plan = Plan::of(self.settings, self.setup, talk, machine, reached)?;
        if self.settings.dry_run {
            plan.show_lines(talk)?;
            written::shown(talk, self.settings, &plan)?;
            return Ok(Code::Ok);
        }
        if !self.is_ready(&plan)? {
            return self.finish(&plan, false);
        }
        talk.heading("Checks")?;
        loop {
            match self.check(&plan)? {
                Checked::Well(is_sure) => return self.finish(&plan, is_sure),
                Checked::Failed(code) if !talk.asks => {
                    note("nothing was written");
                    return Ok(code);
                }
                Checked::Failed(_) => match self.next()? {
                    Next::Again => {}
                    Next::Other => {
                        plan.ask_account(self.settings, talk)?;
                        if !self.is_ready(&plan)? {
                            return self.finish(&plan, false);
                        }
                    }
                    Next::AsItIs => return self.finish(&plan, false),
                },
            }
        }
    }

    /// Waits until a new user is on the PBX. False: it is not to be tested.
    fn is_ready(&self, plan: &Plan) -> Result<bool, Error> {
        if !plan.is_made {
            return Ok(true);
        }
        plan.show_lines(&self.talk)?;
        self.talk.line("")?;
        let question =
            "When they are there and loaded, Enter tests them; w writes the profile untested";
        self.talk.ask(question, "test", |typed| match typed {
            "test" => Ok(true),
            "w" => Ok(false),
            _ => Err("Enter or w?".to_owned()),
        })
    }

    /// A target that answers, asked for until there is one.
    fn reached(&self, usual: &str) -> Result<Reached, Error> {
        let talk = &self.talk;
        let mut usual = usual.to_owned();
        let mut named = self.setup.target.clone();
        if named.is_none() {
            talk.line("")?;
        }
        loop {
            let word = match named.take() {
                Some(word) => word,
                None => self.ask_target(&usual)?,
            };
            let destination = self.settings.at_start(&word)?;
            // Whatever is wrong with it may be cured on the PBX meanwhile.
            usual = word;
            match reach(self.settings, talk, destination)? {
                Outcome::Reached(reached) => return Ok(*reached),
                Outcome::Another => {}
            }
        }
    }

    fn ask_target(&self, usual: &str) -> Result<String, Error> {
        let question = "Target: host, host:port, or amis://host for TLS";
        self.talk.ask(question, usual, |typed| {
            let read = self.settings.at_start(typed);
            read.map(|_| typed.to_owned())
                .map_err(|why| why.to_string())
        })
    }

    /// The same for a dry run, which connects to nothing.
    fn unreached(&self, usual: &str) -> Result<Reached, Error> {
        let word = match &self.setup.target {
            Some(word) => word.clone(),
            None if self.talk.asks => {
                self.talk.line("")?;
                self.ask_target(usual)?
            }
            None => usual.to_owned(),
        };
        let destination = self.settings.at_start(&word)?;
        let host = destination.target.as_ref().map(|target| &*target.host);
        let is_near = host.is_some_and(is_loopback);
        Ok(Reached {
            destination,
            kept: None,
            banner: Vec::new(),
            local: is_near.then(|| std::net::Ipv4Addr::LOCALHOST.into()),
        })
    }

    fn next(&self) -> Result<Next, Error> {
        let question =
            "Enter tries again, o takes another user or secret, w writes the profile as it is";
        self.talk.ask(question, "again", |typed| match typed {
            "again" => Ok(Next::Again),
            "o" => Ok(Next::Other),
            "w" => Ok(Next::AsItIs),
            _ => Err("Enter, o or w?".to_owned()),
        })
    }

    /// One login, and what it may do.
    fn check(&self, plan: &Plan) -> Result<Checked, Error> {
        let talk = &self.talk;
        let opened = reach::connect(self.settings, plan.destination(), plan.kept());
        let session = match opened {
            Ok(session) => session,
            Err(why) => return self.failed("address", &why),
        };
        let secret = Secret::new(plan.secret.clone());
        let done = session.login(
            plan.user.as_str(),
            secret,
            self.settings.plaintext,
            &mut |_| (),
        );
        if let Err(why) = done {
            let checked = self.failed("login", &why)?;
            if matches!(why, session::Error::Login(LoginError::Refused(_))) {
                plan.explain_refusal(talk)?;
            }
            return Ok(checked);
        }
        let words = format!("{} is logged in", plan.user);
        talk.mark(Mark::Ok, "login", &words)?;
        let checked = self.allowed(plan, &session);
        session.close();
        checked
    }

    fn failed(&self, what: &str, why: &session::Error) -> Result<Checked, Error> {
        self.talk.mark(Mark::Wrong, what, &why.to_string())?;
        Ok(Checked::Failed(crate::engine::session_code(why)))
    }

    /// Rights and events of the user who is logged in.
    fn allowed(&self, plan: &Plan, session: &Session) -> Result<Checked, Error> {
        let talk = &self.talk;
        let least = Least::of(plan.rights, &plan.reached.banner);
        let verdict = checks::rights(talk, session, least)?;
        let is_on = checks::events(talk, session, least.read)?;
        if verdict.lacks() || verdict.exceeds() || verdict.is_read_unknown {
            plan.show_rights(talk, &verdict)?;
        }
        Ok(match verdict.lacks() || !is_on {
            true => Checked::Failed(Code::Unmet),
            false => Checked::Well(true),
        })
    }

    /// Writes the profile, and says what comes next.
    fn finish(&self, plan: &Plan, is_sure: bool) -> Result<Code, Error> {
        let talk = &self.talk;
        written::write(talk, self.settings, self.setup, plan)?;
        match plan.host() {
            Some(host) if !plan.destination().tls && !is_loopback(host) => secured(talk, host)?,
            _ => {}
        }
        talk.heading(match is_sure {
            true => "It works. What to type next:",
            false => "What to type when the lines are loaded:",
        })?;
        let name = &plan.name;
        talk.lines([
            format!("amish {name}            a shell on it; help is there"),
            format!("amish {name} -e=call    calls as they happen"),
        ])?;
        Ok(Code::Ok)
    }
}

/// How the checks went.
enum Checked {
    /// True: they were all made.
    Well(bool),
    Failed(Code),
}

/// How the way to `host` becomes safe.
fn secured(talk: &Talk, host: &str) -> Result<(), Error> {
    talk.heading("Without TLS others can read and change what goes over the network.")?;
    talk.line("On the PBX, this makes a certificate:")?;
    talk.line(&init::certificate(host))?;
    talk.line("and these lines below [general] of manager.conf use it:")?;
    talk.lines(init::tls())?;
    let words = format!(
        "Its user (asterisk) must be able to read the key. After a reload, amish init amis://{host} checks it."
    );
    talk.say("", &words)
}

fn is_near(target: &str) -> bool {
    let target = target.parse::<crate::settings::Target>();
    target.is_ok_and(|target| is_loopback(&target.host))
}
