//! What is to be written, as asked for.

use super::found::Machine;
use super::reach::Reached;
use super::talk::Talk;
use crate::error::Error;
use crate::init::{self, Least, ProfileName, Section, UserName, Verdict, purpose};
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
    pub name: ProfileName,
    pub rights: Rights,
    pub user: UserName,
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
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let words = format!("init cannot ask here, and needs {missing}");
        return Err(Error::Syntax(words));
    }
    if let Some(user) = &destination.user {
        a_user(user)?;
    }
    name_of(settings, setup).map(drop)
}

/// The name of the profile as given: by itself, or as that of one to be replaced.
fn name_of(settings: &Settings, setup: &Setup) -> Result<Option<ProfileName>, Error> {
    let target = setup.target.as_deref();
    let profile = target.filter(|word| settings.config.profile(word).is_some());
    let checked = match (&setup.name, profile) {
        (Some(name), _) => ProfileName::new(name).map_err(|why| format!("--name {name}: {why}")),
        (None, Some(name)) => ProfileName::new(name)
            .map_err(|why| format!("the profile {name}: {why}; --name gives another")),
        (None, None) => return Ok(None),
    };
    checked.map(Some).map_err(Error::Syntax)
}

fn a_user(given: &str) -> Result<UserName, Error> {
    let checked = UserName::new(given);
    checked.map_err(|why| Error::Syntax(format!("the user {given}: {why}")))
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
        let target = reached.destination.target.as_ref();
        let usual = ProfileName::of_host(target.map_or("", |target| &target.host));
        let name = match (&setup.name, name_of(settings, setup)) {
            (None, given) if talk.asks => {
                // A profile whose name cannot be written gets another one.
                let usual = given.ok().flatten().unwrap_or(usual);
                talk.line("")?;
                talk.ask("Name of the profile", usual.as_str(), ProfileName::new)?
            }
            (_, given) => given?.unwrap_or(usual),
        };
        let rights = match setup.rights {
            Some(rights) => rights,
            None if talk.asks => ask_rights(talk)?,
            None => Rights::Watch,
        };
        let account = account(settings, talk, &reached.destination, None)?;
        Ok(Plan {
            reached,
            machine,
            name,
            rights,
            user: account.user,
            secret: account.secret,
            is_made: account.is_made,
            is_shown: Cell::default(),
        })
    }

    /// Another user or secret, which were not the right ones.
    pub fn ask_account(&mut self, settings: &Settings, talk: &Talk) -> Result<(), Error> {
        let account = account(settings, talk, self.destination(), Some(&self.user))?;
        (self.user, self.secret) = (account.user, account.secret);
        self.is_made = account.is_made;
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

/// Who logs in.
struct Account {
    user: UserName,
    secret: String,
    /// As [`Plan::is_made`].
    is_made: bool,
}

/// The user and the secret: as given, but asked for if they are `refused`.
fn account(
    settings: &Settings,
    talk: &Talk,
    destination: &Destination,
    refused: Option<&UserName>,
) -> Result<Account, Error> {
    let folder = Path::new(FOLDER);
    let target = destination.target.as_ref();
    // Not that of another server, to which this port may lead.
    let conf = target.and_then(|target| ManagerConf::of(target, destination.tls, folder));
    let given = destination.user.as_deref().filter(|_| refused.is_none());
    let user = match given.map(a_user) {
        Some(Ok(user)) => user,
        Some(Err(why)) if !talk.asks => return Err(why),
        given => {
            if let Some(Err(why)) = given {
                talk.say("  ", &why.to_string())?;
            }
            let usual = refused.map_or(USER, UserName::as_str);
            talk.ask("User of AMI", usual, UserName::new)?
        }
    };
    let account = |secret, is_made, user| Account {
        user,
        secret,
        is_made,
    };
    if let (Some(source), None) = (&destination.secret, refused) {
        return Ok(account(source.text()?, false, user));
    }
    let known = conf.as_ref().and_then(|conf| conf.secret(user.as_str()));
    let question = match known {
        Some(_) => format!("Secret of {user}, hidden [the one in manager.conf]: "),
        None => format!("Secret of {user}, hidden [makes one, for a new user]: "),
    };
    let typed = match talk.asks {
        true => talk.secret(&question)?,
        false => None,
    };
    Ok(match (typed, known) {
        (Some(typed), _) => account(typed, false, user),
        (None, Some(known)) => account(known.to_owned(), false, user),
        (None, None) if settings.dry_run => account("***".to_owned(), true, user),
        (None, None) => account(make()?, true, user),
    })
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

/// A new secret, of letters, digits, - and _: others mean something in manager.conf.
fn make() -> Result<String, Error> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = random::<LETTERS>()?;
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 63)).copied();
    let letters = bytes.iter().filter_map(letter);
    Ok(letters.map(char::from).collect())
}
