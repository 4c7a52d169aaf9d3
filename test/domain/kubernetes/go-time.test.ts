import { expect, test } from 'vitest'
import {
  canonicalMicroTime,
  canonicalTime,
  microTimeProblem,
  timeProblem,
} from '../../../src/domain/kubernetes/go-time.ts'

const cannotParse = (text: string, rest: string, element: string) =>
  `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${rest}" as "${element}"`

test.each<[text: string, problem: string]>([
  ['', cannotParse('', '', '2006')],
  ['soon', cannotParse('soon', 'soon', '2006')],
  ['2026', cannotParse('2026', '', '-')],
  ['2026-1-02T03:04:05Z', cannotParse('2026-1-02T03:04:05Z', '1-02T03:04:05Z', '01')],
  ['2026-01-02 03:04:05Z', cannotParse('2026-01-02 03:04:05Z', ' 03:04:05Z', 'T')],
  ['2026-01-02T03:04:05', cannotParse('2026-01-02T03:04:05', '', 'Z07:00')],
  ['2026-13-02T03:04:05Z', 'parsing time "2026-13-02T03:04:05Z": month out of range'],
  ['2026-02-30T03:04:05Z', 'parsing time "2026-02-30T03:04:05Z": day out of range'],
  ['2026-01-02T24:04:05Z', 'parsing time "2026-01-02T24:04:05Z": hour out of range'],
  ['2026-01-02T03:04:60Z', 'parsing time "2026-01-02T03:04:60Z": second out of range'],
  ['2026-01-02T03:04:05Z!', 'parsing time "2026-01-02T03:04:05Z!": extra text: "!"'],
])('what is no time is told as Go tells it: %s', (text, problem) => expect(timeProblem(text)).toBe(problem))

test.each<[text: string, canonical: string]>([
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
  ['2026-01-02T03:04:05.999999999Z', '2026-01-02T03:04:05Z'],
  ['2024-05-06T07:00:00.789+02:00', '2024-05-06T05:00:00Z'],
  ['2024-02-29T3:04:05,5-01:30', '2024-02-29T04:34:05Z'],
])('%s is a time, written %s', (text, canonical) => {
  expect(timeProblem(text)).toBeUndefined()
  expect(canonicalTime(text)).toBe(canonical)
})

test.each<[text: string, rest: string, element: string]>([
  ['2026-01-02T03:04:05Z', 'Z', '.000000'],
  ['2026-01-02T03:04:05.123Z', '.123Z', '.000000'],
  ['2026-01-02T03:04:05.1234567Z', '.1234567Z', '.000000'],
  ['2026-01-02T03:04:05.123456', '', 'Z07:00'],
])('a time with microseconds has exactly six of their digits: %s', (text, rest, element) =>
  expect(microTimeProblem(text)).toBe(
    `parsing time "${text}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${rest}" as "${element}"`,
  ),
)

test('a time with microseconds is written in UTC', () => {
  expect(microTimeProblem('2026-01-02T03:04:05.000001+02:00')).toBeUndefined()
  expect(canonicalMicroTime('2026-01-02T03:04:05.000001+02:00')).toBe('2026-01-02T01:04:05.000001Z')
})
