import * as t from 'io-ts'

/** A safe integer, unbranded so that plain numbers can be written where it is asked for. */
export const int = new t.Type<number, number, unknown>(
  'int',
  (value): value is number => Number.isSafeInteger(value),
  (value, context) =>
    Number.isSafeInteger(value) ? t.success(value as number) : t.failure(value, context, 'not an integer'),
  t.identity,
)

export const nullable = <C extends t.Mixed>(codec: C) => t.union([codec, t.null], `${codec.name} | null`)
