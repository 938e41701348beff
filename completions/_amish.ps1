
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'amish' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'amish'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'amish' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'AMI user; else user@ of the target, AMISH_USER, the profile, or a prompt')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File whose first line is the secret; else AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Command whose first line of output is the secret, run without a shell')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE instead of the system''s')
            [CompletionResult]::new('--tls-name', '--tls-name', [CompletionResultType]::ParameterName, 'The name that the server''s certificate must be for, if not the host''s')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Run LINE of the typed language; may be repeated')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Run the Asterisk CLI command TEXT; the same as -c ''cli TEXT''')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Run a script from FILE')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Run a script from FILE')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Stream events until stopped: all, or those of CLASSES (call,agent)')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Stream events until stopped: all, or those of CLASSES (call,agent)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form of replies and events; table on a terminal, packet otherwise')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of replies and events; table on a terminal, packet otherwise')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Headers to show, in this order, in table, csv and tsv: A,B (* all)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; auto unless the profile says otherwise')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Seconds to wait for a reply, anew from each packet of it')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for a reply, anew from each packet of it')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for a connection and its banner')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Show only events that EXPR means: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'End a stream with the first event that EXPR means; exit 7 where none came')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End a stream after N events')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End a stream after DURATION (30s, 5m)')
            [CompletionResult]::new('--buffer', '--buffer', [CompletionResultType]::ParameterName, 'Received bytes that may wait when showing is slow (1MiB, 2GB)')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'Let up to N actions of a script be under way; shown in the script''s order')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Write every packet in and out to FILE, with its time, secrets masked')
            [CompletionResult]::new('--demo-listen', '--demo-listen', [CompletionResultType]::ParameterName, 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients')
            [CompletionResult]::new('--decode', '--decode', [CompletionResultType]::ParameterName, 'Print captured AMI bytes from FILE, or - for stdin; no connection')
            [CompletionResult]::new('--completions', '--completions', [CompletionResultType]::ParameterName, 'Print the completion script for SHELL')
            [CompletionResult]::new('--no-login', '--no-login', [CompletionResultType]::ParameterName, 'Connect only; type Action: Login yourself, as on telnet')
            [CompletionResult]::new('--plaintext', '--plaintext', [CompletionResultType]::ParameterName, 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Connect with TLS; port 5039 unless given. The same as amis://')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate: whoever is in between can read and change everything')
            [CompletionResult]::new('--reconnect', '--reconnect', [CompletionResultType]::ParameterName, 'Connect again when the link ends, also the first time; default in the shell and for -e')
            [CompletionResult]::new('--no-reconnect', '--no-reconnect', [CompletionResultType]::ParameterName, 'Do not connect again')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Let a script go on after an Error (it still exits 3)')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show long replies without a pager')
            [CompletionResult]::new('--no-shell', '--no-shell', [CompletionResultType]::ParameterName, 'No local commands in the shell: `!cmd`, `| cmd`, /edit')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before an action that takes much away at once')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count a list that came back as Error because it is empty as an error')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'Send only actions that are known to change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be sent, secrets masked; connect to nothing')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Send what the check would refuse, and Originate without Async')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only what was asked for: no greeting, no notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only what was asked for: no greeting, no notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show the packets of amish''s own login and logoff, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show the packets of amish''s own login and logoff, on stderr')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Run against the built-in PBX instead of a TARGET')
            [CompletionResult]::new('--list-profiles', '--list-profiles', [CompletionResultType]::ParameterName, 'List the profiles of the configuration file')
            [CompletionResult]::new('--man', '--man', [CompletionResultType]::ParameterName, 'Print the manual page')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
