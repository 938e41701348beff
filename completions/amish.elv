
use builtin;
use str;

set edit:completion:arg-completer[amish] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'amish'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'amish'= {
            cand -u 'AMI user'
            cand --user 'AMI user'
            cand --secret-file 'File whose first line is the secret'
            cand --secret-command 'Command whose first line of output is the secret, run without a shell'
            cand -t 'How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets'
            cand --timeout 'How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets'
            cand --connect-timeout 'How long to wait for a connection and its banner'
            cand --buffer 'Limit for received data waiting to be shown (1MiB, 2GB)'
            cand --cacert 'Trust the certificates in FILE instead of the system''s'
            cand --tls-name 'Name that the server''s certificate must have, if not the host''s'
            cand -x 'Run a command of the Asterisk CLI, as -c ''cli TEXT'''
            cand -c 'Run LINE of the typed language; may be repeated'
            cand -f 'Script to run; for doctor security, a manager.conf'
            cand --file 'Script to run; for doctor security, a manager.conf'
            cand --listen 'With metrics: serve them to Prometheus on ADDR (127.0.0.1:9140)'
            cand -e 'Stream events: all, or of CLASSES (call,agent)'
            cand --events 'Stream events: all, or of CLASSES (call,agent)'
            cand --filter 'Show only events that match EXPR: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not'
            cand --until 'End a stream or a capture at the first event that matches EXPR; exit 7 if none came'
            cand --count 'End a stream after N events, a capture after N packets'
            cand --for 'End a stream after DURATION (30s, 5m)'
            cand --to 'Write the stream to the broker at URL instead of standard output, each event acknowledged: redis://user@host:6379/0?maxlen=N or nats://user@host:4222'
            cand --to-secret-file 'File whose first line is the broker''s secret; default AMISH_TO_SECRET'
            cand -o 'Form: table, packet, raw, json, csv or tsv'
            cand --output 'Form: table, packet, raw, json, csv or tsv'
            cand --fields 'Headers to show in table, csv and tsv, in this order: A,B (* for all)'
            cand --color 'When to use colour; default auto, or as in the profile'
            cand --trace 'Write every packet in and out to FILE anew, with its time, secrets masked'
            cand --window 'Keep up to N actions of a script in flight; shown in the script''s order'
            cand --targets 'Run on each target of FILE, one a line, instead of TARGET (- for stdin)'
            cand --parallel 'Of many targets, connect and log in to N at a time'
            cand --shard 'Of many targets, take only the K-th of N shares, always the same: 2/5'
            cand --group-by 'Of many targets, show one after the other, in their order'
            cand --name 'The name of the profile; default: the name of the host'
            cand --rights 'What its user is to be able to do; asked for on a terminal'
            cand --demo-listen 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients'
            cand --demo-fleet 'Run against N built-in PBXs; with --demo-listen serve them on as many ports, and print the address of each'
            cand --demo-secret-file 'File whose first line is the secret of all users of --demo-listen, replacing the well-known ones'
            cand --decode 'Print captured AMI bytes from FILE, or - for stdin; no connection'
            cand --completions 'Print the completion script for SHELL'
            cand --no-login 'Connect only; type Action: Login yourself, as on telnet'
            cand --plaintext 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge, and to a remote broker'
            cand --reconnect 'Connect again when the link ends, and retry the first time; default in the shell and for -e'
            cand --no-reconnect 'Do not connect again'
            cand --tls 'Connect with TLS; default port 5039. Same as amis://'
            cand --insecure 'Accept any certificate: anyone in between can read and change everything'
            cand --no-pager 'Show long replies without a pager'
            cand -q 'Print only what was asked for: no greeting, no notes'
            cand --quiet 'Print only what was asked for: no greeting, no notes'
            cand -v 'Also show the packets of amish''s own login and logoff, on stderr'
            cand --verbose 'Also show the packets of amish''s own login and logoff, on stderr'
            cand --keep-going 'Let a script go on after an Error (it still exits 3)'
            cand --strict 'Treat the Error that some servers send for an empty list as an error'
            cand --yes 'Do not ask before dangerous actions'
            cand --read-only 'Send only actions that are known to change nothing'
            cand --dry-run 'Print what would be sent, secrets masked; connect to nothing'
            cand --no-check 'Send what the check would refuse, and Originate without Async'
            cand --no-shell 'Start no local programs: no `!cmd`, `| cmd`, /edit; the pager is a restricted less'
            cand --demo 'Use the built-in PBX instead of a TARGET'
            cand --list-profiles 'List the profiles of the configuration file'
            cand --man 'Print the manual page'
            cand -h 'Print help; -h prints a summary'
            cand --help 'Print help; -h prints a summary'
            cand -V 'Print the version; --version also what is in this program'
            cand --version 'Print the version; --version also what is in this program'
        }
    ]
    $completions[$command]
}

var amish-options~ = $edit:completion:arg-completer[amish]
set edit:completion:arg-completer[amish] = {|@words|
    use re
    var word = $words[-1]
    if (re:match '^(-e|--events)=' $word) {
        var begun = (re:replace '[^=,]*$' '' $word)
        for class [all system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message] {
            edit:complex-candidate $begun$class
        }
    } else {
        if (== (count $words) 2) {
            put help init doctor
            try {
                amish --list-profiles 2>/dev/null | each {|line| put (re:replace ' .*' '' $line) }
            } catch e { }
        } elif (and (== (count $words) 3) (eq $words[1] help)) {
            put connecting profiles shell commands scripts events output fleet metrics security exit-codes environment files cookbook demo
            return
        }
        # It would take the target for a command, and knows none.
        amish-options amish $word
    }
}
