import { expect, test } from 'vitest'
import { remembered } from '../../src/domain/remembered.ts'

test('an object that was asked about before is not looked at again, and an equal one is', () => {
  let looked = 0
  const named = remembered(({ name }: { readonly name: string }) => {
    looked += 1
    return { greeting: `hello ${name}` }
  })
  const ada = { name: 'ada' }
  expect(named(ada)).toStrictEqual({ greeting: 'hello ada' })
  expect(named(ada)).toBe(named(ada))
  expect(looked).toBe(1)
  expect(named({ ...ada })).toStrictEqual(named(ada))
  expect(looked).toBe(2)
})
