//! The completion scripts: what clap knows, and the values that it does not
//! know: classes of events, the user's profiles, words in the place of the
//! target, and the topics of `help`.

use super::topics::TOPICS;
use crate::cli::Cli;
use crate::settings::FIRST_WORDS;
use clap::{Arg, CommandFactory};
use clap_complete::Shell;

/// The script for `shell`; `classes` are the event classes.
pub fn script(shell: Shell, classes: &[&str]) -> String {
    // clap panics if it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "amish", &mut text);
    let text = String::from_utf8(text).unwrap_or_default();
    let classes = classes.join(" ");
    match shell {
        Shell::Bash => bash(&text, &classes),
        Shell::Zsh => zsh(&text, &classes),
        Shell::Fish => fish(&text, &classes),
        Shell::Elvish => text + &filled(ELVISH, &classes),
        Shell::PowerShell => powershell(&text, &classes),
        _ => text,
    }
}

/// `text` of a script, with the words that it offers.
fn filled(text: &str, classes: &str) -> String {
    text.replace("CLASSES", classes)
        .replace("TAKES_VALUE", &options_with_value())
        .replace("FIRST_WORDS", &FIRST_WORDS.join(" "))
        .replace("TOPICS", &TOPICS.map(|topic| topic.name).join(" "))
}

/// The options whose value is the next word.
fn options_with_value() -> String {
    let command = Cli::command();
    let takes = |arg: &&Arg| {
        let needs = arg
            .get_num_args()
            .is_none_or(|range| range.min_values() > 0);
        arg.get_action().takes_values() && needs && !arg.is_positional()
    };
    let names = command.get_arguments().filter(takes).flat_map(|arg| {
        let short = arg.get_short().map(|short| format!("-{short}"));
        let long = arg.get_long().map(|long| format!("--{long}"));
        short.into_iter().chain(long)
    });
    names.collect::<Vec<_>>().join("|")
}

/// bash cuts words at `=`, which the generated function does not know.
fn bash(text: &str, classes: &str) -> String {
    let text = text.replacen("_amish() {", "_amish_options() {", 1);
    let (function, end) = text
        .rsplit_once("\nif [[ \"${BASH_VERSINFO[0]}\" -eq 4")
        .unwrap_or((&text, ""));
    let added = filled(BASH, classes);
    format!("{function}\n{added}\nif [[ \"${{BASH_VERSINFO[0]}}\" -eq 4{end}")
}

fn zsh(text: &str, classes: &str) -> String {
    let text = text
        .replace("'-e+[", "'-e=-[")
        .replace("'--events=[", "'--events=-[")
        .replace("::CLASSES:_default'", "::CLASSES:_amish_classes'")
        .replace(":_hosts'", ":_amish_targets'");
    let at = "(( $+functions[_amish_commands] )) ||";
    text.replacen(at, &format!("{}{at}", filled(ZSH, classes)), 1)
}

/// fish takes `=ca` for the value of `-e=ca`.
fn fish(text: &str, classes: &str) -> String {
    let line = |line: &str| match line.strip_prefix("complete -c amish -s e -l events ") {
        Some(rest) => {
            let about = rest.trim_end_matches(" -r");
            format!(
                "complete -c amish -s e {about} -x -a \"(__amish_classes =)\"\n\
                 complete -c amish -l events {about} -x -a \"(__amish_classes)\"\n"
            )
        }
        None => format!("{line}\n"),
    };
    let added = filled(FISH, classes);
    text.lines().map(line).chain([added]).collect()
}

fn powershell(text: &str, classes: &str) -> String {
    let at = "    $completions = @(switch ($command) {";
    text.replacen(at, &format!("{}{at}", filled(POWERSHELL, classes)), 1)
}

const BASH: &str = r#"_amish() {
    local cur="${COMP_WORDS[COMP_CWORD]}" before="" option="" glued="" word list
    [[ ${COMP_CWORD} -ge 1 ]] && before="${COMP_WORDS[COMP_CWORD-1]}"
    if [[ "${cur}" == "=" ]]; then
        option="${before}"
        cur=""
    elif [[ "${before}" == "=" && ${COMP_CWORD} -ge 2 ]]; then
        option="${COMP_WORDS[COMP_CWORD-2]}"
    elif [[ "${cur}" == -*=* ]]; then
        option="${cur%%=*}"
        glued="${option}="
        cur="${cur#*=}"
    fi
    case "${option}" in
        -e|--events)
            list=""
            [[ "${cur}" == *,* ]] && list="${cur%,*},"
            COMPREPLY=( $(compgen -P "${glued}${list}" -W "CLASSES" -- "${cur##*,}") )
            return 0
            ;;
        -*)
            # As the first word it would be taken for an option.
            local COMP_CWORD=$(( COMP_CWORD < 2 ? 2 : COMP_CWORD ))
            _amish_options "$1" "${cur}" "${option}"
            [[ -n "${glued}" ]] && COMPREPLY=( "${COMPREPLY[@]/#/${glued}}" )
            return 0
            ;;
    esac
    if [[ ${COMP_CWORD} -eq 2 && "${COMP_WORDS[1]}" == help ]]; then
        COMPREPLY=( $(compgen -W "TOPICS" -- "${cur}") )
        return 0
    fi
    _amish_options "$@"
    # The first word that is neither an option nor its value is the target.
    [[ "${cur}" == -* ]] && return 0
    before=""
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "${before}" in
            TAKES_VALUE) ;;
            *) [[ "${word}" != -* && "${word}" != "=" && "${before}" != "=" ]] && return 0 ;;
        esac
        before="${word}"
    done
    case "${before}" in
        TAKES_VALUE) return 0 ;;
    esac
    COMPREPLY+=( $(compgen -W "FIRST_WORDS $("$1" --list-profiles 2>/dev/null | cut -d ' ' -f 1)" -- "${cur}") )
    COMPREPLY+=( $(compgen -A hostname -- "${cur}") )
}
"#;

const ZSH: &str = r#"(( $+functions[_amish_classes] )) ||
_amish_classes() {
    compset -P '*,'
    compadd -S '' -- CLASSES
}

(( $+functions[_amish_targets] )) ||
_amish_targets() {
    if (( CURRENT == 2 )) && [[ ${words[1]} == help ]]; then
        compadd -- TOPICS
        return
    fi
    (( CURRENT == 1 )) || return 1
    local -a profiles
    profiles=(${${(f)"$(_call_program profiles amish --list-profiles 2>/dev/null)"}%% *})
    _alternative "commands:command:compadd -- FIRST_WORDS" "profiles:profile:compadd -a profiles" "hosts:host:_hosts"
}

"#;

const FISH: &str = r#"
function __amish_classes
    set -l begun (commandline -ct | string replace -r '^[^=]*=' '' | string replace -r '[^,]*$' '')
    for class in CLASSES
        echo "$argv[1]$begun$class"
    end
end

function __amish_profiles
    command -q amish; and amish --list-profiles 2>/dev/null | string split -f 1 ' '
end

function __amish_needs_target
    set -l before
    for word in (commandline -opc)[2..]
        if not string match -qr -- '^-' $word; and not string match -qr -- '^(TAKES_VALUE)$' "$before"
            return 1
        end
        set before $word
    end
end

function __amish_is_help
    set -l before (commandline -opc)
    test (count $before) -eq 2; and test $before[2] = help
end

complete -c amish -n __amish_needs_target -f -a "(__amish_profiles)" -d profile
complete -c amish -n __amish_needs_target -f -a "FIRST_WORDS" -d command
complete -c amish -n __amish_is_help -f -a "TOPICS" -d topic
"#;

const ELVISH: &str = r#"
var amish-options~ = $edit:completion:arg-completer[amish]
set edit:completion:arg-completer[amish] = {|@words|
    use re
    var word = $words[-1]
    if (re:match '^(-e|--events)=' $word) {
        var begun = (re:replace '[^=,]*$' '' $word)
        for class [CLASSES] {
            edit:complex-candidate $begun$class
        }
    } else {
        if (== (count $words) 2) {
            put FIRST_WORDS
            try {
                amish --list-profiles 2>/dev/null | each {|line| put (re:replace ' .*' '' $line) }
            } catch e { }
        } elif (and (== (count $words) 3) (eq $words[1] help)) {
            put TOPICS
            return
        }
        # It would take the target for a command, and knows none.
        amish-options amish $word
    }
}
"#;

const POWERSHELL: &str = r#"    if ($wordToComplete -match '^(-e|--events)=(.*,)?') {
        $begun = $Matches[0]
        return -split 'CLASSES' | ForEach-Object { $begun + $_ } | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, $_) }
    }
    if ($commandElements.Count -ge 2 -and "$($commandElements[1])" -eq 'help' -and $commandElements.Count -le 3 -and $wordToComplete -ne 'help') {
        return -split 'TOPICS' | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'topic') }
    }
    if ($commandElements.Count -le 2 -and $wordToComplete -notlike '-*') {
        -split 'FIRST_WORDS' | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'command') }
    }
    if ($commandElements.Count -le 2 -and $wordToComplete -notlike '-*') {
        amish --list-profiles 2>$null | ForEach-Object { ($_ -split ' ')[0] } | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'profile') }
    }

"#;
