//! The manual page: the options as clap knows them, and everything else.

use crate::cli::Cli;
use crate::exit_code;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::{self, Write};

/// The sections after the generated ones, in roff.
const SECTIONS: &str = r#".SH ENVIRONMENT
An option comes before the environment, the environment before a profile.
.TP
.B AMISH_TARGET
a target or a profile, where none is given
.TP
.B AMISH_USER
the AMI user
.TP
.B AMISH_SECRET
its secret
.TP
.B AMISH_SECRET_FILE
a file whose first line is the secret
.TP
.B AMISH_TO_SECRET
the secret of the broker that \-\-to names
.TP
.B AMISH_CONFIG
the configuration file to read instead of the usual ones
.TP
.B AMISH_HISTFILE
where the shell keeps what was typed
.TP
.BR NO_COLOR ", " CLICOLOR_FORCE ", " TERM
whether there is colour, unless \-\-color says so
.TP
.BR PAGER ", " VISUAL ", " EDITOR ", " SHELL
programs that the shell starts
.TP
.BR XDG_CONFIG_HOME ", " XDG_STATE_HOME ", " XDG_CACHE_HOME
folders for the files below
.SH FILES
.TP
.IR ~/.config/amish/config.toml ", or else " /etc/amish/config.toml
Profiles: servers by name. Refused if it holds a secret and others may read it.
.RS
.PP
.nf
[profile.office]
target = "pbx.example.com"            # or amis://host:port
user = "admin"
secret_file = "office.secret"         # or secret, or secret_command
tls = true                            # as \-\-tls
cacert = "office.pem"                 # as \-\-cacert
events = "call,agent"                 # for the start of the shell, and for \-e alone
read_only = true                      # as \-\-read\-only
color = "never"                       # as \-\-color
confirm = false                       # as \-\-yes
init = ["/set timeout 60"]            # lines for the start of the shell

[alias]
qs = "QueueStatus"                    # qs support is QueueStatus support

[keys]
F5 = "QueueStatus support"            # F1 to F12 run a line
edit_mode = "vi"                      # or emacs
.fi
.PP
The profile named default serves where no target is given. A profile's secret goes to its own server and user only.
A name that is not absolute is looked for beside the configuration file.
.RE
.TP
.I /etc/asterisk/manager.conf
On the machine of the server itself: users and secrets, where nothing else names them.
.TP
.I ~/.local/state/amish/history
What was typed in the shell, without secrets.
.TP
.I ~/.cache/amish/
Documentation that servers told. It is safe to delete.
"#;

/// A command of amish: its name without the slash, its arguments, its
/// description.
pub type Command = (&'static str, &'static str, &'static str);

/// The page, in roff.
///
/// # Errors
/// None in practice, because it is written to memory.
pub fn page(commands: &[Command]) -> io::Result<Vec<u8>> {
    let man = Man::new(Cli::command());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    writeln!(page, ".SH COMMANDS")?;
    writeln!(
        page,
        "Commands of amish itself, at the prompt and, unless they need a person, in scripts."
    )?;
    for (name, takes, about) in commands {
        let (takes, about) = (roff(takes), roff(about));
        writeln!(page, ".TP\n\\fB/{name}\\fR {takes}\n{about}")?;
    }
    writeln!(page, ".SH \"EXIT STATUS\"")?;
    writeln!(
        page,
        "If several apply, the first of {}.",
        exit_code::ranks()
    )?;
    for (code, words) in exit_code::TABLE {
        writeln!(page, ".TP\n.B {}\n{}", code.name(), roff(words))?;
    }
    page.write_all(SECTIONS.as_bytes())?;
    Ok(page)
}

/// Escapes `text` for roff.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}
