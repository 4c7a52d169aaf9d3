import { hash } from 'node:crypto'
import { E } from '../../../prelude.ts'
import { administrator, authenticated, ownAudience, type User, type Users } from '../access/user.ts'

/**
 * The owner of the data folder, and the users of a token file as Kubernetes reads it: a line each with token, name, uid and (in quotes when
 * there are several) groups. `others` knows more users. Left: what is wrong with a line.
 */
export const usersOf = (
  owner: { readonly name: string; readonly token: string },
  tokenFile: string | null,
  others: Users = nobody,
): E.Either<string, Users> => {
  const lines = linesOf(tokenFile ?? '', owner.token)
  if (E.isLeft(lines)) return lines
  const all = [{ token: owner.token, user: administrator(owner.name) }, ...lines.right]
  const byToken = new Map(all.map(({ token, user }) => [keyOf(token), user]))
  const byName = new Map(all.toReversed().map(({ user }) => [user.name, user]))
  return E.right({
    byToken: (token, audience = ownAudience) => {
      const user = byToken.get(keyOf(token))
      if (user === undefined) return others.byToken(token, audience)
      return audience === ownAudience ? user : null
    },
    byName: (name) => byName.get(name) ?? others.byName(name),
  })
}

const nobody: Users = { byToken: () => null, byName: () => null }

/** The first token of a user in a token file. Left: what is wrong with the file, or that there is no such user. */
export const tokenOf = (tokenFile: string, name: string): E.Either<string, string> => {
  const lines = linesOf(tokenFile, null)
  if (E.isLeft(lines)) return lines
  const found = lines.right.find(({ user }) => user.name === name)
  return found === undefined ? E.left(`there is no user ${JSON.stringify(name)}`) : E.right(found.token)
}

type Line = { readonly token: string; readonly user: User }

const linesOf = (text: string, taken: string | null): E.Either<string, ReadonlyArray<Line>> => {
  const known = new Set(taken === null ? [] : [taken])
  const lines: Line[] = []
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [token = '', name = '', uid = '', groups = ''] = columnsOf(line)
    const problem = problemOf(token, name, known)
    if (problem !== null) return E.left(`line ${place + 1}: ${problem}`)
    known.add(token)
    lines.push({ token, user: { name, uid, groups: [...groupsIn(groups), authenticated] } })
  }
  return E.right(lines)
}

const groupsIn = (column: string): ReadonlyArray<string> =>
  column
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '')

/** How long a comparison takes tells nothing about the token. */
const keyOf = (token: string): string => hash('sha256', token)

const problemOf = (token: string, name: string, known: ReadonlySet<string>): string | null => {
  if (token === '' || name === '') return 'token,name,uid and maybe "groups" are wanted'
  if (token.length < tokenSignsMin) return `a token of less than ${tokenSignsMin} signs can be guessed`
  if (/[^\x21-\x7e]/.test(token)) return 'a token of other signs than ASCII has cannot be sent'
  if (name.startsWith('system:')) return `the name ${JSON.stringify(name)} is one of the server's own`
  return known.has(token) ? 'the token is that of somebody else' : null
}

const tokenSignsMin = 16

/** As in a file of comma-separated values: what stands in quotes is one column. */
const columnsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '',
  )
