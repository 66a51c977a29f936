#!/bin/bash
# Installs, uses, upgrades and removes Momsbud in a Debian 12 of its own: `cargo xtask test-package` runs this as root, with
# mounts and processes of its own (unshare), so that nothing is left however it ends.
#
#   journey.sh prepare WORK
#   journey.sh WORK OLD.deb NEW.deb REPOSITORY TAURI-DRIVER ARTIFACTS
#
# Two systems are made once and kept in WORK: a minimal one, and one with what the tests of the window use. Every run lays
# an empty layer over them, and starts clean.
set -euo pipefail

say() { printf '\n== %s\n' "$*"; }

# Runs a command inside the system in $root.
inside() {
    chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# What every system needs besides its files.
furnish() {
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --make-rslave "$root/dev"
    mkdir -p "$work/archives/partial" "$root/var/cache/apt/archives"
    mount --bind "$work/archives" "$root/var/cache/apt/archives"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # Packages that were fetched are kept for the next run.
    echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > "$root/etc/apt/apt.conf.d/90keep"
}

unfurnish() {
    umount "$root/var/cache/apt/archives" "$root/proc"
    umount --recursive "$root/dev"
}

prepare() {
    if [ ! -e "$work/minimal.ready" ]; then
        say "A minimal Debian 12"
        rm -rf --one-file-system "$work/minimal"
        mmdebstrap --variant=apt --include=ca-certificates bookworm "$work/minimal"
        touch "$work/minimal.ready"
    fi
    if [ ! -e "$work/desktop.ready" ]; then
        say "The same with a desktop"
        rm -rf --one-file-system "$work/desktop"
        cp --archive "$work/minimal" "$work/desktop"
        root=$work/desktop
        furnish
        inside apt-get update --quiet=2
        # gedit is there as a program that opens XML too; the libraries are those that Momsbud brings by itself elsewhere.
        inside apt-get install --yes --quiet=2 --no-install-recommends xvfb openbox dbus dbus-bin gnome-keyring \
            webkit2gtk-driver chromium fonts-dejavu-core xdotool xclip imagemagick python3-gi gir1.2-gtk-3.0 poppler-utils \
            libglib2.0-bin man-db bash-completion desktop-file-utils procps bsdextrautils gedit
        unfurnish
        touch "$work/desktop.ready"
    fi
}

# Opens a fresh system over one that is kept.
open() {
    root=$work/root
    rm -rf --one-file-system "$work/layer"
    mkdir -p "$root" "$work/layer/upper" "$work/layer/work"
    mount -t overlay overlay -o "lowerdir=$work/$1,upperdir=$work/layer/upper,workdir=$work/layer/work" "$root"
    furnish
    mkdir -p "$root/momsbud" "$root/artifacts" "$root/packages"
    mount --bind "$repository" "$root/momsbud"
    mount -o remount,bind,ro "$root/momsbud"
    mount --bind "$artifacts" "$root/artifacts"
    cp "$old" "$root/packages/old.deb"
    cp "$new" "$root/packages/new.deb"
    inside apt-get update --quiet=2
}

close() {
    umount "$root/momsbud" "$root/artifacts"
    unfurnish
    umount "$root"
}

if [ "$1" = prepare ]; then
    work=$2
    prepare
    exit
fi
work=$1 old=$2 new=$3 repository=$4 driver=$5 artifacts=$6
prepare

say "The package alone, with nothing but what it depends on"
open minimal
inside apt-get install --yes --quiet=2 --no-install-recommends /packages/old.deb
for program in momsbud momsbud-cli; do
    if inside ldd "/usr/bin/$program" | grep 'not found'; then
        echo "$program lacks a library"
        exit 1
    fi
done
inside sh -c 'ldconfig -p | grep libayatana-appindicator3'
inside momsbud-cli --version
inside momsbud-cli check /momsbud/crates/vat-return/samples/fjordlys.xml
close

say "Installed, used, upgraded, removed"
open desktop
inside apt-get install --yes --quiet=2 --no-install-recommends /packages/old.deb
cp "$(command -v node)" "$root/usr/local/bin/node"
cp "$driver" "$root/usr/local/bin/tauri-driver"
inside MOMSBUD_PROGRAM=/usr/bin/momsbud MOMSBUD_TAURI_DRIVER=/usr/local/bin/tauri-driver MOMSBUD_ARTIFACTS=/artifacts \
    MOMSBUD_NEW_PACKAGE=/packages/new.deb node --test --test-concurrency=1 --test-timeout=900000 --test-reporter=spec \
    /momsbud/tests/window/installed.mjs
close
