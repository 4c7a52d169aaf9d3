import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactTime, kubernetesTime } from '../../src/projections/time.ts'

const instant = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })

test('times are those of the calendar, to the second as Kubernetes has them and to the millisecond', () =>
  fc.assert(
    fc.property(instant, (ms) => {
      expect(exactTime(ms)).toBe(new Date(ms).toISOString())
      expect(kubernetesTime(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`)
    }),
    {
      numRuns: 1000,
      examples: [
        '1970-01-01T00:00:00.000Z',
        '1969-12-31T23:59:59.999Z',
        '2000-02-29T12:00:00.000Z',
        '2100-02-28T23:59:59.999Z',
        '2100-03-01T00:00:00.000Z',
        '2024-12-31T23:59:59.999Z',
      ].map((text): [number] => [Date.parse(text)]),
    },
  ))
