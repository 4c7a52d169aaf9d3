import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IndexState } from '../../../../src/adapters/cli/print/index-strip.ts'
import { plainProgressLine, type ProgressSnapshot, progressLines } from '../../../../src/adapters/cli/print/progress.ts'

const plain = { width: 100, colour: false, unicode: false }

const snapshot = (over: Partial<ProgressSnapshot> = {}): ProgressSnapshot => ({
  name: 'pi',
  completions: 4,
  succeeded: 2,
  failed: 1,
  active: 1,
  ready: 1,
  elapsedMs: 12_000,
  phaseCounts: { Pending: 0, Running: 1, Succeeded: 2, Failed: 1 },
  suspended: false,
  ...over,
})

const states = (letters: string): ReadonlyArray<IndexState> =>
  [...letters].map((letter) => (({ s: 'succeeded', a: 'active', f: 'failed' }) as const)[letter] ?? 'waiting')

test('a running Job shows its state, a bar with counts, and its Pods by phase', () => {
  expect(progressLines({ ...snapshot(), ...plain })).toStrictEqual([
    'job/pi  Running  12s',
    '[###############---------------]  2/4 succeeded, 1 active (1 ready), 1 failed, about 12s left',
    'pods: 1 Running, 2 Succeeded, 1 Failed',
  ])
})

test('a work queue has neither bar nor time left', () => {
  const lines = progressLines({ ...snapshot({ completions: null, failed: 0, phaseCounts: {} }), ...plain })
  expect(lines).toStrictEqual(['job/pi  Running  12s', '2 succeeded, 1 active (1 ready)'])
})

test.each<[what: string, over: Partial<ProgressSnapshot>]>([
  ['one completion is no pace', { succeeded: 1 }],
  ['a suspended Job goes nowhere', { suspended: true }],
  ['a finished Job is there', { finished: { type: 'Failed' } }],
  ['all that was asked for is done', { succeeded: 4 }],
])('no time left is told when %s', (_, over) => {
  expect(progressLines({ ...snapshot(over), ...plain }).join('\n')).not.toContain('left')
})

test('the bar is full only when all is done', () => {
  const barOf = (succeeded: number, completions: number) =>
    progressLines({ ...snapshot({ succeeded, completions }), ...plain, unicode: true })[1]?.slice(0, 32)
  expect(barOf(999, 1_000)).toBe(`[${'█'.repeat(29)}░]`)
  expect(barOf(1_000, 1_000)).toBe(`[${'█'.repeat(30)}]`)
  expect(barOf(0, 0)).toBe(`[${'█'.repeat(30)}]`)
})

test('a suspended and a finished Job say so', () => {
  const head = (over: Partial<ProgressSnapshot>) => progressLines({ ...snapshot(over), ...plain })[0]
  expect(head({ suspended: true })).toBe('job/pi  Suspended  12s')
  expect(head({ finished: { type: 'Complete', reason: 'CompletionsReached' } })).toBe('job/pi  Complete  12s')
  const finished = { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has failed\u001b' } as const
  expect(head({ finished })).toBe('job/pi  Failed  12s  BackoffLimitExceeded: Job has failed^[')
})

test('an Indexed Job has a cell for each index, in rows of full tens', () => {
  const indexes = states(`${'s'.repeat(20)}${'a'.repeat(3)}f......`)
  const strip = (over: object) =>
    progressLines({ ...snapshot({ indexes, phaseCounts: {} }), ...plain, ...over }).slice(2)
  expect(strip({})).toStrictEqual([' 0 ####################+++x......'])
  expect(strip({ width: 25, unicode: true })).toStrictEqual([' 0 ████████████████████', '20 ▒▒▒×······'])
  expect(strip({ width: 12 })).toStrictEqual([])
})

test('more than 200 indexes have no strip', () => {
  const rows = (count: number) =>
    progressLines({ ...snapshot({ indexes: states('.'.repeat(count)), phaseCounts: {} }), ...plain, width: 300 }).slice(
      2,
    )
  expect(rows(200)).toStrictEqual([`  0 ${'.'.repeat(200)}`])
  expect(rows(201)).toStrictEqual([])
})

test('colour is used only when told', () => {
  const [head] = progressLines({ ...snapshot(), ...plain, colour: true })
  expect(head).toBe('\u001b[1mjob/pi\u001b[22m  \u001b[36mRunning\u001b[39m  12s')
  expect(progressLines({ ...snapshot(), ...plain }).join('')).not.toContain('\u001b')
})

test('no line is wider than the terminal, and colour changes no text', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.boolean(),
      fc.string({ maxLength: 40 }),
      (width, unicode, message) => {
        const finished = { type: 'Failed', reason: 'Error', message } as const
        const shown = { ...snapshot({ finished, indexes: states('sssaaff...') }), width, unicode }
        const lines = progressLines({ ...shown, colour: false })
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width)
        const coloured = progressLines({ ...shown, colour: true })
        expect(coloured.map((line) => stripVTControlCharacters(line).trimEnd())).toStrictEqual(lines)
      },
    ),
  ))

test('a log gets a line only when something besides the time has changed', () => {
  const first = snapshot({ failed: 0 })
  expect(plainProgressLine(null, first)).toBe('job/pi  1 active, 2/4 succeeded  12s')
  expect(plainProgressLine(first, { ...first, elapsedMs: 13_000 })).toBeNull()
  expect(plainProgressLine(first, { ...first, failed: 1, elapsedMs: 14_000 })).toBe(
    'job/pi  1 active, 2/4 succeeded, 1 failed  14s',
  )
})

test.each<[over: Partial<ProgressSnapshot>, line: string]>([
  [{ suspended: true, active: 0 }, 'job/pi  suspended, 0 active, 2/4 succeeded, 1 failed  12s'],
  [{ completions: null }, 'job/pi  1 active, 2 succeeded, 1 failed  12s'],
  [{ finished: { type: 'Complete' }, succeeded: 4 }, 'job/pi  Complete, 4/4 succeeded, 1 failed  12s'],
])('a line of a log: %o', (over, line) => {
  expect(plainProgressLine(null, snapshot(over))).toBe(line)
})
