import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { E } from '../../../prelude.ts'
import { certificate } from './certificates.ts'

/** What a server needs to be trusted, and what those who may ask it have to show. */
export type OwnFiles = {
  /** The certificate by which clients know the server, as PEM. */
  readonly authority: string
  readonly serverCertificate: string
  readonly serverKey: string
  /** Of the user to whom the folder belongs. */
  readonly token: string
  /** By which tokens of service accounts are signed. */
  readonly accountKey: string
}

const year = 365 * 86_400_000

/**
 * The files of the API in the data folder, made at the first start: a certificate authority for ten years, a token and a key of 256 bits
 * each. The server's own certificate is made anew at each start. Left: why they cannot be used, as a sentence.
 */
export const ownFiles = (
  dataFolder: string,
  { names, now }: { readonly names: ReadonlyArray<string>; readonly now: number },
): E.Either<string, OwnFiles> => {
  const folder = join(dataFolder, 'api')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const key = kept(join(folder, 'ca.key'), newKey)
    if (E.isLeft(key)) return key
    const privateKey = createPrivateKey(key.right)
    const keys = { privateKey, publicKey: createPublicKey(privateKey) }
    const authority = kept(join(folder, 'ca.crt'), () =>
      certificate({
        subject: authorityName,
        publicKey: keys.publicKey,
        issuer: authorityName,
        issuerKeys: keys,
        notBefore: now - 3_600_000,
        notAfter: now + 10 * year,
        names: null,
      }),
    )
    if (E.isLeft(authority)) return authority
    const token = kept(join(folder, 'token'), randomLine)
    if (E.isLeft(token)) return token
    const accountKey = kept(join(folder, 'service-accounts.key'), randomLine)
    if (E.isLeft(accountKey)) return accountKey
    const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return E.right({
      authority: authority.right,
      token: token.right.trim(),
      accountKey: accountKey.right.trim(),
      serverKey: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      serverCertificate: certificate({
        subject: 'jobledger',
        publicKey: server.publicKey,
        issuer: authorityName,
        issuerKeys: keys,
        notBefore: now - 3_600_000,
        notAfter: now + 2 * year,
        names,
      }),
    })
  } catch (problem) {
    return E.left(`the files of the API in ${folder} cannot be used: ${textOf(problem)}`)
  }
}

const authorityName = 'jobledger-ca'

const randomLine = (): string => `${randomBytes(32).toString('base64url')}\n`

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The text of a file that only its owner can read; made when there is none. */
const kept = (path: string, make: () => string): E.Either<string, string> => {
  const known = readSecret(path)
  if (known !== null) return known
  const text = make()
  writeSecret(path, text)
  return E.right(text)
}

/** Null: there is no such file. Left: others can read it, too. */
export const readSecret = (path: string): E.Either<string, string> | null => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if ((stats.mode & 0o077) !== 0) return E.left(`others can read ${path}: chmod 600 ${path}`)
  return E.right(readFileSync(path, 'utf8'))
}

/** Whole or not at all, and for its owner alone. */
export const writeSecret = (path: string, text: string): void => {
  const draft = `${path}.${process.pid}.new`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, path)
}

const textOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))
