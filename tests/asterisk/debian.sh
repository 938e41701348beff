# shellcheck shell=bash
# Sourced, for roots of Debian made by debootstrap. `root` is the one that is worked on; whoever sources this has
# `die` and runs as root.

# Where this machine's apt takes Debian itself from, security updates and other vendors left out.
apt_mirror() {
    # shellcheck disable=SC2016 # apt's variables, not the shell's
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
        sed -n 's/^Debian|Debian|//p' | sort -u | head -n 1
}

# The same, or nothing; on a new machine apt has to look first.
machine_mirror() {
    local mirror
    mirror=$(apt_mirror)
    if [ -z "$mirror" ]; then
        apt-get update >&2 || die "apt-get update failed: without it the machine's Debian mirror is unknown"
        mirror=$(apt_mirror)
    fi
    printf '%s\n' "$mirror"
}

# A machine behind a proxy says so in its own apt configuration. A lagging mirror or an archived suite has
# an expired Release file; its signature is still checked.
write_apt_settings() {
    {
        apt-config dump | grep -E '^Acquire::(https?|ftp|Retries)' || true
        echo 'Acquire::Check-Valid-Until "false";'
        echo 'Acquire::Languages "none";'
    } >"$root/etc/apt/apt.conf.d/90host"
}

# A minimal system in `root`, ready for `chroot root apt-get`. Called where `set -e` has no effect, so every step says
# itself that it must succeed.
make_debian() {
    local suite=$1 mirror=$2 include=() recipe=/usr/share/debootstrap/scripts
    # An older debootstrap has no recipe by the name of a newer suite; all of them are the one of sid.
    if [ -e "$recipe/$suite" ]; then recipe=$recipe/$suite; else recipe=$recipe/sid; fi
    [[ $mirror != https:* ]] || include=(--include=ca-certificates)
    timeout --foreground 900 debootstrap --variant=minbase "${include[@]}" "$suite" "$root" "$mirror" "$recipe" &&
        write_apt_settings &&
        # Nothing that is installed may start a service.
        printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" &&
        chmod +x "$root/usr/sbin/policy-rc.d" &&
        bind_system
}

mounted() { mountpoint -q "$root/$1"; }

bind_system() {
    local tree
    for tree in proc dev; do
        mounted $tree || mount --bind "/$tree" "$root/$tree" || return
    done
}

leave() {
    local tree
    for tree in proc dev; do
        while mounted $tree; do umount "$root/$tree" || die "$root/$tree cannot be unmounted; what uses it?"; done
    done
}
