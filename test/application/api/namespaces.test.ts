import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { namespacesResource } from '../../../src/application/api/namespaces.ts'
import { catchUp, newLedger } from '../../../src/application/log/ledger.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, user } from '../../support/world.ts'

const asked = { actor: user, warn: () => {} }

const opened = async (store: EventStore = inMemoryEventStore()) => {
  const ledger = newLedger()
  await catchUp(store, ledger)
  store.subscribeAll(ledger.position()).subscribe((events) => void ledger.apply(events))
  const resource = namespacesResource({ ledger, store, clock: virtualClock(), entropy: countingEntropy() })
  const create = (metadata: object, dryRun = false) => resource.create!('', { metadata }, { ...asked, dryRun })()
  return { store, ledger, resource, create }
}
const names = ({ resource }: Awaited<ReturnType<typeof opened>>) =>
  resource.list(null).map(({ metadata }) => metadata.name)

describe('namespaces', () => {
  test('default is always there', async () => {
    const { resource } = await opened()
    expect(resource.get('', 'default')).toMatchObject({ metadata: { name: 'default' }, status: { phase: 'Active' } })
    expect(resource.get('', 'other')).toBeNull()
  })

  test('one that was made is there, also for those who come later', async () => {
    const before = await opened()
    const made = await before.create({ name: 'team-a', labels: { a: 'b' } })
    expect(made).toStrictEqual(
      E.right({
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: {
          name: 'team-a',
          uid: '00000000-0000-4000-8000-000000000001',
          resourceVersion: '1',
          creationTimestamp: '2026-01-01T00:00:00Z',
          labels: { a: 'b', 'kubernetes.io/metadata.name': 'team-a' },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      }),
    )
    expect(names(await opened(before.store))).toStrictEqual(['default', 'team-a'])
  })

  test('a name is taken once', async () => {
    const { create } = await opened()
    await create({ name: 'team-a' })
    expect(await create({ name: 'team-a' })).toStrictEqual(E.left({ _tag: 'AlreadyExists' }))
    expect(await create({ name: 'default' })).toStrictEqual(E.left({ _tag: 'AlreadyExists' }))
  })

  test('two who make the same at once get it once', async () => {
    const { create } = await opened()
    const made = await Promise.all([create({ name: 'team-a' }), create({ name: 'team-a' })])
    expect(made.filter(E.isRight)).toHaveLength(1)
  })

  test.each([
    [{ name: 'not.a.label' }, 'metadata.name'],
    [{}, 'metadata.name'],
    [{ name: 'a', labels: { 'b c': 'd' } }, 'metadata.labels'],
  ])('%j is invalid', async (metadata, field) =>
    expect(await (await opened()).create(metadata)).toMatchObject({
      left: { _tag: 'Invalid', errors: [{ field }] },
    }),
  )

  test('a dry run leaves nothing', async () => {
    const world = await opened()
    expect(E.isRight(await world.create({ name: 'team-a' }, true))).toBe(true)
    expect(names(world)).toStrictEqual(['default'])
  })

  test('labels can be changed, also those of default', async () => {
    const { resource, create } = await opened()
    await create({ name: 'team-a' })
    for (const name of ['team-a', 'default']) {
      const labels = { a: 'c', 'kubernetes.io/metadata.name': 'other' }
      const changed = await resource.change!(
        { namespace: '', name, part: 'main' },
        (present) => E.right({ ...present, metadata: { ...present.metadata, labels } }),
        asked,
      )()
      expect(changed).toMatchObject({
        right: { metadata: { labels: { a: 'c', 'kubernetes.io/metadata.name': name } } },
      })
      expect(resource.get('', name)?.metadata.uid).toBe(E.isRight(changed) && changed.right.metadata.uid)
    }
  })

  test('one that is deleted can be made again', async () => {
    const world = await opened()
    await world.create({ name: 'team-a' })
    const { uid } = world.resource.get('', 'team-a')!.metadata
    const remove = () => world.resource.remove!('', 'team-a', {}, asked)()
    expect(await remove()).toMatchObject({ right: { gone: false, object: { status: { phase: 'Terminating' } } } })
    expect(await world.create({ name: 'team-a' })).toStrictEqual(E.left({ _tag: 'AlreadyExists' }))
    await world.resource.emptied('team-a', user)
    expect(names(world)).toStrictEqual(['default'])
    expect(await remove()).toStrictEqual(E.left({ _tag: 'NotFound' }))
    expect(E.isRight(await world.create({ name: 'team-a' }))).toBe(true)
    expect(names(await opened(world.store))).toStrictEqual(['default', 'team-a'])
    expect(world.resource.get('', 'team-a')?.metadata.uid).not.toBe(uid)
  })

  test('default may not be deleted', async () =>
    expect(await (await opened()).resource.remove!('', 'default', {}, asked)()).toStrictEqual(
      E.left({ _tag: 'Forbidden', message: 'this namespace may not be deleted' }),
    ))
})
