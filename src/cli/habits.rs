//! Options of other programs, and what amish has instead.

macro_rules! no_secret {
    () => {
        "no option takes the secret, for the command line is seen by every user of this machine: use AMISH_SECRET, \
         --secret-file, --secret-command, a profile or the prompt"
    };
}

/// What is typed by habit from other programs, and what amish has instead.
const HABITS: &[(&str, &str)] = &[
    (
        "-p -P",
        concat!(
            no_secret!(),
            "; the port stands behind the host, as in host:5038"
        ),
    ),
    (
        "--password --passwd --pass --pw --secret --secret-env -s -w",
        no_secret!(),
    ),
    ("--port", "the port stands behind the host, as in host:5038"),
    (
        "-H --host --hostname --server --target --address",
        "the host is a word of its own, as in amish user@host:5038 Ping",
    ),
    (
        "-U --username --login",
        "the AMI user is given with -u NAME, or as user@host",
    ),
    (
        "-r --execute --exec --cli",
        "an Asterisk CLI command is given with -x, as in amish host -x 'core show channels'",
    ),
    (
        "--command --line",
        "a line is given with -c, as in amish host -c 'QueueStatus support'",
    ),
    (
        "--action -a",
        "the action stands behind the host, as in amish host QueueStatus Queue=support",
    ),
    (
        "--profile",
        "a profile stands where the host does, as in amish office Ping",
    ),
    (
        "--json -j --csv --tsv --raw --format",
        "the form is given with -o, as in -o json",
    ),
    ("--ssl -S", "TLS is --tls, or amis:// before the host"),
    (
        "--no-color --no-colour --colour",
        "colour is given with --color, as in --color never",
    ),
    (
        "--debug -d --log",
        "-v shows the login, --trace FILE writes every packet",
    ),
];

/// What amish has instead of `option`, if it is one of other programs.
pub(super) fn advice(option: &str) -> Option<&'static str> {
    let is = |(options, _): &&(&str, &str)| options.split(' ').any(|one| one == option);
    HABITS.iter().find(is).map(|(_, advice)| *advice)
}
