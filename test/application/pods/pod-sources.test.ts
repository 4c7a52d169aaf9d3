import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { inMemoryVault } from '../../../src/adapters/secret-vault/in-memory-vault.ts'
import { catchUp, newLedger } from '../../../src/application/log/ledger.ts'
import { podSources } from '../../../src/application/pods/pod-sources.ts'
import { E } from '../../../src/prelude.ts'
import { asking } from '../../adapters/kube-api/checklist/asking.ts'

test('Pods find the values of the ConfigMaps and Secrets of their namespace, and nothing of a Secret without its vault', async () => {
  const [store, vault] = [inMemoryEventStore(), inMemoryVault()]
  const { ask } = await asking(store, { vault })
  const objects = '/api/v1/namespaces/ns'
  await ask('POST', `${objects}/configmaps`, { metadata: { name: 'c' }, data: { k: 'v' }, binaryData: { b: 'AP8=' } })
  await ask('POST', `${objects}/secrets`, { metadata: { name: 's' }, stringData: { k: 'hünter2' } })
  const ledger = newLedger(vault)
  await catchUp(store, ledger)
  const sources = podSources(ledger)
  const bytes = new TextEncoder().encode('hünter2')
  expect(sources('configmap', 'ns', 'c')).toStrictEqual(
    E.right({ texts: new Map([['k', 'v']]), bytes: new Map([['b', Uint8Array.of(0, 255)]]) }),
  )
  expect(sources('secret', 'ns', 's')).toStrictEqual(
    E.right({ texts: new Map([['k', 'hünter2']]), bytes: new Map([['k', bytes]]) }),
  )
  expect(sources('secret', 'default', 's')).toStrictEqual(E.left({ isAbsent: true, message: 'secret "s" not found' }))

  const stranger = newLedger()
  await catchUp(store, stranger)
  expect(podSources(stranger)('secret', 'ns', 's')).toMatchObject({ left: { isAbsent: false } })
})
