import { hash } from 'node:crypto'
import { E } from '../../../prelude.ts'

/** Who may ask. Those of the role `read-only` cannot change anything. */
export type User = { readonly name: string; readonly isReadOnly: boolean }

/** Finds who shows a token; null: nobody that is known. */
export type Users = (token: string) => User | null

/**
 * The owner of the data folder, and the users of a token file as Kubernetes reads it: a line each with token, name, uid and (in quotes when
 * there are several) groups. The group `read-only` is the role. Left: what is wrong with a line.
 */
export const usersOf = (
  owner: { readonly name: string; readonly token: string },
  tokenFile: string | null,
): E.Either<string, Users> => {
  const known = new Map<string, User>([[keyOf(owner.token), { name: owner.name, isReadOnly: false }]])
  for (const [place, line] of (tokenFile ?? '').split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [token = '', name = '', , groups = ''] = columnsOf(line)
    const problem = problemOf(token, name, known)
    if (problem !== null) return E.left(`line ${place + 1}: ${problem}`)
    known.set(keyOf(token), { name, isReadOnly: groups.split(',').some((group) => group.trim() === readOnly) })
  }
  return E.right((token) => known.get(keyOf(token)) ?? null)
}

const readOnly = 'read-only'

/** How long a comparison takes tells nothing about the token. */
const keyOf = (token: string): string => hash('sha256', token)

const problemOf = (token: string, name: string, known: ReadonlyMap<string, User>): string | null => {
  if (token === '' || name === '') return 'token,name,uid and maybe "groups" are wanted'
  if (token.length < tokenSignsMin) return `a token of less than ${tokenSignsMin} signs can be guessed`
  return known.has(keyOf(token)) ? 'the token is that of somebody else' : null
}

const tokenSignsMin = 16

/** As in a file of comma-separated values: what stands in quotes is one column. */
const columnsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '',
  )
