import { hash, randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Entropy } from '../application/ports/entropy.ts'

export const entropy: Entropy = {
  uuid: randomUUID,
  digest: (text) => hash('sha256', text),
}

/** The time zone of schedules that name none. */
export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const err = (text: string): void => void process.stderr.write(text)

export const notice = (text: string): void => err(`${text}\n`)

/** Something that must hold did not, or the log is lost: recovery is the next start, so there is nothing to save. */
export const die = (reason: string): never => {
  err(`jobledger stops: ${reason}\n`)
  process.exit(70)
}

/**
 * Looks from now on whether standard output can be written. The answer, once that is known of everything written so far: why it could
 * not (a full disk, say). A reader that went away (`| head`) has seen what it wanted.
 */
export const watchOutput = (): (() => Promise<Error | null>) => {
  let problem: Error | null = null
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') problem ??= cause
  })
  return async () => {
    await new Promise((resolve) => process.stdout.write('', resolve))
    return problem
  }
}

/** Standard error, where it is a terminal on which lines can be drawn anew. */
export const terminal =
  process.stderr.isTTY && process.env['TERM'] !== 'dumb'
    ? {
        // Some terminals do not say: they have 0.
        columns: () => process.stderr.columns || 80,
        colour: !process.env['NO_COLOR'] && process.stderr.getColorDepth() > 1,
        unicode: /utf-?8/i.test(`${process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? ''}`),
      }
    : null

export const defaultDataDir = resolve(
  process.env['JOBLEDGER_DATA_DIR'] ||
    join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'jobledger'),
)

/** Calls back on each Ctrl-C or SIGTERM; the answer stops that. */
export const onInterrupt = (handler: () => void): (() => void) => {
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return () => {
    process.off('SIGINT', handler)
    process.off('SIGTERM', handler)
  }
}
