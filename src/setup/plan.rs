//! What is to be written, as asked for.

use super::found::Machine;
use super::reach::Reached;
use super::talk::Talk;
use crate::error::Error;
use crate::init::{self, Least, Section, Verdict, name_for, named, purpose};
use crate::session::{Presented, random};
use crate::settings::manager_conf::{FOLDER, ManagerConf};
use crate::settings::{Destination, Rights, Settings, Setup};
use std::cell::Cell;
use std::path::Path;

/// The user that is made unless another is named.
const USER: &str = "amish";

const ALL: [Rights; 4] = [Rights::Watch, Rights::Act, Rights::Stream, Rights::All];

/// How many letters a made secret has: 190 bits.
const LETTERS: usize = 32;

/// What was decided.
pub struct Plan {
    pub reached: Reached,
    machine: Option<Machine>,
    pub name: String,
    pub rights: Rights,
    pub user: String,
    pub secret: String,
    /// The secret is new, and nobody but this terminal has seen it.
    pub is_made: bool,
    /// The lines of manager.conf are on the screen.
    is_shown: Cell<bool>,
}

/// Tells what is missing where nobody can be asked.
///
/// # Errors
/// Something is.
pub fn is_whole(settings: &Settings, setup: &Setup) -> Result<(), Error> {
    let word = setup.target.as_deref().unwrap_or("127.0.0.1");
    let destination = settings.at_start(word)?;
    let missing = [
        (setup.target.is_none(), "TARGET"),
        (destination.user.is_none(), "-u NAME"),
        (destination.secret.is_none(), "--secret-file FILE"),
        (setup.rights.is_none(), "--rights watch|act|stream|all"),
    ];
    let missing: Vec<&str> = missing
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, what)| *what)
        .collect();
    if let Some(name) = &setup.name {
        named(name).map_err(|why| Error::Syntax(format!("--name {name}: {why}")))?;
    }
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Error::Syntax(format!(
            "init cannot ask here, and needs {}",
            missing.join(", ")
        ))),
    }
}

impl Plan {
    /// Asks for what `setup` does not say.
    pub fn of(
        settings: &Settings,
        setup: &Setup,
        talk: &Talk,
        machine: Option<Machine>,
        reached: Reached,
    ) -> Result<Plan, Error> {
        let profile = setup
            .target
            .clone()
            .filter(|word| settings.config.profile(word).is_some());
        let host = reached
            .destination
            .target
            .as_ref()
            .map(|target| target.host.clone());
        let usual = profile.unwrap_or_else(|| name_for(&host.unwrap_or_default()));
        let name = match &setup.name {
            Some(name) => named(name).map_err(Error::Syntax)?,
            None if talk.asks => {
                talk.line("")?;
                talk.ask("Name of the profile", &usual, named)?
            }
            None => usual,
        };
        let rights = match setup.rights {
            Some(rights) => rights,
            None if talk.asks => ask_rights(talk)?,
            None => Rights::Watch,
        };
        let mut plan = Plan {
            reached,
            machine,
            name,
            rights,
            user: String::new(),
            secret: String::new(),
            is_made: false,
            is_shown: Cell::default(),
        };
        plan.ask_account(settings, talk)?;
        Ok(plan)
    }

    /// The user and the secret: as given at first, then asked for.
    pub fn ask_account(&mut self, settings: &Settings, talk: &Talk) -> Result<(), Error> {
        let folder = Path::new(FOLDER);
        let destination = self.destination();
        let target = destination.target.as_ref();
        // Not that of another server, to which this port may lead.
        let conf = target.and_then(|target| ManagerConf::of(target, destination.tls, folder));
        let given = self.destination().user.clone();
        let user = match given.filter(|_| self.user.is_empty()) {
            Some(user) => user,
            None => {
                let usual = Some(&*self.user)
                    .filter(|user| !user.is_empty())
                    .unwrap_or(USER);
                talk.ask("User of AMI", usual, a_user)?
            }
        };
        if let (Some(source), true) = (&destination.secret, self.user.is_empty()) {
            (self.secret, self.user) = (source.text()?, user);
            return Ok(());
        }
        let known = conf.as_ref().and_then(|conf| conf.secret(&user));
        let question = match known {
            Some(_) => format!("Secret of {user}, hidden [the one in manager.conf]: "),
            None => format!("Secret of {user}, hidden [makes one, for a new user]: "),
        };
        let typed = match talk.asks {
            true => talk.secret(&question)?,
            false => None,
        };
        let made = || -> Result<String, Error> {
            match settings.dry_run {
                true => Ok("***".to_owned()),
                false => make(),
            }
        };
        (self.secret, self.is_made) = match (typed, known) {
            (Some(typed), _) => (typed, false),
            (None, Some(known)) => (known.to_owned(), false),
            (None, None) => (made()?, true),
        };
        self.user = user;
        self.is_shown.set(false);
        Ok(())
    }

    pub fn destination(&self) -> &Destination {
        &self.reached.destination
    }

    pub fn host(&self) -> Option<&str> {
        self.destination()
            .target
            .as_ref()
            .map(|target| &*target.host)
    }

    /// The certificate that is trusted, if not by the system or a file.
    pub fn kept(&self) -> Option<&Presented> {
        self.reached.kept.as_ref()
    }

    /// Says why a login may be refused, once with the lines that let it in.
    pub fn explain_refusal(&self, talk: &Talk) -> Result<(), Error> {
        let words = match self.is_shown.get() {
            true => {
                "are the lines above in the file, and loaded? The secret counts to its last letter, and the address is the one that the server sees"
            }
            false => {
                "the user, the secret or the address is not that of a section in manager.conf; the server does not say which of them. These lines let it in:"
            }
        };
        talk.say("    ", words)?;
        match self.is_shown.get() {
            true => Ok(()),
            false => self.show_lines(talk),
        }
    }

    /// The section of manager.conf. A secret that was made is shown here and
    /// nowhere else.
    pub fn show_lines(&self, talk: &Talk) -> Result<(), Error> {
        self.is_shown.set(true);
        let secret = match self.is_made {
            true => &self.secret,
            false => "THE_SECRET_THAT_YOU_HAVE",
        };
        let section = self.section(secret);
        let is_freepbx = self.machine.as_ref().is_some_and(|one| one.is_freepbx);
        let file = match self.machine {
            Some(_) => init::place(is_freepbx).to_owned(),
            None => format!(
                "{} ({} with FreePBX)",
                init::place(false),
                init::place(true)
            ),
        };
        talk.heading(&format!("Lines for the end of {file}:"))?;
        talk.lines(section.whole())?;
        self.reload(talk)?;
        if matches!(self.rights, Rights::Watch | Rights::Act) {
            talk.line("")?;
            talk.say("", "Lists of PJSIP, the database and MixMonitor need write=system as well, the Asterisk CLI write=command: each is a shell on the PBX.")?;
        }
        Ok(())
    }

    /// The lines that change the rights of the user who is there.
    pub fn show_rights(&self, talk: &Talk, verdict: &Verdict) -> Result<(), Error> {
        let user = &self.user;
        let words = if verdict.lacks() {
            format!("These lines give what is missing, in [{user}] of manager.conf:")
        } else if verdict.exceeds() {
            format!(
                "Enough would be, in [{user}] if nobody else uses it, else for a user of its own:"
            )
        } else {
            format!("Should events be missing, these lines give them, in [{user}] of manager.conf:")
        };
        talk.heading(&words)?;
        talk.lines(self.section("").rights())?;
        self.reload(talk)
    }

    fn reload(&self, talk: &Talk) -> Result<(), Error> {
        talk.heading("To load them, on the PBX:")?;
        talk.line(init::reload())
    }

    fn section<'a>(&'a self, secret: &'a str) -> Section<'a> {
        Section {
            user: &self.user,
            secret,
            address: self.reached.local,
            least: Least::of(self.rights, &self.reached.banner),
            banner: &self.reached.banner,
        }
    }
}

fn ask_rights(talk: &Talk) -> Result<Rights, Error> {
    talk.line("")?;
    talk.line("What is it for?")?;
    for (number, rights) in (1..).zip(ALL) {
        let (word, about) = purpose(rights);
        talk.line(&format!("  {number} {word:<7} {about}"))?;
    }
    talk.ask("Number or word", "watch", |typed| {
        let mut all = (1..).zip(ALL);
        let found = all.find(|(number, rights): &(i32, Rights)| {
            typed == number.to_string() || typed.eq_ignore_ascii_case(purpose(*rights).0)
        });
        found
            .map(|(_, rights)| rights)
            .ok_or_else(|| "a number from 1 to 4, or one of the words".to_owned())
    })
}

/// What stands in the brackets of a section, and behind Username.
fn a_user(typed: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_graphic() && !"[]();#\\\"".contains(c);
    match typed.chars().all(is_plain) && !typed.eq_ignore_ascii_case("general") {
        true => Ok(typed.to_owned()),
        false => {
            Err("a user is letters, digits and signs without blanks, brackets and ;".to_owned())
        }
    }
}

/// A new secret, of letters, digits, - and _: others mean something in manager.conf.
fn make() -> Result<String, Error> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = random::<LETTERS>()?;
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 63)).copied();
    let letters = bytes.iter().filter_map(letter);
    Ok(letters.map(char::from).collect())
}
