import { expect, test } from 'vitest'
import { nearestName } from '../../../src/adapters/manifests/nearest-name.ts'

const known = ['parallelism', 'completions', 'completionMode', 'suspend', 'env', 'envFrom']

test.each([
  ['paralelism', 'parallelism'],
  ['Suspend', 'suspend'],
  ['supsend', 'suspend'],
  ['completionmode', 'completionMode'],
  ['completion', 'completions'],
  ['evn', 'env'],
  ['colour', undefined],
  ['x'.repeat(1000), undefined],
])('%s probably means %s', (given, meant) => expect(nearestName(given, known)).toBe(meant))
