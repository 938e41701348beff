//! `manager show command NAME`: the documentation of the simulator's actions, in the layout of each version.

use crate::simulator::config::Version;
use crate::simulator::registry::{Action, Argument};

const ACTION_ID: Argument = (
    "ActionID",
    false,
    "An identifier that every answer to this action carries.",
);

/// A page as it is printed. Asterisk 22 has more sections, in another order, and blank lines between arguments.
pub(super) fn page(action: &Action, version: Version) -> String {
    let name = action.name;
    let synopsis = format!("[Synopsis]\n{}\n\n", action.synopsis);
    let description = format!("[Description]\n{}\n\n", action.description);
    let syntax = syntax(action);
    let arguments = |blank: &str| {
        let all = [ACTION_ID].iter().chain(action.arguments);
        let text: String = all
            .map(|(key, _, what)| format!("{key}\n    {what}\n{blank}"))
            .collect();
        format!("[Arguments]\n{blank}{text}")
    };
    match version {
        Version::V22 => {
            let module = if name.starts_with("Queue") {
                "app_queue"
            } else {
                "builtin"
            };
            let head = format!("\n  -= Info about Manager Command '{name}' =- \n\n{synopsis}");
            let origin = format!("[Provided By]\n{module}\n\n[Since]\n{}\n\n", action.since);
            let privilege = format!(
                "[Privilege]\n{}\n\n[See Also]\nNot available\n\n",
                action.privilege()
            );
            let ends = "[List Responses]\nNone\n\n[End List Responses]\n\n[Final Response]\nNone\n\n[End Final Response]\n";
            format!(
                "{head}{origin}{description}{syntax}{}{privilege}{ends}",
                arguments("\n")
            )
        }
        Version::V18 => format!(
            "{syntax}{synopsis}{description}{}\n[See Also]\nNot available\n\n",
            arguments("")
        ),
    }
}

fn syntax(action: &Action) -> String {
    let line = |(key, required, _): &Argument| match required {
        true => format!("{key}: <value>\n"),
        false => format!("[{key}:] <value>\n"),
    };
    let (name, lines) = (action.name, action.arguments.iter().map(line));
    let lines: String = lines.collect();
    format!("[Syntax]\nAction: {name}\n[ActionID:] <value>\n{lines}\n")
}
