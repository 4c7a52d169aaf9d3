import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openSecretVault } from '../../../src/adapters/secret-vault/open-secret-vault.ts'
import { right } from '../../support/event-stores.ts'

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-vault-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const keep = async (folder: string, owner: string, text: string) =>
  right(() => openSecretVault(folder).keep(owner, text, { part: text }))

describe('the vault of a data folder', () => {
  test('gives back what it was given, to whoever opens it later', async () => {
    const folder = newFolder()
    const { reference } = await keep(folder, 'me', 'a secret')
    expect(openSecretVault(folder).read(reference)).toBe('a secret')
    expect(openSecretVault(newFolder()).read(reference)).toBeNull()
    expect(openSecretVault(folder).read('../key')).toBeNull()
  })

  test('names the same text of the same owner alike, and nothing else', async () => {
    const folder = newFolder()
    const kept = await keep(folder, 'me', 'a secret')
    expect(await keep(folder, 'me', 'a secret')).toStrictEqual(kept)
    const others = [
      await keep(folder, 'you', 'a secret'),
      await keep(folder, 'me', 'another'),
      await keep(newFolder(), 'me', 'a secret'),
    ]
    for (const other of others) {
      expect(other.reference).not.toBe(kept.reference)
      expect(other.digests['part']).not.toBe(kept.digests['part'])
    }
  })

  test('tells what was confirmed from what was not, which is hidden from other logs', async () => {
    const folder = newFolder()
    const [mine, another] = [openSecretVault(folder), openSecretVault(folder, 'esdb://elsewhere')]
    const { reference } = await right(() => mine.keep('me', 'a secret', {}))
    expect(mine.kept()).toStrictEqual([{ reference, isConfirmed: false }])
    expect([another.kept(), another.read(reference)]).toStrictEqual([[], null])
    await mine.confirm(reference)
    await right(() => mine.keep('me', 'a secret', {}))
    for (const vault of [mine, another, openSecretVault(folder)]) {
      expect(vault.kept()).toStrictEqual([{ reference, isConfirmed: true }])
      expect(vault.read(reference)).toBe('a secret')
    }
    await mine.forget(reference)
    expect(mine.kept()).toStrictEqual([])
    expect(openSecretVault(newFolder()).kept()).toStrictEqual([])
  })

  test('holds no text in the clear, and is for its owner alone', async () => {
    const folder = newFolder()
    await keep(folder, 'me', 'a secret')
    const vault = join(folder, 'secrets')
    expect(statSync(vault).mode & 0o777).toBe(0o700)
    expect(readdirSync(vault)).toHaveLength(2)
    for (const name of readdirSync(vault)) {
      expect(statSync(join(vault, name)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(vault, name)).includes('a secret')).toBe(false)
    }
  })

  test('does not open what was damaged, moved, or sealed under another key', async () => {
    const folder = newFolder()
    const { reference } = await keep(folder, 'me', 'a secret')
    await openSecretVault(folder).confirm(reference)
    const path = join(folder, 'secrets', reference)
    const bytes = readFileSync(path)
    const moved = 'a'.repeat(64)
    writeFileSync(join(folder, 'secrets', moved), bytes)
    expect(openSecretVault(folder).read(moved)).toBeNull()
    writeFileSync(
      path,
      bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
    )
    expect(openSecretVault(folder).read(reference)).toBeNull()
    writeFileSync(path, bytes.subarray(0, 5))
    expect(openSecretVault(folder).read(reference)).toBeNull()
    writeFileSync(path, bytes)
    writeFileSync(join(folder, 'secrets', 'key'), Buffer.alloc(32))
    expect(openSecretVault(folder).read(reference)).toBeNull()
  })

  test('keeps nothing under a key that is damaged, and says so', async () => {
    const folder = newFolder()
    await keep(folder, 'me', 'a secret')
    writeFileSync(join(folder, 'secrets', 'key'), 'short')
    expect(await openSecretVault(folder).keep('me', 'another', {})).toMatchObject({
      left: expect.stringContaining('its key is damaged'),
    })
  })

  test('forgets for good', async () => {
    const folder = newFolder()
    const { reference } = await keep(folder, 'me', 'a secret')
    const vault = openSecretVault(folder)
    expect(vault.read(reference)).toBe('a secret')
    await vault.forget(reference)
    await vault.forget(reference)
    expect(vault.read(reference)).toBeNull()
    expect(readdirSync(join(folder, 'secrets'))).toStrictEqual(['key'])
  })
})
