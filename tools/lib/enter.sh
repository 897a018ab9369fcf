#!/bin/sh
# enter.sh ROOT CACHE REPOSITORY COMMAND...: runs COMMAND with ROOT's usr, etc and var in place of
# the machine's. Called in a mount namespace of its own (see enter() in root.mjs), so nothing it
# mounts is seen by anybody else, and all of it goes away with the last process inside.
set -eu
# An ordinary user's path lacks the folders of mount's and pivot_root's relatives.
PATH=$PATH:/usr/sbin:/sbin
root=$1 cache=$2 repository=$3
shift 3

new=$cache/mnt
mkdir -p "$new" "$cache/home"
mount -t tmpfs -o mode=755 ocapd "$new"
mkdir -p -m 1777 "$new/tmp"
mkdir -p "$new/dev" "$new/proc" "$new/sys" "$new/run"
for path in "$root"/*; do
  name=${path##*/}
  if [ -L "$path" ]; then
    cp -P "$path" "$new/$name"
  else
    case $name in
      usr | etc | var)
        mkdir -p "$new/$name"
        mount --bind "$path" "$new/$name"
        ;;
    esac
  fi
done
mount --rbind /dev "$new/dev"
mount --rbind /proc "$new/proc"
mount --rbind /sys "$new/sys" 2>/dev/null || true
for path in "$repository" "$cache"; do
  mkdir -p "$new$path"
  mount --bind "$path" "$new$path"
done

# pivot_root rather than chroot: paths that others read from /proc/PID/cwd then begin here, and Bazel
# takes a server whose folder reads differently from its own for a stranger's.
folder=$PWD
mkdir "$new/old"
cd "$new"
pivot_root . old
umount -l /old
rmdir /old
cd "$folder"
exec /usr/bin/env -i HOME="$cache/home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
  USER="${USER:-root}" CC=gcc "$@"
