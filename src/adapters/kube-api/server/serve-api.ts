import { join } from 'node:path'
import { E } from '../../../prelude.ts'
import type { Entropy } from '../../../application/ports/entropy.ts'
import type { Users } from '../access/user.ts'
import { type AccountTokens, accountTokens } from '../accounts/account-tokens.ts'
import { kubeconfig } from './kubeconfig.ts'
import { type ApiServer, type ApiServerOptions, listenAsApi } from './listen-as-api.ts'
import { ownFiles, readSecret, writeSecret } from './own-files.ts'
import { usersOf } from './users.ts'

export type ServeApiOptions = Omit<ApiServerOptions, 'files' | 'users' | 'names'> & {
  readonly dataFolder: string
  /** Whose the folder is: under this name that user's changes are in the log. */
  readonly owner: string
  /** A file of more users; null: there are none. */
  readonly tokenFile: string | null
  readonly now: () => number
  readonly entropy: Pick<Entropy, 'uuid'>
}

export type ServedApi = ApiServer & {
  readonly users: Users
  /** Knows no accounts before it is opened. */
  readonly accounts: AccountTokens
  /** Writes a kubeconfig for the owner into the folder, and answers its path. */
  readonly writeKubeconfig: () => string
  /** The certificate by which clients know the server, as PEM. */
  readonly authority: string
}

/** A server of the API with what its clients need. Left: why not, as a sentence. */
export const serveApi = async (options: ServeApiOptions): Promise<E.Either<string, ServedApi>> => {
  const { dataFolder, owner, host, tokenFile, now, entropy } = options
  const files = ownFiles(dataFolder, { names: [...new Set(['localhost', '127.0.0.1', '::1', host])], now: now() })
  if (E.isLeft(files)) return files
  const others = tokenFile === null ? E.right(null) : tokenFileText(tokenFile)
  if (E.isLeft(others)) return others
  const accounts = accountTokens({ key: files.right.accountKey, now, entropy })
  const users = usersOf({ name: owner, token: files.right.token }, others.right, accounts)
  if (E.isLeft(users)) return E.left(`${tokenFile}: ${users.left}`)
  const server = await listenAsApi({ ...options, files: files.right, users: users.right, names: [] })
  if (E.isLeft(server)) return server
  const path = join(dataFolder, 'kubeconfig')
  const { authority, token } = files.right
  return E.right({
    ...server.right,
    users: users.right,
    accounts,
    authority,
    writeKubeconfig: () => {
      writeSecret(path, kubeconfig({ address: reachable(server.right.address), authority, user: owner, token }))
      return path
    },
  })
}

const tokenFileText = (path: string): E.Either<string, string> => {
  try {
    return readSecret(path) ?? E.left(`there is no ${path}`)
  } catch (problem) {
    return E.left(`${path} cannot be read: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

/** A server that answers at every address of this machine is found here at the loopback one. */
const reachable = (address: string): string =>
  address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
