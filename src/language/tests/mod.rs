//! Typed text and what it parses to, as tables.

mod actions;
mod expr;
mod lines;
mod properties;
mod raw;
mod tail;

use super::*;

/// The statements in short form, with `!` before forgiven ones; or the line and
/// message of the error.
fn read(buffer: &[u8], place: Place) -> Result<Vec<String>, String> {
    let statements = parse(buffer, place).map_err(|e| format!("{}:{}: {e}", e.line, e.column))?;
    let short = |one: &Statement| {
        let mark = if one.forgiven { "!" } else { "" };
        format!("{mark}{}", short(&one.command))
    };
    Ok(statements.iter().map(short).collect())
}

fn short(command: &Command) -> String {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    match command {
        Command::Action(line) => {
            let argument = |one: &Argument| match &one.key {
                Some(key) => format!(" {key}={{{}}}", text(&one.value)),
                None => format!(" {{{}}}", text(&one.value)),
            };
            let arguments: String = line.arguments.iter().map(argument).collect();
            format!("{}{arguments}", line.name)
        }
        Command::Raw(action) => {
            let packet = action.packet().expect("has an Action");
            text(&packet).replace("\\r\\n", "|")
        }
        Command::Cli(cli) => format!("cli <{}>", text(cli)),
        Command::Echo(echo) => format!("echo <{}>", text(echo)),
        Command::Local(local) => format!("!<{local}>"),
        Command::Fail(why) => format!("fail <{}>", text(why)),
        Command::Set { name, value } => match value {
            Assigned::Header(key) => format!("{name} = {key}"),
            Assigned::Text(value) => format!("{name} = <{}>", text(value)),
        },
        Command::Expect(one) => {
            let none = if one.none { "none " } else { "" };
            let time = one.within.map(|time| format!(" in {time:?}"));
            format!("expect {none}<{}>{}", one.expr, time.unwrap_or_default())
        }
        other => format!("{other:?}"),
    }
}

fn shell(buffer: &str) -> Result<Vec<String>, String> {
    read(buffer.as_bytes(), Place::Shell)
}

fn script(buffer: &str) -> Result<Vec<String>, String> {
    read(buffer.as_bytes(), Place::Script)
}
