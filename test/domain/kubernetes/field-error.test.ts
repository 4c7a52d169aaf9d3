import { expect, test } from 'vitest'
import {
  causeReason,
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  invalidWithoutValue,
  notFound,
  notSupported,
  renderFieldError,
  required,
  tooLong,
  tooMany,
} from '../../../src/domain/kubernetes/field-error.ts'

test.each<[rule: string, error: FieldError, text: string]>([
  ['[0.1] Required', required('a.b', 'why'), 'a.b: Required value: why'],
  ['[0.1] Required without a detail', required('a.b'), 'a.b: Required value'],
  ['[0.1] Invalid number', invalid('a', -1, 'why'), 'a: Invalid value: -1: why'],
  ['[0.1] Invalid boolean', invalid('a', true, 'why'), 'a: Invalid value: true: why'],
  ['[0.1] Invalid text', invalid('a', 'x"y', 'why'), 'a: Invalid value: "x\\"y": why'],
  ['[0.1] Invalid structure', invalid('a', { b: [1] }, 'why'), 'a: Invalid value: {"b":[1]}: why'],
  ['[0.1] Invalid nothing', invalid('a', undefined, 'why'), 'a: Invalid value: null: why'],
  ['[0.1] Invalid without its value', invalidWithoutValue('a', 'why'), 'a: Invalid value: why'],
  ['[0.1] NotSupported', notSupported('a', 'x', ['B', 'A']), 'a: Unsupported value: "x": supported values: "B", "A"'],
  ['[0.1] Forbidden', forbidden('a', 'why'), 'a: Forbidden: why'],
  ['[0.1] Duplicate', duplicate('a', 'x'), 'a: Duplicate value: "x"'],
  ['[0.1] TooLong', tooLong('a', 63), 'a: Too long: may not be more than 63 bytes'],
  ['[0.1] TooMany', tooMany('a', 21, 20), 'a: Too many: 21: must have at most 20 items'],
  ['[0.1] NotFound', notFound('a', 'x'), 'a: Not found: "x"'],
  ['[0.1] NotFound with a detail', notFound('a', 'x', 'why'), 'a: Not found: "x": why'],
])('%s', (_, error, text) => expect(renderFieldError(error)).toBe(text))

test('[0.1] the reason of a cause names the kind', () => {
  expect(causeReason(required('a'))).toBe('FieldValueRequired')
  expect(causeReason(tooLong('a', 1))).toBe('FieldValueTooLong')
})
