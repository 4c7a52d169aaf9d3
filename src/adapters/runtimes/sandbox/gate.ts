import { realpathSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The argv of a process that runs nothing of the user's until "go" comes in on file descriptor 3. It first says "ready"
 * there; when the other end closes, it ends. The user's variables are set only at the very end, because some of them
 * (LD_PRELOAD, ENV) would run code in the shell. What it says after "go" is why the command could not be run.
 */
export const gate = ({ folder, variables, command }: Gated): Array<string> => {
  const [program = '', ...rest] = command
  const assignments = [...variables].map(([name, value]) => `${name}=${value}`)
  const path = variables.get('PATH') ?? ''
  const head = ['/bin/sh', '-c']
  if (shellIsDash && [...variables.keys()].every((name) => harmless.has(name))) {
    return [
      ...head,
      `${opening}${byShell}`,
      'gate',
      folder,
      path,
      program,
      `${assignments.length}`,
      ...assignments,
      ...command,
    ]
  }
  const guarded = program.includes('=') ? ['/bin/sh', '-c', 'exec "$0" "$@"', program, ...rest] : command
  return [...head, `${opening}${byEnv}`, 'gate', folder, path, program, ...assignments, ...guarded]
}

export type Gated = {
  /** The working directory. */
  readonly folder: string
  readonly variables: ReadonlyMap<string, string>
  /** Empty: nothing can be run, the gate says so when it is opened. */
  readonly command: ReadonlyArray<string>
}

export const gateWords = ['ready', 'no-folder', 'no-command', 'not-found'] as const
export type GateWord = (typeof gateWords)[number]

/** Nothing here starts another process. */
const opening = `
echo ready >&3
read -r go <&3 && [ "$go" = go ] || exit 128
[ -n "$3" ] || { echo no-command >&3; exit 128; }
cd "$1" 2>/dev/null || { echo no-folder >&3; exit 128; }
found=
case $3 in
  */*) [ -f "$3" ] && [ -x "$3" ] && found=1 ;;
  *) set -f; IFS=:
     for folder in $2; do [ -f "\${folder:-.}/$3" ] && [ -x "\${folder:-.}/$3" ] && { found=1; break; }; done
     unset IFS ;;
esac
[ -n "$found" ] || { echo not-found >&3; exit 128; }
`

/** Any variables: another program makes the environment from nothing. The descriptor is closed for the user's program. */
const byEnv = `shift 3
exec /usr/bin/env -i -- "$@" 3<&-
`

/**
 * Only variables that mean nothing to a shell, as most Pods have: the shell sets them itself, which spares a fifth of the
 * time a small Pod takes. Dash adds none of its own, once those it was given are gone.
 */
const byShell = `left=$4
shift 4
unset PWD OLDPWD JOBLEDGER_POD_UID JOBLEDGER_CONTAINER
while [ "$left" -gt 0 ]; do export "$1"; shift; left=$((left - 1)); done
exec "$@" 3<&-
`
const harmless = new Set([
  'PATH',
  'HOME',
  'HOSTNAME',
  'JOB_COMPLETION_INDEX',
  'JOBLEDGER_POD_UID',
  'JOBLEDGER_CONTAINER',
])

const isDash = (): boolean => {
  try {
    return basename(realpathSync('/bin/sh')) === 'dash'
  } catch {
    return false
  }
}
const shellIsDash = isDash()
