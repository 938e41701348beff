
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

    if ($wordToComplete -match '^(-e|--events)=(.*,)?') {
        $begun = $Matches[0]
        return -split 'all system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message' | ForEach-Object { $begun + $_ } | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, $_) }
    }
    if ($commandElements.Count -ge 2 -and "$($commandElements[1])" -eq 'help' -and $commandElements.Count -le 3 -and $wordToComplete -ne 'help') {
        return -split 'connecting profiles shell commands scripts events output fleet metrics security exit-codes environment files cookbook demo' | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'topic') }
    }
    if ($commandElements.Count -le 2 -and $wordToComplete -notlike '-*') {
        -split 'help init doctor' | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'command') }
    }
    if ($commandElements.Count -le 2 -and $wordToComplete -notlike '-*') {
        amish --list-profiles 2>$null | ForEach-Object { ($_ -split ' ')[0] } | Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, 'profile') }
    }

    $completions = @(switch ($command) {
        'amish' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'AMI user')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'AMI user')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'File whose first line is the secret')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Command whose first line of output is the secret, run without a shell')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection and its banner')
            [CompletionResult]::new('--buffer', '--buffer', [CompletionResultType]::ParameterName, 'Limit for received data waiting to be shown (1MiB, 2GB)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE instead of the system''s')
            [CompletionResult]::new('--tls-name', '--tls-name', [CompletionResultType]::ParameterName, 'Name that the server''s certificate must have, if not the host''s')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Run a command of the Asterisk CLI, as -c ''cli TEXT''')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Run LINE of the typed language; may be repeated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Script to run; for doctor security, a manager.conf')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Script to run; for doctor security, a manager.conf')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'With metrics: serve them to Prometheus on ADDR (127.0.0.1:9140)')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Stream events: all, or of CLASSES (call,agent)')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Stream events: all, or of CLASSES (call,agent)')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Show only events that match EXPR: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'End a stream or a capture at the first event that matches EXPR; exit 7 if none came')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End a stream after N events, a capture after N packets')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End a stream after DURATION (30s, 5m)')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write the stream to the broker at URL instead of standard output, each event acknowledged: redis://user@host:6379/0?maxlen=N or nats://user@host:4222')
            [CompletionResult]::new('--to-secret-file', '--to-secret-file', [CompletionResultType]::ParameterName, 'File whose first line is the broker''s secret; default AMISH_TO_SECRET')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Form: table, packet, raw, json, csv or tsv')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form: table, packet, raw, json, csv or tsv')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Headers to show in table, csv and tsv, in this order: A,B (* for all)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; default auto, or as in the profile')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Write every packet in and out to FILE anew, with its time, secrets masked')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'Keep up to N actions of a script in flight; shown in the script''s order')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Run on each target of FILE, one a line, instead of TARGET (- for stdin)')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Of many targets, connect and log in to N at a time')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Of many targets, take only the K-th of N shares, always the same: 2/5')
            [CompletionResult]::new('--group-by', '--group-by', [CompletionResultType]::ParameterName, 'Of many targets, show one after the other, in their order')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name of the profile; default: the name of the host')
            [CompletionResult]::new('--rights', '--rights', [CompletionResultType]::ParameterName, 'What its user is to be able to do; asked for on a terminal')
            [CompletionResult]::new('--demo-listen', '--demo-listen', [CompletionResultType]::ParameterName, 'Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients')
            [CompletionResult]::new('--demo-fleet', '--demo-fleet', [CompletionResultType]::ParameterName, 'Run against N built-in PBXs; with --demo-listen serve them on as many ports, and print the address of each')
            [CompletionResult]::new('--demo-secret-file', '--demo-secret-file', [CompletionResultType]::ParameterName, 'File whose first line is the secret of all users of --demo-listen, replacing the well-known ones')
            [CompletionResult]::new('--decode', '--decode', [CompletionResultType]::ParameterName, 'Print captured AMI bytes from FILE, or - for stdin; no connection')
            [CompletionResult]::new('--completions', '--completions', [CompletionResultType]::ParameterName, 'Print the completion script for SHELL')
            [CompletionResult]::new('--no-login', '--no-login', [CompletionResultType]::ParameterName, 'Connect only; type Action: Login yourself, as on telnet')
            [CompletionResult]::new('--plaintext', '--plaintext', [CompletionResultType]::ParameterName, 'Allow the secret in clear on a remote link when the server refuses the MD5 challenge, and to a remote broker')
            [CompletionResult]::new('--reconnect', '--reconnect', [CompletionResultType]::ParameterName, 'Connect again when the link ends, and retry the first time; default in the shell and for -e')
            [CompletionResult]::new('--no-reconnect', '--no-reconnect', [CompletionResultType]::ParameterName, 'Do not connect again')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Connect with TLS; default port 5039. Same as amis://')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate: anyone in between can read and change everything')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show long replies without a pager')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only what was asked for: no greeting, no notes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only what was asked for: no greeting, no notes')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show the packets of amish''s own login and logoff, on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show the packets of amish''s own login and logoff, on stderr')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Let a script go on after an Error (it still exits 3)')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat the Error that some servers send for an empty list as an error')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before dangerous actions')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'Send only actions that are known to change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be sent, secrets masked; connect to nothing')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Send what the check would refuse, and Originate without Async')
            [CompletionResult]::new('--no-shell', '--no-shell', [CompletionResultType]::ParameterName, 'Start no local programs: no `!cmd`, `| cmd`, /edit; the pager is a restricted less')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Use the built-in PBX instead of a TARGET')
            [CompletionResult]::new('--list-profiles', '--list-profiles', [CompletionResultType]::ParameterName, 'List the profiles of the configuration file')
            [CompletionResult]::new('--man', '--man', [CompletionResultType]::ParameterName, 'Print the manual page')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help; -h prints a summary')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help; -h prints a summary')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print the version; --version also what is in this program')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version; --version also what is in this program')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
