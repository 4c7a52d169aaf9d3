import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAlive } from '../../../support/processes.ts'
import { eventually, helperOf, modes, openBench, processesWith } from './bench.ts'

describe.each(modes)('when jobledger is killed in %s mode', (mode) => {
  let folder: string
  let jobledger: ChildProcess
  let printed: string

  beforeEach(() => {
    folder = mkdtempSync('/tmp/jobledger-crash-')
    printed = ''
  })
  afterEach(() => {
    jobledger.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  const seconds = `62.${process.pid}${mode.length}`
  /** A daemon that left its group, and process 1. */
  const script = `(setsid sh -c 'trap "" TERM HUP; sleep ${seconds}' > /dev/null 2>&1 &); sleep ${seconds}; exit 0`

  const runIt = async () => {
    const program = fileURLToPath(new URL('./runtime-in-own-process.ts', import.meta.url))
    jobledger = spawn(process.execPath, [program, folder, mode, script], { stdio: ['ignore', 'pipe', 'inherit'] })
    jobledger.stdout?.on('data', (piece) => (printed += piece))
    await eventually(
      () => processesWith(seconds) >= 2,
      () => `both sleeps; printed: ${printed}`,
    )
    const { bootId, pid, startTicks } = JSON.parse(printed.split('\n')[0] ?? '')
    return { podUid: `uid-${jobledger.pid}`, bootId, pid, startTicks }
  }

  test('its helper kills all Pods and ends', async () => {
    const identity = await runIt()
    const helper = helperOf(folder)
    jobledger.kill('SIGKILL')
    await eventually(
      () => processesWith(seconds) === 0 && !isAlive(identity) && Number.isNaN(helperOf(folder)),
      () => `the end of all, helper ${helper}`,
    )
  })

  test('together with its helper, the next run fences what is left', async () => {
    const identity = await runIt()
    const helper = helperOf(folder)
    process.kill(helper, 'SIGSTOP')
    jobledger.kill('SIGKILL')
    process.kill(helper, 'SIGKILL')
    if (mode === 'process') expect(processesWith(seconds)).toBe(2)
    const bench = await openBench(mode, { dataFolder: folder })
    await bench.runtime.fence([identity])
    expect(processesWith(seconds)).toBe(0)
    expect(isAlive(identity)).toBe(false)
    await bench.close()
  })
})
