import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { cronJobsResource } from '../../../src/application/api/cron-jobs.ts'
import { cronJobService } from '../../../src/application/cron-jobs/cron-job-service.ts'
import { cronJobWriter } from '../../../src/application/cron-jobs/cron-job-writer.ts'
import { catchUp, newLedger } from '../../../src/application/log/ledger.ts'
import { E } from '../../../src/prelude.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, user } from '../../support/world.ts'

const opened = async () => {
  const store = inMemoryEventStore()
  const ledger = newLedger()
  await catchUp(store, ledger)
  store.subscribeAll(ledger.position()).subscribe((events) => void ledger.apply(events))
  const [clock, entropy] = [virtualClock(), countingEntropy()]
  const writer = cronJobWriter({ store, clock, entropy, localZone: 'UTC' })
  const service = cronJobService({ ledger, writer, entropy })
  const resource = cronJobsResource({ ledger, writer, service, entropy, clock })
  const warnings: string[] = []
  const asked = (dryRun = false) => ({ actor: user, warn: (text: string) => void warnings.push(text), dryRun })
  const create = (over: object = {}, dryRun = false, name = 'cron') =>
    resource.create!('ns', { ...cronJob, metadata: { name }, spec: { ...cronJob.spec, ...over } }, asked(dryRun))()
  const change = (wanted: (present: typeof cronJob) => unknown, part: 'main' | 'status' = 'main', dryRun = false) =>
    resource.change!(
      { namespace: 'ns', name: 'cron', part },
      (present) => E.right(wanted(present as unknown as typeof cronJob)),
      asked(dryRun),
    )()
  return { resource, create, change, warnings, asked }
}

const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'cron' } as { readonly name: string; readonly labels?: object },
  spec: {
    schedule: '0 0 1 1 *',
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } },
  },
  status: {},
}

describe('CronJobs of the API', () => {
  test('are created with their defaults, once, in their namespace', async () => {
    const { resource, create } = await opened()
    const created = await create()
    expect(created).toMatchObject({
      right: {
        metadata: { namespace: 'ns', generation: 1 },
        spec: { suspend: false, concurrencyPolicy: 'Allow' },
        status: {},
      },
    })
    expect(await create()).toStrictEqual(E.left({ _tag: 'AlreadyExists' }))
    await create({}, false, 'another')
    expect(resource.list('ns').map(({ metadata }) => metadata.name)).toStrictEqual(['another', 'cron'])
    expect(resource.list('other')).toStrictEqual([])
    expect(E.right(resource.get('ns', 'cron'))).toStrictEqual(created)
  })

  test.each(['main', 'status'] as const)(
    'are not deleted, nor given another uid, by a change of their %s',
    async (part) => {
      const { create, change } = await opened()
      await create()
      const refusedFor = async (metadata: object) => {
        const outcome = await change(
          (present) => ({ ...present, metadata: { ...present.metadata, ...metadata } }),
          part,
        )
        return (
          E.isLeft(outcome) &&
          outcome.left._tag === 'Invalid' && [...new Set(outcome.left.errors.map(({ field }) => field))]
        )
      }
      expect(await refusedFor({ deletionTimestamp: '2026-01-01T00:00:00Z' })).toEqual(['metadata.deletionTimestamp'])
      expect(await refusedFor({ uid: 'another' })).toContain('metadata.uid')
    },
  )

  test('that are invalid are refused with every error', async () =>
    expect(await (await opened()).create({ schedule: 'often', concurrencyPolicy: 'Sometimes' })).toMatchObject({
      left: { _tag: 'Invalid', errors: [{ field: 'spec.schedule' }, { field: 'spec.concurrencyPolicy' }] },
    }))

  test('are not recorded by a dry run, which answers as if', async () => {
    const { resource, create, change } = await opened()
    expect(await create({}, true)).toMatchObject({ right: { metadata: { generation: 1, uid: expect.any(String) } } })
    expect(resource.list(null)).toStrictEqual([])
    await create()
    expect(await create({}, true)).toStrictEqual(E.left({ _tag: 'AlreadyExists' }))
    const suspended = await change(
      (present) => ({ ...present, spec: { ...present.spec, suspend: true } }),
      'main',
      true,
    )
    expect(suspended).toMatchObject({ right: { metadata: { generation: 2 }, spec: { suspend: true } } })
    expect(resource.get('ns', 'cron')).toMatchObject({ metadata: { generation: 1 }, spec: { suspend: false } })
  })

  test('change, with a new generation where the spec does', async () => {
    const { create, change, warnings } = await opened()
    await create()
    expect(await change((present) => ({ ...present, metadata: { name: 'cron', labels: { a: 'b' } } }))).toMatchObject({
      right: { metadata: { generation: 1, labels: { a: 'b' } } },
    })
    expect(await change((present) => ({ ...present, spec: { ...present.spec, schedule: '@daily' } }))).toMatchObject({
      right: { metadata: { generation: 2 }, spec: { schedule: '@daily' } },
    })
    expect(await change((present) => ({ ...present, spec: { ...present.spec, schedule: 'never' } }))).toMatchObject({
      left: { _tag: 'Invalid' },
    })
    expect(warnings).toStrictEqual([])
  })

  test('take their status through its own part, and metadata with it, but no spec', async () => {
    const { create, change } = await opened()
    await create()
    const status = { lastScheduleTime: '2026-01-01T00:00:00Z' }
    const sent = (present: typeof cronJob) => ({
      ...present,
      metadata: { name: 'cron', labels: { via: 'status' } },
      spec: { ...present.spec, suspend: true },
      status,
    })
    expect(await change(sent, 'status', true)).toMatchObject({ right: { status } })
    expect(await change(sent, 'status')).toMatchObject({
      right: { metadata: { labels: { via: 'status' }, generation: 1 }, spec: { suspend: false }, status },
    })
    const main = await change((present) => ({ ...present, status: {} }))
    expect(main).toMatchObject({ right: { status } })
  })

  test('are gone once they are deleted', async () => {
    const { resource, create, asked } = await opened()
    await create()
    const remove = (dryRun: boolean) => resource.remove!('ns', 'cron', {}, asked(dryRun))()
    expect(await remove(true)).toMatchObject({ right: { gone: true } })
    expect(await remove(false)).toMatchObject({ right: { gone: true, object: { metadata: { name: 'cron' } } } })
    expect(await remove(false)).toStrictEqual(E.left({ _tag: 'NotFound' }))
    expect(resource.get('ns', 'cron')).toBeNull()
  })

  test('that wait for their Jobs are still there, without a finalizer that a client could keep', async () => {
    const { resource, create, change, asked } = await opened()
    await create()
    const removed = await resource.remove!('ns', 'cron', { propagation: 'Foreground' }, asked())()
    expect(removed).toMatchObject({
      right: { gone: false, object: { metadata: { finalizers: ['foregroundDeletion'] } } },
    })
    const labelled = await change((present) => ({ ...present, metadata: { ...present.metadata, labels: { a: 'b' } } }))
    expect(labelled).toMatchObject({ right: { metadata: { finalizers: ['foregroundDeletion'], labels: { a: 'b' } } } })
  })
})
