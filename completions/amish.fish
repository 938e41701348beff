complete -c amish -s u -l user -d 'AMI user' -r
complete -c amish -l secret-file -d 'File whose first line is the secret' -r -F
complete -c amish -l secret-command -d 'Command whose first line of output is the secret, run without a shell' -r
complete -c amish -s t -l timeout -d 'How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets' -r
complete -c amish -l connect-timeout -d 'How long to wait for a connection and its banner' -r
complete -c amish -l buffer -d 'Limit for received data waiting to be shown (1MiB, 2GB)' -r
complete -c amish -l cacert -d 'Trust the certificates in FILE instead of the system\'s' -r -F
complete -c amish -l tls-name -d 'Name that the server\'s certificate must have, if not the host\'s' -r
complete -c amish -s x -d 'Run a command of the Asterisk CLI, as -c \'cli TEXT\'' -r
complete -c amish -s c -d 'Run LINE of the typed language; may be repeated' -r
complete -c amish -s f -l file -d 'Script to run; for doctor security, a manager.conf' -r -F
complete -c amish -l listen -d 'With metrics: serve them to Prometheus on ADDR (127.0.0.1:9140)' -r
complete -c amish -s e -d 'Stream events: all, or of CLASSES (call,agent)' -x -a "(__amish_classes =)"
complete -c amish -l events -d 'Stream events: all, or of CLASSES (call,agent)' -x -a "(__amish_classes)"
complete -c amish -l filter -d 'Show only events that match EXPR: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not' -r
complete -c amish -l until -d 'End a stream or a capture at the first event that matches EXPR; exit 7 if none came' -r
complete -c amish -l count -d 'End a stream after N events, a capture after N packets' -r
complete -c amish -l for -d 'End a stream after DURATION (30s, 5m)' -r
complete -c amish -l to -d 'Write the stream to the broker at URL instead of standard output, each event acknowledged: redis://user@host:6379/0?maxlen=N or nats://user@host:4222' -r -f
complete -c amish -l to-secret-file -d 'File whose first line is the broker\'s secret; default AMISH_TO_SECRET' -r -F
complete -c amish -s o -l output -d 'Form: table, packet, raw, json, csv or tsv' -r -f -a "table\t'A list as a table, an event as a line'
packet\t'`Key: Value` lines'
raw\t'The server\'s exact bytes'
json\t'One JSON object per packet, one per line'
csv\t'Items as rows below a header row (RFC 4180)'
tsv\t'The same, separated by tabs; \\t, \\n, \\r and \\\\ in values'"
complete -c amish -l fields -d 'Headers to show in table, csv and tsv, in this order: A,B (* for all)' -r
complete -c amish -l color -d 'When to use colour; default auto, or as in the profile' -r -f -a "auto\t'On a terminal that supports it; honours NO_COLOR, CLICOLOR_FORCE and TERM=dumb'
always\t'Always'
never\t'Never'"
complete -c amish -l trace -d 'Write every packet in and out to FILE anew, with its time, secrets masked' -r -F
complete -c amish -l window -d 'Keep up to N actions of a script in flight; shown in the script\'s order' -r
complete -c amish -l targets -d 'Run on each target of FILE, one a line, instead of TARGET (- for stdin)' -r -F
complete -c amish -l parallel -d 'Of many targets, connect and log in to N at a time' -r
complete -c amish -l shard -d 'Of many targets, take only the K-th of N shares, always the same: 2/5' -r
complete -c amish -l group-by -d 'Of many targets, show one after the other, in their order' -r -f -a "target\t'One target after the other'"
complete -c amish -l name -d 'The name of the profile; default: the name of the host' -r
complete -c amish -l rights -d 'What its user is to be able to do; asked for on a terminal' -r -f -a "watch\t'See calls, queues and devices, and change nothing'
act\t'Also place, move and end calls, and change queues'
stream\t'Receive events, and send nothing'
all\t'Everything that AMI has, which is a shell on the PBX'"
complete -c amish -l demo-listen -d 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients' -r
complete -c amish -l demo-fleet -d 'Run against N built-in PBXs; with --demo-listen serve them on as many ports, and print the address of each' -r
complete -c amish -l demo-secret-file -d 'File whose first line is the secret of all users of --demo-listen, replacing the well-known ones' -r -F
complete -c amish -l decode -d 'Print captured AMI bytes from FILE, or - for stdin; no connection' -r -F
complete -c amish -l completions -d 'Print the completion script for SHELL' -r -f -a "bash\t''
elvish\t''
fish\t''
powershell\t''
zsh\t''"
complete -c amish -l no-login -d 'Connect only; type Action: Login yourself, as on telnet'
complete -c amish -l plaintext -d 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge, and to a remote broker'
complete -c amish -l reconnect -d 'Connect again when the link ends, and retry the first time; default in the shell and for -e'
complete -c amish -l no-reconnect -d 'Do not connect again'
complete -c amish -l tls -d 'Connect with TLS; default port 5039. Same as amis://'
complete -c amish -l insecure -d 'Accept any certificate: anyone in between can read and change everything'
complete -c amish -l no-pager -d 'Show long replies without a pager'
complete -c amish -s q -l quiet -d 'Print only what was asked for: no greeting, no notes'
complete -c amish -s v -l verbose -d 'Also show the packets of amish\'s own login and logoff, on stderr'
complete -c amish -l keep-going -d 'Let a script go on after an Error (it still exits 3)'
complete -c amish -l strict -d 'Treat the Error that some servers send for an empty list as an error'
complete -c amish -l yes -d 'Do not ask before dangerous actions'
complete -c amish -l read-only -d 'Send only actions that are known to change nothing'
complete -c amish -l dry-run -d 'Print what would be sent, secrets masked; connect to nothing'
complete -c amish -l no-check -d 'Send what the check would refuse, and Originate without Async'
complete -c amish -l no-shell -d 'Start no local programs: no `!cmd`, `| cmd`, /edit; the pager is a restricted less'
complete -c amish -l demo -d 'Use the built-in PBX instead of a TARGET'
complete -c amish -l list-profiles -d 'List the profiles of the configuration file'
complete -c amish -l man -d 'Print the manual page'
complete -c amish -s h -l help -d 'Print help; -h prints a summary'
complete -c amish -s V -l version -d 'Print the version; --version also what is in this program'

function __amish_classes
    set -l begun (commandline -ct | string replace -r '^[^=]*=' '' | string replace -r '[^,]*$' '')
    for class in all system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message
        echo "$argv[1]$begun$class"
    end
end

function __amish_profiles
    command -q amish; and amish --list-profiles 2>/dev/null | string split -f 1 ' '
end

function __amish_needs_target
    set -l before
    for word in (commandline -opc)[2..]
        if not string match -qr -- '^-' $word; and not string match -qr -- '^(-u|--user|--secret-file|--secret-command|-t|--timeout|--connect-timeout|--buffer|--cacert|--tls-name|-x|-c|-f|--file|--listen|--filter|--until|--count|--for|--to|--to-secret-file|-o|--output|--fields|--color|--trace|--window|--targets|--parallel|--shard|--group-by|--name|--rights|--demo-listen|--demo-fleet|--demo-secret-file|--completions)$' "$before"
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
complete -c amish -n __amish_needs_target -f -a "help init doctor" -d command
complete -c amish -n __amish_is_help -f -a "connecting profiles shell commands scripts events output fleet metrics security exit-codes environment files cookbook demo" -d topic
