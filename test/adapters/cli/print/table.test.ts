import { expect, test } from 'vitest'
import { noResourcesFound, tableText, tableWatcher } from '../../../../src/adapters/cli/print/table.ts'
import { text } from './objects.ts'

const headers = ['NAME', 'S', 'AGE']

test('[12] a column is three spaces wider than its longest cell and at least six wide, the last is not padded', () => {
  expect(
    tableText({
      headers,
      rows: [
        ['a', 'x', '1s'],
        ['a-longer-name', '', '10m'],
      ],
    }),
  ).toBe(text`
    NAME            S     AGE
    a               x     1s
    a-longer-name         10m
  `)
})

test('[12] headers can be left out, and then widen nothing', () => {
  expect(tableText({ headers: ['A LONG HEADER', 'AGE'], rows: [['pi', '1s']] }, { noHeaders: true })).toBe('pi    1s\n')
})

test('[12] an empty table prints nothing, not even headers', () => {
  expect(tableText({ headers, rows: [] })).toBe('')
})

test('[12] a cell is one line of safe text', () => {
  expect(tableText({ headers: ['A'], rows: [['\u001b[2J\nboom']] })).toBe('A\n^[[2J...\n')
})

test('[12] a watcher prints headers once and keeps the widths it has seen, which only grow', () => {
  const first = tableWatcher().print({ headers, rows: [['pi-0', 'Running', '1s']] })
  const second = first.watcher.print({ headers, rows: [['a', 'b', '2s']] })
  const third = second.watcher.print({ headers, rows: [['a-longer-name', 'b', '3s']] })
  const fourth = third.watcher.print({ headers, rows: [['a', 'b', '4s']] })
  expect([first, second, third, fourth].map((printed) => printed.text).join('')).toBe(text`
    NAME   S         AGE
    pi-0   Running   1s
    a      b         2s
    a-longer-name   b         3s
    a               b         4s
  `)
})

test('[12] a watcher that had nothing to print still owes the headers', () => {
  const nothing = tableWatcher().print({ headers, rows: [] })
  expect(nothing.text).toBe('')
  expect(nothing.watcher.print({ headers, rows: [['a', 'b', 'c']] }).text).toBe('NAME   S     AGE\na      b     c\n')
})

test('[12] instead of an empty table there is a sentence', () => {
  expect(noResourcesFound('default')).toBe('No resources found in default namespace.')
  expect(noResourcesFound()).toBe('No resources found')
})
