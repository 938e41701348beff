complete -c amish -s u -l user -d 'AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt' -r
complete -c amish -l secret-file -d 'File whose first line is the secret; else AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt' -r -F
complete -c amish -l secret-command -d 'Command whose first line of output is the secret, run without a shell' -r
complete -c amish -l cacert -d 'Trust the certificates in FILE instead of the system\'s' -r -F
complete -c amish -l tls-name -d 'The name that the server\'s certificate must be for, if not the host\'s' -r
complete -c amish -s c -d 'Run LINE of the typed language; may be repeated' -r
complete -c amish -s x -d 'Run the Asterisk CLI command TEXT; the same as -c \'cli TEXT\'' -r
complete -c amish -s f -l file -d 'Run a script from FILE' -r -F
complete -c amish -s e -l events -d 'Stream events until stopped: all, or those of CLASSES (call,agent)' -r
complete -c amish -s o -l output -d 'Form of replies and events; table on a terminal, packet otherwise' -r -f -a "table\t'A list as a table, an event as a line'
packet\t'`Key: Value` lines'
raw\t'The very bytes of the server'
json\t'One JSON object a packet, one line each'
csv\t'Items as rows below a header row, as RFC 4180 has them'
tsv\t'The same apart by tabs; \\t, \\n, \\r and \\\\ in values'"
complete -c amish -l fields -d 'Headers to show, in this order, in table, csv and tsv: A,B (* all)' -r
complete -c amish -l color -d 'When to use colour; auto unless the profile says otherwise' -r -f -a "auto\t'On a terminal that has it; NO_COLOR, CLICOLOR_FORCE and TERM=dumb count'
always\t'Always'
never\t'Never'"
complete -c amish -s t -l timeout -d 'Seconds to wait for a reply, anew from each packet of it' -r
complete -c amish -l connect-timeout -d 'Seconds to wait for a connection and its banner' -r
complete -c amish -l filter -d 'Show only events that EXPR means: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not' -r
complete -c amish -l until -d 'End a stream with the first event that EXPR means; exit 7 where none came' -r
complete -c amish -l count -d 'End a stream after N events' -r
complete -c amish -l for -d 'End a stream after DURATION (30s, 5m)' -r
complete -c amish -l buffer -d 'Received bytes that may wait when showing is slow (1MiB, 2GB)' -r
complete -c amish -l window -d 'Let up to N actions of a script be under way; shown in the script\'s order' -r
complete -c amish -l trace -d 'Write every packet in and out to FILE, with its time, secrets masked' -r -F
complete -c amish -l demo-listen -d 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients' -r
complete -c amish -l decode -d 'Print captured AMI bytes from FILE, or - for stdin; no connection' -r -F
complete -c amish -l completions -d 'Print the completion script for SHELL' -r -f -a "bash\t''
elvish\t''
fish\t''
powershell\t''
zsh\t''"
complete -c amish -l no-login -d 'Connect only; type Action: Login yourself, as on telnet'
complete -c amish -l plaintext -d 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge'
complete -c amish -l tls -d 'Connect with TLS; port 5039 unless given. The same as amis://'
complete -c amish -l insecure -d 'Accept any certificate: whoever is in between can read and change everything'
complete -c amish -l reconnect -d 'Connect again when the link ends, also the first time; default in the shell and for -e'
complete -c amish -l no-reconnect -d 'Do not connect again'
complete -c amish -l keep-going -d 'Let a script go on after an Error (it still exits 3)'
complete -c amish -l no-pager -d 'Show long replies without a pager'
complete -c amish -l no-shell -d 'No local commands in the shell: `!cmd`, `| cmd`, /edit'
complete -c amish -l yes -d 'Do not ask before an action that takes much away at once'
complete -c amish -l strict -d 'Count a list that came back as Error because it is empty as an error'
complete -c amish -l read-only -d 'Send only actions that are known to change nothing'
complete -c amish -l dry-run -d 'Print what would be sent, secrets masked; connect to nothing'
complete -c amish -l no-check -d 'Send what the check would refuse, and Originate without Async'
complete -c amish -s q -l quiet -d 'Only what was asked for: no greeting, no notes'
complete -c amish -s v -l verbose -d 'Also show the packets of amish\'s own login and logoff, on stderr'
complete -c amish -l demo -d 'Run against the built-in PBX instead of a TARGET'
complete -c amish -l list-profiles -d 'List the profiles of the configuration file'
complete -c amish -l man -d 'Print the manual page'
complete -c amish -s h -l help -d 'Print help (see more with \'--help\')'
complete -c amish -s V -l version -d 'Print version'
