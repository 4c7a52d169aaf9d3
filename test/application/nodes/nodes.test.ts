import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { storedObjectsResource } from '../../../src/application/api/stored-objects.ts'
import { newLedger } from '../../../src/application/log/ledger.ts'
import { cordonNode, findNode, nodesOf, reportNode } from '../../../src/application/nodes/nodes.ts'
import { noVault } from '../../../src/application/ports/secret-vault.ts'
import { storedObjectWriter } from '../../../src/application/objects/stored-object-writer.ts'
import { storedKinds } from '../../../src/domain/kubernetes/stored-kinds/stored-kinds.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, user } from '../../support/world.ts'

const opened = () => {
  const [store, clock, entropy] = [inMemoryEventStore(), virtualClock(), countingEntropy()]
  const ledger = newLedger()
  store.subscribeAll(ledger.position()).subscribe((events) => void ledger.apply(events))
  const writer = storedObjectWriter({ store, clock, entropy })
  return { ledger, nodes: storedObjectsResource({ ledger, writer, clock, entropy, vault: noVault }, storedKinds.nodes) }
}

const report = (name: string, state: 'True' | 'False') => ({
  name,
  labels: { 'kubernetes.io/hostname': name },
  status: { conditions: [{ type: 'Ready', status: state }] },
})

test('a Node that is reported is known, and reported again it tells how it is now', async () => {
  const { ledger, nodes } = opened()
  await reportNode(nodes, report('b', 'True'), user)()
  await reportNode(nodes, report('a', 'True'), user)()
  await reportNode(nodes, report('b', 'False'), user)()
  expect(nodesOf(ledger)).toMatchObject([
    { name: 'a', isReady: true, isUnschedulable: false, labels: { 'kubernetes.io/hostname': 'a' }, taints: [] },
    { name: 'b', isReady: false },
  ])
  expect(findNode(ledger, 'c')).toBeNull()
})

test('a Node that is cordoned stays so when it is reported again, until it is uncordoned', async () => {
  const { ledger, nodes } = opened()
  await reportNode(nodes, report('a', 'True'), user)()
  await cordonNode(nodes, 'a', true, user)()
  await reportNode(nodes, report('a', 'True'), user)()
  expect(findNode(ledger, 'a')).toMatchObject({ isUnschedulable: true, isReady: true })
  await cordonNode(nodes, 'a', false, user)()
  expect(findNode(ledger, 'a')?.isUnschedulable).toBe(false)
  expect(await cordonNode(nodes, 'missing', true, user)()).toMatchObject({ left: { _tag: 'NotFound' } })
})
