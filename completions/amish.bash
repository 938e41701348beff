_amish_options() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="amish"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        amish)
            opts="-u -t -x -c -f -e -o -q -v -h -V --user --secret-file --secret-command --no-login --plaintext --timeout --connect-timeout --reconnect --no-reconnect --buffer --tls --cacert --tls-name --insecure --file --listen --events --filter --until --count --for --to --to-secret-file --output --fields --color --no-pager --quiet --verbose --trace --keep-going --window --strict --yes --read-only --dry-run --no-check --no-shell --targets --parallel --shard --group-by --name --rights --demo --demo-listen --demo-fleet --demo-secret-file --decode --list-profiles --man --completions --help --version"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --user)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -u)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --secret-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --secret-command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -t)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --buffer)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -x)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -c)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                -f)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --listen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --events)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -e)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --until)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --count)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --for)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --to-secret-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "table packet raw json csv tsv" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "table packet raw json csv tsv" -- "${cur}"))
                    return 0
                    ;;
                --fields)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --trace)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --window)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --targets)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --parallel)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --shard)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --group-by)
                    COMPREPLY=($(compgen -W "target" -- "${cur}"))
                    return 0
                    ;;
                --name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rights)
                    COMPREPLY=($(compgen -W "watch act stream all" -- "${cur}"))
                    return 0
                    ;;
                --demo-listen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --demo-fleet)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --demo-secret-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --decode)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --completions)
                    COMPREPLY=($(compgen -W "bash elvish fish powershell zsh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

_amish() {
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
            COMPREPLY=( $(compgen -P "${glued}${list}" -W "all system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message" -- "${cur##*,}") )
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
        COMPREPLY=( $(compgen -W "connecting profiles shell commands scripts events output fleet metrics security exit-codes environment files cookbook demo" -- "${cur}") )
        return 0
    fi
    _amish_options "$@"
    # The first word that is neither an option nor its value is the target.
    [[ "${cur}" == -* ]] && return 0
    before=""
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "${before}" in
            -u|--user|--secret-file|--secret-command|-t|--timeout|--connect-timeout|--buffer|--cacert|--tls-name|-x|-c|-f|--file|--listen|--filter|--until|--count|--for|--to|--to-secret-file|-o|--output|--fields|--color|--trace|--window|--targets|--parallel|--shard|--group-by|--name|--rights|--demo-listen|--demo-fleet|--demo-secret-file|--completions) ;;
            *) [[ "${word}" != -* && "${word}" != "=" && "${before}" != "=" ]] && return 0 ;;
        esac
        before="${word}"
    done
    case "${before}" in
        -u|--user|--secret-file|--secret-command|-t|--timeout|--connect-timeout|--buffer|--cacert|--tls-name|-x|-c|-f|--file|--listen|--filter|--until|--count|--for|--to|--to-secret-file|-o|--output|--fields|--color|--trace|--window|--targets|--parallel|--shard|--group-by|--name|--rights|--demo-listen|--demo-fleet|--demo-secret-file|--completions) return 0 ;;
    esac
    COMPREPLY+=( $(compgen -W "help init doctor $("$1" --list-profiles 2>/dev/null | cut -d ' ' -f 1)" -- "${cur}") )
    COMPREPLY+=( $(compgen -A hostname -- "${cur}") )
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _amish -o nosort -o bashdefault -o default amish
else
    complete -F _amish -o bashdefault -o default amish
fi
