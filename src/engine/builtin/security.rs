//! `/doctor security`: asks the server; [`crate::diagnosis::security`] judges.

use crate::asterisk_conf::{self, Configuration, FOLDER};
use crate::diagnosis::security::{self, Facts, Seen};
use crate::diagnosis::{PATIENCE, SessionFacts};
use crate::engine::flow::{Done, Failure, Flow};
use crate::engine::runner::Runner;
use crate::exit_code::Code;
use std::path::Path;

impl Runner<'_> {
    pub(super) fn security(&mut self) -> Done {
        let session = self.facts()?;
        let audit = security::examine(self.manager_facts(&session)?);
        let printer = self.printer();
        self.screen(&security::blocks(
            &audit,
            printer.form,
            &printer.drawn_look(),
        ))?;
        // At the prompt the screen says it all.
        let code = match (audit.is_wrong(), audit.is_good()) {
            _ if !self.is_script() => return Ok(Flow::Go),
            (true, _) => Code::Error,
            (false, false) => Code::Unmet,
            (false, true) => return Ok(Flow::Go),
        };
        Err(Failure(code, security::summary(&audit)).into())
    }

    fn manager_facts(&mut self, session: &SessionFacts) -> Done<Facts> {
        let local = local(&session.target);
        let is_local = local.is_some();
        let seen = {
            let transcript = self.transcript.lock();
            let observed = transcript.observed.as_ref();
            let last = observed.map(|observed| observed.last(usize::MAX, None));
            Seen::of(last.iter().flatten().map(|(_, event)| *event))
        };
        let patience = PATIENCE.min(self.session.patience());
        let here = security::is_here(&session.target);
        let mut failed = None;
        let mut facts = security::ask(session, here, seen, &mut |question| {
            self.told(question, patience).unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        match local {
            Some(conf) if facts.basis.is_none() => {
                facts.unchecked.clear();
                let path = Path::new(FOLDER).join("manager.conf");
                facts.take_file(conf, path.display().to_string());
            }
            Some(conf) => facts.take_modes(&conf),
            None => {}
        }
        if is_local && let Ok(users) = asterisk_conf::read(Path::new(FOLDER), "users.conf") {
            facts.take_users_conf(&users);
        }
        Ok(facts)
    }
}

/// manager.conf of this machine, if the server of `target` is that of the file:
/// a tunnel to another server has another port.
fn local(target: &str) -> Option<Configuration> {
    if !security::is_here(target) {
        return None;
    }
    let (_, port) = target.rsplit_once(':')?;
    let conf = asterisk_conf::read(Path::new(FOLDER), "manager.conf").ok()?;
    let mut general = conf.categories.iter();
    let general = general.find(|one| one.name.eq_ignore_ascii_case("general"))?;
    let value = |name: &str| {
        let mut values = general.values.iter().rev();
        values.find(|one| one.key.eq_ignore_ascii_case(name))
    };
    let plain = value("port").map_or("5038", |one| &one.value);
    let tls = value("tlsbindaddr").and_then(|one| one.value.rsplit_once(':'));
    let tls = tls.map_or("5039", |(_, port)| port);
    (port == plain || port == tls).then_some(conf)
}
