# shellcheck shell=bash
# Sourced by up, down and ctl: one Asterisk server, by its name.
#
# A name is a major version (22), or one with a number for a further server of that version (22.1).
# Each has a directory of its own for everything it reads and writes, and ports of its own that
# follow from the name, so nothing has to be remembered between two calls.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
store=${AMISH_ASTERISK_ROOT:-/var/cache/amish-asterisk}

say() { printf 'asterisk: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$here/debian.sh"

# The major version of the Asterisk on PATH, or nothing.
own_version() {
    command -v asterisk >/dev/null || return 0
    asterisk -V | sed -nE 's/^Asterisk [^0-9]*([0-9]+).*/\1/p'
}

# Sets what the other functions work on. An Asterisk on PATH serves its version without a root.
use() {
    [[ $1 =~ ^([0-9]+)(\.([1-9]))?$ ]] || die "'$1' is no server: a major version such as 22, or 22.1 to 22.9"
    name=$1
    version=${BASH_REMATCH[1]}
    base=$((version * 1000 + 100 * ${BASH_REMATCH[3]:-0}))
    if [ "$(own_version)" = "$version" ]; then
        root=
        home=$store/own/$name
    else
        root=$store/$version
        home=/amish/$name
    fi
    ami=$((base + 38)) tls=$((base + 39))
}

address() { printf '%s=127.0.0.1:%s/%s\n' "$name" "$ami" "$tls"; }

# Runs a program where the server lives, with a limit in seconds. In the foreground, so that Ctrl-C ends it too.
inside() {
    local limit=$1
    shift
    if [ -n "$root" ]; then
        timeout --foreground "$limit" chroot "$root" "$@"
    else
        timeout --foreground "$limit" "$@"
    fi
}

cli() { inside 30 asterisk -C "$home/etc/asterisk.conf" -rx "$*"; }

# The process id, when it is alive and this very server: a file left by a killed one may name a stranger.
pid() {
    local id
    id=$(cat "$root$home/run/asterisk.pid" 2>/dev/null) || return 1
    grep -qzxF -- "$home/etc/asterisk.conf" "/proc/$id/cmdline" 2>/dev/null || return 1
    printf '%s\n' "$id"
}

# Makes sure that the server's root can be lived in.
enter() {
    [ -n "$root" ] || return 0
    [ -e "$root/.complete" ] || die "there is no Asterisk $version in $root yet; tests/asterisk/up makes it"
    bind_system
}

# The first directory of those given that exists where the server will look.
first_inside() {
    local dir
    for dir in "$@"; do
        [ -d "$root$dir" ] && printf '%s\n' "$dir" && return
    done
    die "Asterisk $version has none of $*"
}

configure() {
    local file etc=$root$home/etc modules data
    modules=$(first_inside "/usr/lib/$(uname -m)-linux-gnu/asterisk/modules" /usr/lib/asterisk/modules /usr/lib64/asterisk/modules)
    data=$(first_inside /usr/share/asterisk/documentation /var/lib/asterisk/documentation)
    mkdir -p "$root$home"/{etc,lib,spool,run,log/cdr-csv}
    for file in "$here"/etc/*.conf; do
        sed -e "s|@HOME@|$home|; s|@MODULES@|$modules|; s|@DATA@|${data%/documentation}|" \
            -e "s|@AMI@|$ami|; s|@TLS@|$tls|; s|@HTTP@|$((base + 88))|" \
            -e "s|@SIP@|$((base + 60))|; s|@PJSIP@|$((base + 61))|; s|@IAX@|$((base + 69))|" \
            -e "s|@RTP@|$((base + 10))|; s|@RTPEND@|$((base + 29))|" \
            "$file" >"$etc/$(basename "$file")"
    done
    if ! openssl x509 -in "$etc/server.crt" -noout -checkend 86400 >/dev/null 2>&1; then
        openssl req -x509 -config "$here/etc/openssl.cnf" -newkey rsa:2048 -nodes -days 365 \
            -keyout "$etc/server.key" -out "$etc/server.crt" 2>/dev/null || die "openssl made no certificate"
    fi
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Starts the server and returns once it is fully booted.
start() {
    local port command=() user=()
    pid >/dev/null && return
    enter
    for port in "$ami" "$tls"; do
        ! taken "$port" || die "port $port, which Asterisk $name needs, is taken by another program; stop that one"
    done
    configure
    if inside 10 id asterisk >/dev/null 2>&1; then
        user=(-U asterisk)
        inside 60 chown -R asterisk "$home"
    fi
    rm -f "$root$home"/run/*
    [ -z "$root" ] || command=(chroot "$root")
    # The lock of `up` is not for the server to keep.
    setsid "${command[@]}" asterisk -f "${user[@]}" -C "$home/etc/asterisk.conf" \
        </dev/null >"$root$home/log/console" 2>&1 9>&- &
    await_boot $!
    say "$name is up: 127.0.0.1:$ami, TLS 127.0.0.1:$tls"
}

await_boot() {
    local child=$1 deadline=$((SECONDS + 90))
    until [[ $(cli 'core waitfullybooted' 2>/dev/null) == *'fully booted'* ]] && taken "$ami" && taken "$tls"; do
        if ! kill -0 "$child" 2>/dev/null; then
            tail -n 20 "$root$home/log/console" >&2
            die "Asterisk $name ended while starting; its words are above, more in $root$home/log"
        fi
        [ "$SECONDS" -lt "$deadline" ] || die "Asterisk $name is not booted after 90 s; see $root$home/log"
        sleep 0.1
    done
}

# Waits until the process is gone, 10 s at most.
await_end() {
    local deadline=$((SECONDS + 10))
    while pid >/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# An orderly stop, as an administrator would: sessions get the Shutdown event.
stop() {
    local id
    id=$(pid) || return 0
    kill -CONT "$id"
    cli 'core stop now' >/dev/null 2>&1 || true
    await_end || kill_now
}

kill_now() {
    local id
    id=$(pid) || return 0
    kill -KILL "$id"
    await_end || die "Asterisk $name (process $id) cannot be killed"
}
