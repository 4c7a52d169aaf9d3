import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { SecretVault } from '../../application/ports/secret-vault.ts'
import { E } from '../../prelude.ts'

/**
 * The values of Secrets as files of the folder `secrets`, each encrypted (AES-256-GCM) under a key that is made with the first of them, in the file `key` of
 * the same folder. Both are readable by their owner alone. `log`: whose values they are, as several logs may share the folder; one that has not confirmed
 * what it keeps leaves that to be told from what others keep.
 */
export const openSecretVault = (dataFolder: string, log = ''): SecretVault => {
  const folder = join(dataFolder, 'secrets')
  const unconfirmed = `.${hash('sha256', log).slice(0, 16)}.new`
  const placesOf = (reference: string): ReadonlyArray<string> =>
    [reference, `${reference}${unconfirmed}`].map((name) => join(folder, name))
  const known = new Map<string, string>()
  let keys: Keys | null = null

  const remember = (reference: string, text: string): void => {
    known.set(reference, text)
    const [oldest = ''] = known.keys()
    if (known.size > knownMax) known.delete(oldest)
  }
  const presentKeys = (): Keys | null => {
    keys ??= keysOf(readKey(folder))
    return keys
  }
  const madeKeys = (): Keys => {
    const present = presentKeys()
    if (present !== null) return present
    if (isThere(join(folder, keyFile))) throw new Error('its key is damaged')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeDurably(folder, keyFile, randomBytes(keyBytes))
    const made = keysOf(readKey(folder))
    if (made === null) throw new Error(`the key in ${folder} cannot be read back`)
    keys = made
    return made
  }

  return {
    keep: async (owner, text, parts) => {
      try {
        const { naming, cipher } = madeKeys()
        const digest = (value: string): string => createHmac('sha256', naming).update(value).digest('hex')
        const reference = digest(`${owner}\n${text}`)
        const digests = Object.fromEntries(
          Object.entries(parts).map(([name, value]) => [name, digest(`${owner}/${name}\n${value}`)]),
        )
        if (!placesOf(reference).some(isThere))
          writeDurably(folder, `${reference}${unconfirmed}`, encrypted(cipher, reference, text))
        remember(reference, text)
        return E.right({ reference, digests })
      } catch (cause) {
        return E.left(`the values of a Secret cannot be written into ${folder}: ${reasonOf(cause)}`)
      }
    },
    confirm: async (reference) => {
      const [confirmed = '', fresh = ''] = placesOf(reference)
      whenPossible(() => isThere(fresh) && renameSync(fresh, confirmed))
    },
    kept: () =>
      namesIn(folder).flatMap((name) => {
        const [, reference, rest] = /^([0-9a-f]{64})(.*)$/.exec(name) ?? []
        return reference === undefined || (rest !== '' && rest !== unconfirmed)
          ? []
          : [{ reference, isConfirmed: rest === '' }]
      }),
    read: (reference) => {
      const text = known.get(reference)
      if (text !== undefined) return text
      const present = presentKeys()
      if (present === null || !/^[0-9a-f]{64}$/.test(reference)) return null
      const path = placesOf(reference).find(isThere)
      const found = path === undefined ? null : decrypted(present.cipher, reference, path)
      if (found !== null) remember(reference, found)
      return found
    },
    forget: async (reference) => {
      known.delete(reference)
      whenPossible(() => placesOf(reference).forEach((path) => rmSync(path, { force: true })))
    },
  }
}

/** Opened values that are remembered. */
const knownMax = 1000

type Keys = { readonly naming: Buffer; readonly cipher: Buffer }

const keyFile = 'key'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** One key for names and digests, another one for values. */
const keysOf = (key: Buffer | null): Keys | null => {
  if (key === null) return null
  const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', use, keyBytes))
  return { naming: derived('names'), cipher: derived('values') }
}

const readKey = (folder: string): Buffer | null => {
  const path = join(folder, keyFile)
  if (!isThere(path)) return null
  chmodSync(path, 0o600)
  const key = readFileSync(path)
  return key.length === keyBytes ? key : null
}

/** The name is part of what is sealed: a file under another name is not opened. */
const encrypted = (key: Buffer, name: string, text: string): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(name))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Null: it was damaged, or sealed under another key. */
const decrypted = (key: Buffer, name: string, path: string): string | null => {
  const bytes = readFileSync(path)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(bytes.length - tagBytes))
    const text = decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** What cannot be tidied up now is at the next start. */
const whenPossible = (tidy: () => unknown): void => {
  try {
    tidy()
  } catch {
    return
  }
}

const namesIn = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** Whole or not at all, also when the machine stops. */
const writeDurably = (folder: string, name: string, bytes: Buffer): void => {
  const draft = join(folder, `${name}.draft`)
  const file = openSync(draft, 'w', 0o600)
  try {
    writeSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, join(folder, name))
  const home = openSync(folder, 'r')
  try {
    fsyncSync(home)
  } finally {
    closeSync(home)
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
