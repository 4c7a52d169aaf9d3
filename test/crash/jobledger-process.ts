import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Crash, textOf } from './crash-plan.ts'

const program = fileURLToPath(new URL('../../bin/jobledger.js', import.meta.url))

export type Ended = { readonly code: number | null; readonly signal: string | null; readonly said: string }

/**
 * Runs `jobledger run` until it ends or is killed as `crash` says (null: not at all). A run that does neither is stuck: it is killed
 * after 30 s, and that throws with everything it has said.
 */
export const runJobledger = async (
  args: ReadonlyArray<string>,
  crash: Crash | null,
  env: Readonly<Record<string, string>>,
): Promise<Ended> => {
  const { JOBLEDGER_CRASH_AT: _, ...inherited } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...inherited, ...env, ...(crash?._tag === 'Point' && { JOBLEDGER_CRASH_AT: textOf(crash) }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  let stuck = false
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const killAfter = (ms: number): NodeJS.Timeout => setTimeout(() => child.kill('SIGKILL'), ms)
  const moment = crash?._tag === 'Moment' ? killAfter(crash.afterMs) : undefined
  const patience = setTimeout(() => {
    stuck = true
    child.kill('SIGKILL')
  }, 30_000)
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(moment)
  clearTimeout(patience)
  if (stuck) throw new Error(`the run (${crash === null ? 'not to be killed' : textOf(crash)}) is stuck: ${said}`)
  return { code, signal, said }
}
