import { type ApiAnswer, type ApiRequest, textAnswer } from './answer.ts'

/** Something that must hold, by name; `problem` says why it does not, or null. */
export type Check = { readonly name: string; readonly problem: () => Promise<string | null> }

/** What must hold for the server to be alive, and for it to be ready besides. */
export type Health = { readonly live: ReadonlyArray<Check>; readonly ready: ReadonlyArray<Check> }

/** Nothing is known that could be wrong. */
export const goodHealth: Health = { live: [], ready: [] }

export const healthPaths: ReadonlyArray<string> = ['/healthz', '/livez', '/readyz']

/** How the server is, whole or (`/readyz/log`) in one respect; null for other pages. What is wrong is told as Kubernetes tells it, with the reason. */
export const healthAnswer = async (
  { live, ready }: Health,
  { path, query }: Pick<ApiRequest, 'path' | 'query'>,
): Promise<ApiAnswer | null> => {
  const [, page = '', respect = ''] = path.split('/')
  if (!healthPaths.includes(`/${page}`) || path.split('/').length > 3) return null
  const checks = [ping, ...live, ...(page === 'readyz' ? ready : [])]
  const wanted = respect === '' ? checks : checks.filter(({ name }) => name === respect)
  if (wanted.length === 0) return null
  const excluded = query.getAll('exclude')
  const lines = await Promise.all(wanted.map((check) => lineOf(check, excluded)))
  const isWell = lines.every((line) => line.startsWith('[+]'))
  const told = lines.map((line) => `${line}\n`).join('')
  if (!isWell) return textAnswer(500, `${told}${page} check failed\n`)
  return textAnswer(200, query.has('verbose') ? `${told}${page} check passed\n` : 'ok')
}

const ping: Check = { name: 'ping', problem: async () => null }

const lineOf = async ({ name, problem }: Check, excluded: ReadonlyArray<string>): Promise<string> => {
  if (excluded.includes(name)) return `[+]${name} excluded: ok`
  const reason = await problem()
  return reason === null ? `[+]${name} ok` : `[-]${name} failed: ${reason.replaceAll(/\s+/g, ' ')}`
}
