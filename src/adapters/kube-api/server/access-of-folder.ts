import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { E } from '../../../prelude.ts'
import type { Access } from './kubeconfig.ts'
import { readSecret } from './own-files.ts'
import { tokenOf } from './users.ts'

/**
 * How clients find the server that this folder last had: for the folder's owner, or for a user of a token file. Left: why that cannot be
 * told, as a sentence.
 */
export const accessOfFolder = (
  dataFolder: string,
  wanted: { readonly user: string; readonly tokenFile: string } | null,
): E.Either<string, Access> => {
  try {
    const written = readSecret(join(dataFolder, 'kubeconfig'))
    if (written === null) return E.left(`nothing was served from ${dataFolder} yet: jobledger serve`)
    if (E.isLeft(written)) return written
    const owner = accessIn(written.right)
    if (wanted === null) return E.right(owner)
    const { user, tokenFile } = wanted
    const file = readSecret(tokenFile) ?? E.left(`there is no ${tokenFile}`)
    if (E.isLeft(file)) return file
    const token = tokenOf(file.right, user)
    return E.isLeft(token) ? E.left(`${tokenFile}: ${token.left}`) : E.right({ ...owner, user, token: token.right })
  } catch (problem) {
    return E.left(problem instanceof Error ? problem.message : String(problem))
  }
}

/** Of a file that we have written. */
const accessIn = (text: string): Access => {
  const document = parseDocument(text)
  const said = (...path: ReadonlyArray<string | number>): string => String(document.getIn(path))
  return {
    address: said('clusters', 0, 'cluster', 'server'),
    authority: Buffer.from(said('clusters', 0, 'cluster', 'certificate-authority-data'), 'base64').toString(),
    user: said('users', 0, 'name').replace(/@[^@]*$/, ''),
    token: said('users', 0, 'user', 'token'),
  }
}
