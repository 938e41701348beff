//! The session itself, and the server as a whole.

use super::row::{Danger, Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("Challenge: Ask for the challenge of an MD5 login")
        .keys("AuthType!=MD5 +Username")
        .words("AuthType")
        .reads()
        .stands_alone(),
    known("Command command: Run a command of the Asterisk CLI")
        .keys("Command!")
        .reads_unless("Command")
        .asks(Danger::RunCommand),
    known("CoreSettings system,reporting: Show versions and limits of the server").reads(),
    known("CoreStatus system,reporting: Show start and reload times and the number of calls")
        .reads(),
    known("Events: Choose the classes of events to receive")
        .keys("EventMask!=on|off")
        .reads()
        .stands_alone(),
    // 16.28 and 22.10 answer with an Error without Operation.
    known("Filter system: Add a filter to the events of this session")
        .keys("Operation!!=Add MatchCriteria Filter")
        .words("Operation Filter")
        .reads()
        .stands_alone(),
    known("ListCommands: List the Actions you may send").reads(),
    known("LoggerRotate system,reporting: Start new log files"),
    known("Login: Log in to the manager")
        .keys("Username! +AuthType=plain|MD5 Secret +Key +Events=on|off")
        .words("Username Secret")
        .values(&[("Username", ValuesOf::Users)])
        .reads()
        .stands_alone(),
    known("Logoff: Log off and end the connection")
        .reads()
        .stands_alone(),
    known("Ping: Check that the server responds").reads(),
    known("UserEvent user: Send an event of your own to all sessions")
        .keys("UserEvent! Header1 HeaderN")
        .words("UserEvent"),
    // Without Timeout it waits forever: 16.28 and 22.10.
    known("WaitEvent: Wait until an event comes")
        .keys("Timeout?")
        .reads()
        .stands_alone(),
];
