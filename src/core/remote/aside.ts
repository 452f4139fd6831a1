import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { ASIDE_FOLDER, BINARY_PATH, CONFIG_PATH, PLACED_PATH, type K3sUnit } from '../k3s/paths';
import { failed } from './failure';
import { K3S_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: unit; further ones are files that will change. Keeps configuration, unit, environment and binary of a running K3s,
 * those files, and which run that is. What lies there already is the last proved state of a change that was cut off, and
 * stays; files that this one has not kept were not changed by it, and are added. The binary and large files are linked, not
 * copied, where that is possible: a new file is put in their place and nothing is written into them.
 */
export const PUT_ASIDE_SCRIPT: RemoteScript = {
  id: 'put-aside',
  text: `export LC_ALL=C
${SERVICES}
${K3S_PATH}
base=${ASIDE_FOLDER}
umask 077
# What is half kept would only take the room that a full disk lacks.
half() { rm -rf $base.new; exit 1; }
large() { [ ! -L "$1" ] && [ "$(wc -c < "$1")" -ge 1048576 ]; }
files() {
  for path; do
    if grep -qxF -- "$path" "$into/paths" 2>/dev/null; then continue; fi
    number=$(($(cat "$into/paths" 2>/dev/null | wc -l) + 1))
    if [ -f "$path" ]; then
      if ! large "$path" || ! ln "$path" "$into/file-$number" 2>/dev/null; then cp -pL "$path" "$into/file-$number" || half; fi
      sync "$into/file-$number" || half
    fi
    printf '%s\\n' "$path" >> "$into/paths" || half
  done
}
unit=$1
shift
if [ -d $base ]; then into=$base; files "$@"; exit 0; fi
into=$base.new
rm -rf $base.new
mkdir -p $base.new || exit 1
keep() { if [ -f "$1" ]; then cp -pL "$1" "$base.new/$2" || half; fi; }
keep ${CONFIG_PATH} config
keep "$(unit_file "$unit")" unit
keep "$(unit_environment "$unit")" environment
keep ${PLACED_PATH} placed
files "$@"
binary=$(k3s_path "$unit")
if [ -f "$binary" ]; then
  ln "$binary" $base.new/k3s 2>/dev/null || cp -p "$binary" $base.new/k3s || half
  printf '%s\\n' "$binary" > $base.new/binary || half
fi
systemctl show "$unit" -p InvocationID | cut -d= -f2- > $base.new/invocation || half
sync $base.new/* 2>/dev/null
mv $base.new $base`,
};

/**
 * $1: unit. Puts back what lies aside, each file in one step; a file that was not there goes. A full disk may be why that is
 * needed: a link takes no room, and where the binary comes from another disk, the one that it replaces makes room. What was
 * placed before or since stays remembered: the record knows contents, so it may hold too much. Prints whether K3s has to be
 * restarted: not when the process that was put aside still runs.
 */
export const PUT_BACK_SCRIPT: RemoteScript = {
  id: 'put-back',
  text: `export LC_ALL=C
${SERVICES}
base=${ASIDE_FOLDER}
if [ ! -d $base ]; then echo "nothing was put aside on this host" >&2; exit 1; fi
back() {
  if [ ! -f "$base/$1" ]; then rm -f "$2"; return; fi
  if cmp -s "$base/$1" "$2"; then return; fi
  new=$2.k3s-ha
  rm -f "$new"
  if ! ln "$base/$1" "$new" 2>/dev/null && ! cp -p "$base/$1" "$new" 2>/dev/null; then
    rm -f "$new"
    if [ "$1" = k3s ]; then rm -f "$2"; fi
    cp -p "$base/$1" "$new"
  fi
  if [ $? -ne 0 ] || ! mv -f "$new" "$2"; then rm -f "$new"; exit 1; fi
}
back config ${CONFIG_PATH}
back unit "$(unit_file "$1")"
back environment "$(unit_environment "$1")"
back k3s "$(cat $base/binary 2>/dev/null || echo ${BINARY_PATH})"
number=0
if [ -f $base/paths ]; then
  while IFS= read -r path; do
    number=$((number + 1))
    back "file-$number" "$path"
  done < $base/paths
fi
if [ -f $base/placed ]; then
  cat $base/placed ${PLACED_PATH} 2>/dev/null | sort -u > ${PLACED_PATH}.new
  mv -f ${PLACED_PATH}.new ${PLACED_PATH} || exit 1
fi
systemctl daemon-reload
state=$(systemctl show "$1" -p ActiveState | cut -d= -f2-)
if [ "$state" = active ] && [ "$(systemctl show "$1" -p InvocationID | cut -d= -f2-)" = "$(cat $base/invocation)" ]; then echo restart=no
else echo restart=yes
fi`,
};

/** Forgets what lies aside. */
export const DROP_ASIDE_SCRIPT: RemoteScript = { id: 'drop-aside', text: `rm -rf ${ASIDE_FOLDER}` };

/** Keeps the present state of a running K3s on its host, with the files at `paths`. */
export function putAsideK3s(unit: K3sUnit, paths: readonly string[] = []): RemoteCommand<void> {
  return command(PUT_ASIDE_SCRIPT, [unit, ...paths], (output) =>
    output.exitCode === 0
      ? ok(undefined)
      : err(failed('put-aside-failed', 'The present state could not be put aside, so nothing was changed', output)),
  );
}

/** Puts the kept state back; `restarted` tells whether another process than then has to make way for it. */
export function putBackK3s(unit: K3sUnit): RemoteCommand<{ readonly restarted: boolean }> {
  return command(PUT_BACK_SCRIPT, [unit], (output): Result<{ readonly restarted: boolean }, Problem> => {
    const answer = /^restart=(yes|no)$/m.exec(output.stdout)?.[1];
    if (output.exitCode !== 0) return err(failed('put-back-failed', 'The old state could not be put back', output));
    if (answer === undefined)
      return err(problem('put-back-failed', 'The host did not tell whether the old state is back'));
    return ok({ restarted: answer === 'yes' });
  });
}

export function dropAside(): RemoteCommand<void> {
  return command(DROP_ASIDE_SCRIPT, [], (output) =>
    output.exitCode === 0
      ? ok(undefined)
      : err(failed('drop-aside-failed', `${ASIDE_FOLDER} could not be removed`, output)),
  );
}

function command<T>(
  script: RemoteScript,
  args: readonly string[],
  parse: (output: RemoteOutput) => Result<T, Problem>,
): RemoteCommand<T> {
  return { script, args, sudo: true, timeoutMs: 60_000, secrets: [], parse };
}
