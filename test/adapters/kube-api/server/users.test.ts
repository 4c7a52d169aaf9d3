import { describe, expect, test } from 'vitest'
import { usersOf } from '../../../../src/adapters/kube-api/server/users.ts'
import { E } from '../../../../src/prelude.ts'

const owner = { name: 'ada', token: 'the-token-of-the-owner' }
const found = (file: string | null, token: string) => {
  const users = usersOf(owner, file)
  return E.isRight(users) ? users.right.byToken(token) : users.left
}

describe('the users of a token file', () => {
  test('are told from each other by their tokens, and the owner is one of them', () => {
    const file = '# a comment\nthe-token-of-grace,grace,1,"dev, read-only"\n\nthe-token-of-linus,linus,2\n'
    expect(found(file, 'the-token-of-the-owner')).toStrictEqual({
      name: 'ada',
      uid: '',
      groups: ['system:masters', 'system:authenticated'],
    })
    expect(found(file, 'the-token-of-grace')).toStrictEqual({
      name: 'grace',
      uid: '1',
      groups: ['dev', 'read-only', 'system:authenticated'],
    })
    expect(found(file, 'the-token-of-linus')).toStrictEqual({
      name: 'linus',
      uid: '2',
      groups: ['system:authenticated'],
    })
    expect(found(file, 'the-token-of-nobody')).toBeNull()
    expect(found(file, '')).toBeNull()
  })

  test.each([
    ['the-token-of-grace', 'line 1: token,name,uid and maybe "groups" are wanted'],
    ['# one\nshort,grace,1', 'line 2: a token of less than 16 signs can be guessed'],
    ['the-token-of-gräce,grace,1', 'line 1: a token of other signs than ASCII has cannot be sent'],
    ['the-token-of-grace,system:grace,1', 'line 1: the name "system:grace" is one of the server\'s own'],
    ['the-token-of-the-owner,grace,1', 'line 1: the token is that of somebody else'],
  ])('are refused when %j cannot be meant', (file, problem) => {
    expect(found(file, 'x')).toBe(problem)
  })
})
