import { expect, test } from 'vitest'
import { rfc1123z } from '../../../../src/adapters/cli/print/rfc1123z.ts'

test.each<[zone: string, at: string, text: string]>([
  ['UTC', '2026-07-21T08:00:00Z', 'Tue, 21 Jul 2026 08:00:00 +0000'],
  ['Europe/Zurich', '2026-07-21T08:00:00Z', 'Tue, 21 Jul 2026 10:00:00 +0200'],
  ['Europe/Zurich', '2026-12-31T23:30:00Z', 'Fri, 01 Jan 2027 00:30:00 +0100'],
  ['America/St_Johns', '2026-01-01T00:00:00.999Z', 'Wed, 31 Dec 2025 20:30:00 -0330'],
])('[12.5] dates are written in the zone %s: %s', (zone, at, text) => {
  expect(rfc1123z(at, zone)).toBe(text)
})
