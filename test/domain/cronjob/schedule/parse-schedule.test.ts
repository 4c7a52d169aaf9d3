import { describe, expect, test } from 'vitest'
import { namesTimeZone, parseSchedule } from '../../../../src/domain/cronjob/schedule/parse-schedule.ts'
import { E } from '../../../../src/prelude.ts'

const refusal = (text: string): string => {
  const schedule = parseSchedule(text)
  return E.isLeft(schedule) ? schedule.left : 'accepted'
}

describe('what the parser refuses', () => {
  test.each<[text: string, words: string]>([
    ['', 'empty spec string'],
    ['a', 'expected exactly 5 fields, found 1: [a]'],
    ['a b c d', 'expected exactly 5 fields, found 4: [a b c d]'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    [' @hourly', 'expected exactly 5 fields, found 1: [@hourly]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * 32 * *', 'end of range (32) above maximum (31): 32'],
    ['* * * 13 *', 'end of range (13) above maximum (12): 13'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['* * * * fri-1', 'beginning of range (5) beyond end of range (1): fri-1'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['70/5 * * * *', 'beginning of range (70) beyond end of range (59): 70/5'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['mon * * * *', 'failed to parse int from mon: strconv.Atoi: parsing "mon": invalid syntax'],
    ['L * * * *', 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'],
    ['5/ * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['-5 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['"q" * * * *', 'failed to parse int from "q": strconv.Atoi: parsing "\\"q\\"": invalid syntax'],
    [
      '99999999999999999999 * * * *',
      'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
    ['*/-5 * * * *', 'negative number (-5) not allowed: -5'],
    ['1--2 * * * *', 'too many hyphens: 1--2'],
    ['1-2-3/0 * * * *', 'too many hyphens: 1-2-3/0'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['60 24 * * *', 'end of range (60) above maximum (59): 60'],
    ['@foo', 'unrecognized descriptor: @foo'],
    ['@Hourly', 'unrecognized descriptor: @Hourly'],
    ['@every', 'unrecognized descriptor: @every'],
    ['@every ', 'failed to parse duration @every : time: invalid duration ""'],
    ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
    ['@every 1x', 'failed to parse duration @every 1x: time: unknown unit "x" in duration "1x"'],
    ['@every 1h 2m', 'failed to parse duration @every 1h 2m: time: unknown unit "h " in duration "1h 2m"'],
    ['@every .s', 'failed to parse duration @every .s: time: invalid duration ".s"'],
    ['@every 1.5.2s', 'failed to parse duration @every 1.5.2s: time: missing unit in duration "1.5.2s"'],
    ['@every 99999999999h', 'failed to parse duration @every 99999999999h: time: invalid duration "99999999999h"'],
    ['@every 5é', 'failed to parse duration @every 5é: time: unknown unit "\\xc3\\xa9" in duration "5\\xc3\\xa9"'],
    ['TZ=UTC', 'invalid schedule: runtime error: slice bounds out of range [:-1]'],
    ['TZ=utc @daily', 'provided bad location utc: unknown time zone utc'],
    ['CRON_TZ=Nowhere/City 0 0 * * *', 'provided bad location Nowhere/City: unknown time zone Nowhere/City'],
  ])('[11.1] "%s": %s', (text, words) => expect(refusal(text)).toBe(words))
})

describe('what the parser accepts', () => {
  test.each([
    ' 0 0 * * * ',
    '\t0 0 * * *\n',
    '+5 * * * *',
    '1,, * * * *',
    '*-5/2 * * * *',
    '*/100 * * * *',
    '*/9999999999 * * * *',
    '0 0 ? JAN-dec Sun,MON',
    '@every 500ms',
    '@every -5s',
    '@every 0',
    '@every +1h30m',
    '@every 5µs',
    '@midnight',
    'TZ=UTC 0 0 * * *',
  ])('[11.1] "%s"', (text) => expect(refusal(text)).toBe('accepted'))
})

test('[1.11] a zone is named wherever TZ stands in the schedule', () => {
  expect(['TZ=UTC @daily', 'CRON_TZ=UTC @daily', '@daily'].map(namesTimeZone)).toStrictEqual([true, true, false])
})
