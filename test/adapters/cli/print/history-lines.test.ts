import { expect, test } from 'vitest'
import { type HistoryRow, historyOutput, historyTable } from '../../../../src/adapters/cli/print/history-lines.ts'
import { text } from './objects.ts'

const rows: ReadonlyArray<HistoryRow> = [
  {
    position: 1n,
    at: Date.parse('2026-07-21T08:00:00.007Z'),
    event: 'JobCreated',
    says: 'Job pi with 4 completions',
    actor: 'alice',
    cause: 'request',
  },
  {
    position: 9_007_199_254_740_993n,
    at: Date.parse('2026-07-21T08:00:01Z'),
    event: 'PodFailed',
    says: 'exit code 1:\n\u001b[31mboom',
    actor: 'runtime',
    cause: '1',
  },
]

test('history is a table, times in UTC to the millisecond, each row one line of safe text', () => {
  expect(historyTable(rows)).toBe(text`
    POSITION           TIME                       EVENT        SAYS                        ACTOR     CAUSE
    1                  2026-07-21T08:00:00.007Z   JobCreated   Job pi with 4 completions   alice     request
    9007199254740993   2026-07-21T08:00:01.000Z   PodFailed    exit code 1:...             runtime   1
  `)
})

test('history without headers, and no history', () => {
  expect(historyTable(rows.slice(0, 1), { noHeaders: true })).toMatch(/^1 {5}2026/)
  expect(historyTable([])).toBe('')
})

test('history as JSON is an array whose positions are text', () => {
  expect(JSON.parse(historyOutput('json', rows))).toStrictEqual([
    {
      position: '1',
      time: '2026-07-21T08:00:00.007Z',
      event: 'JobCreated',
      says: 'Job pi with 4 completions',
      actor: 'alice',
      cause: 'request',
    },
    {
      position: '9007199254740993',
      time: '2026-07-21T08:00:01.000Z',
      event: 'PodFailed',
      says: 'exit code 1:\n\u001b[31mboom',
      actor: 'runtime',
      cause: '1',
    },
  ])
  expect(historyOutput('json', [])).toBe('[]\n')
})

test('history as YAML', () => {
  expect(historyOutput('yaml', rows.slice(0, 1))).toBe(text`
    - actor: alice
      cause: request
      event: JobCreated
      position: "1"
      says: Job pi with 4 completions
      time: "2026-07-21T08:00:00.007Z"
  `)
})
