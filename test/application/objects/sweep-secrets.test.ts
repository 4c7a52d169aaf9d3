import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { inMemoryVault } from '../../../src/adapters/secret-vault/in-memory-vault.ts'
import { catchUp, newLedger } from '../../../src/application/log/ledger.ts'
import type { SecretVault } from '../../../src/application/ports/secret-vault.ts'
import { secretSweep } from '../../../src/application/objects/sweep-secrets.ts'
import { asking } from '../../adapters/kube-api/checklist/asking.ts'
import { right } from '../../support/event-stores.ts'

const secrets = '/api/v1/namespaces/ns/secrets'

/** A server that keeps Secrets, and the next start after a crash of it. `undone`: parts of the vault that the crash has cut off. */
const crashing = async (undone: Partial<SecretVault> = {}) => {
  const store = inMemoryEventStore()
  const vault = inMemoryVault()
  const world = await asking(store, { vault: { ...vault, ...undone } })
  const write = (method: string, path: string, password: string) =>
    world.ask(method, path, { metadata: { name: 'it' }, stringData: { password } })
  const start = async () => {
    const ledger = newLedger(vault)
    const sweep = secretSweep(ledger, vault)
    await catchUp(store, ledger)
    await sweep()
    return vault.kept()
  }
  return { ...world, vault, write, start }
}

const nothing = async (): Promise<void> => {}

describe('values of Secrets at the next start', () => {
  test('are as they were, when nothing was cut off', async () => {
    const { vault, write, start } = await crashing()
    await write('POST', secrets, 'first')
    await write('PUT', `${secrets}/it`, 'second')
    const before = vault.kept()
    expect(before).toMatchObject([{ isConfirmed: true }])
    expect(await start()).toStrictEqual(before)
  })

  test('are gone when the log never heard of them', async () => {
    const { vault, write, start } = await crashing()
    await write('POST', secrets, 'first')
    const { reference } = await right(() => vault.keep('nobody', 'a text', {}))
    expect(vault.kept()).toHaveLength(2)
    expect((await start()).map((one) => one.reference)).not.toContain(reference)
    expect(vault.kept()).toHaveLength(1)
  })

  test('are confirmed when the log has them', async () => {
    const { vault, write, start } = await crashing({ confirm: nothing })
    await write('POST', secrets, 'first')
    expect(vault.kept()).toMatchObject([{ isConfirmed: false }])
    expect(await start()).toMatchObject([{ isConfirmed: true }])
  })

  test('are gone when nobody holds them any more', async () => {
    const { ask, vault, write, start } = await crashing({ forget: nothing })
    await write('POST', secrets, 'first')
    await write('PUT', `${secrets}/it`, 'second')
    await write('PUT', `${secrets}/it`, 'third')
    expect(vault.kept()).toHaveLength(3)
    expect(await start()).toHaveLength(1)
    await ask('DELETE', `${secrets}/it`)
    expect(await start()).toStrictEqual([])
  })

  test('stay when another log has confirmed them', async () => {
    const { vault, start } = await crashing()
    const { reference } = await right(() => vault.keep('somebody else', 'a text', {}))
    await vault.confirm(reference)
    expect(await start()).toStrictEqual([{ reference, isConfirmed: true }])
  })
})
