import { hash } from 'node:crypto'
import { E } from '../../../prelude.ts'
import { administrator, authenticated, type User, type Users } from '../access/user.ts'

/**
 * The owner of the data folder, and the users of a token file as Kubernetes reads it: a line each with token, name, uid and (in quotes when
 * there are several) groups. Left: what is wrong with a line.
 */
export const usersOf = (
  owner: { readonly name: string; readonly token: string },
  tokenFile: string | null,
): E.Either<string, Users> => {
  const byToken = new Map<string, User>([[keyOf(owner.token), administrator(owner.name)]])
  for (const [place, line] of (tokenFile ?? '').split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [token = '', name = '', uid = '', groups = ''] = columnsOf(line)
    const problem = problemOf(token, name, byToken)
    if (problem !== null) return E.left(`line ${place + 1}: ${problem}`)
    byToken.set(keyOf(token), { name, uid, groups: [...groupsIn(groups), authenticated] })
  }
  const byName = new Map([...byToken.values()].toReversed().map((user) => [user.name, user]))
  return E.right({
    byToken: (token) => byToken.get(keyOf(token)) ?? null,
    byName: (name) => byName.get(name) ?? null,
  })
}

const groupsIn = (column: string): ReadonlyArray<string> =>
  column
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '')

/** How long a comparison takes tells nothing about the token. */
const keyOf = (token: string): string => hash('sha256', token)

const problemOf = (token: string, name: string, known: ReadonlyMap<string, User>): string | null => {
  if (token === '' || name === '') return 'token,name,uid and maybe "groups" are wanted'
  if (token.length < tokenSignsMin) return `a token of less than ${tokenSignsMin} signs can be guessed`
  if (/[^\x21-\x7e]/.test(token)) return 'a token of other signs than ASCII has cannot be sent'
  if (name.startsWith('system:')) return `the name ${JSON.stringify(name)} is one of the server's own`
  return known.has(keyOf(token)) ? 'the token is that of somebody else' : null
}

const tokenSignsMin = 16

/** As in a file of comma-separated values: what stands in quotes is one column. */
const columnsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '',
  )
