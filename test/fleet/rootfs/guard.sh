#!/bin/bash
# Waits until its standard input ends, which happens when the test closes it or dies, and then removes a whole fleet.
# usage: guard.sh FLEET_ID RUN_FOLDER
id=$1 folder=$2
cat > /dev/null

cgroups() { awk '($3 == "cgroup" || $3 == "cgroup2") { print $2 }' /proc/self/mounts; }
trees() { cgroups | while read -r at; do if [ -d "$at/$id" ]; then echo "$at/$id"; fi; done; }

# A host's init may be just starting, so look again until a round finds nobody.
for _ in $(seq 200); do
  pids=$(trees | while read -r tree; do find "$tree" -name cgroup.procs -exec cat {} + 2> /dev/null; done | sort -un | grep -vx 0)
  if [ -z "$pids" ]; then break; fi
  kill -9 $pids 2> /dev/null
  sleep 0.05
done

ip link del "$id" 2> /dev/null
ip netns list | awk -v prefix="$id-" 'index($1, prefix) == 1 { print $1 }' | while read -r name; do ip netns del "$name"; done
for _ in $(seq 100); do
  left=$(trees)
  if [ -z "$left" ]; then break; fi
  echo "$left" | while read -r tree; do find "$tree" -depth -type d -exec rmdir {} + 2> /dev/null; done
  sleep 0.02
done
rm -rf "$folder"
