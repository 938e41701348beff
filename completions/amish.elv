
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
            cand -u 'AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt'
            cand --user 'AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt'
            cand --secret-file 'File whose first line is the secret; else AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt'
            cand --secret-command 'Command whose first line of output is the secret, run without a shell'
            cand --cacert 'Trust the certificates in FILE instead of the system''s'
            cand --tls-name 'The name that the server''s certificate must be for, if not the host''s'
            cand -c 'Run LINE of the typed language; may be repeated'
            cand -x 'Run the Asterisk CLI command TEXT; the same as -c ''cli TEXT'''
            cand -f 'Run a script from FILE'
            cand --file 'Run a script from FILE'
            cand -e 'Stream events until stopped: all, or those of CLASSES (call,agent)'
            cand --events 'Stream events until stopped: all, or those of CLASSES (call,agent)'
            cand -o 'Form of replies and events; table on a terminal, packet otherwise'
            cand --output 'Form of replies and events; table on a terminal, packet otherwise'
            cand --fields 'Headers to show, in this order, in table, csv and tsv: A,B (* all)'
            cand --color 'When to use colour; auto unless the profile says otherwise'
            cand -t 'Seconds to wait for a reply, anew from each packet of it'
            cand --timeout 'Seconds to wait for a reply, anew from each packet of it'
            cand --connect-timeout 'Seconds to wait for a connection and its banner'
            cand --filter 'Show only events that EXPR means: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not'
            cand --until 'End a stream with the first event that EXPR means; exit 7 where none came'
            cand --count 'End a stream after N events'
            cand --for 'End a stream after DURATION (30s, 5m)'
            cand --buffer 'Received bytes that may wait when showing is slow (1MiB, 2GB)'
            cand --window 'Let up to N actions of a script be under way; shown in the script''s order'
            cand --trace 'Write every packet in and out to FILE, with its time, secrets masked'
            cand --demo-listen 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients'
            cand --decode 'Print captured AMI bytes from FILE, or - for stdin; no connection'
            cand --completions 'Print the completion script for SHELL'
            cand --no-login 'Connect only; type Action: Login yourself, as on telnet'
            cand --plaintext 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge'
            cand --tls 'Connect with TLS; port 5039 unless given. The same as amis://'
            cand --insecure 'Accept any certificate: whoever is in between can read and change everything'
            cand --reconnect 'Connect again when the link ends, also the first time; default in the shell and for -e'
            cand --no-reconnect 'Do not connect again'
            cand --keep-going 'Let a script go on after an Error (it still exits 3)'
            cand --no-pager 'Show long replies without a pager'
            cand --no-shell 'No local commands in the shell: `!cmd`, `| cmd`, /edit'
            cand --yes 'Do not ask before an action that takes much away at once'
            cand --strict 'Count a list that came back as Error because it is empty as an error'
            cand --read-only 'Send only actions that are known to change nothing'
            cand --dry-run 'Print what would be sent, secrets masked; connect to nothing'
            cand --no-check 'Send what the check would refuse, and Originate without Async'
            cand -q 'Only what was asked for: no greeting, no notes'
            cand --quiet 'Only what was asked for: no greeting, no notes'
            cand -v 'Also show the packets of amish''s own login and logoff, on stderr'
            cand --verbose 'Also show the packets of amish''s own login and logoff, on stderr'
            cand --demo 'Run against the built-in PBX instead of a TARGET'
            cand --list-profiles 'List the profiles of the configuration file'
            cand --man 'Print the manual page'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
    ]
    $completions[$command]
}
