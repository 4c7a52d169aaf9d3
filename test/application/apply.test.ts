import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { apply } from '../../src/application/apply.ts'
import { serveHolder } from '../../src/application/holder/serve-holder.ts'
import type { CronJobManifest } from '../../src/domain/kubernetes/cron-job-object.ts'
import { cronJobWithDefaults } from '../../src/domain/kubernetes/cron-job-with-defaults.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import type { Shape } from '../../src/domain/kubernetes/schema.ts'
import { withDefaults } from '../../src/domain/kubernetes/with-defaults.ts'
import { cronManifest as bareCronJob } from '../domain/cronjob/given-cron-job.ts'
import { manifest as bareJob } from '../support/manifests.ts'
import { scriptedRuntime } from '../support/scripted-runtime.ts'
import { virtualClock } from '../support/virtual-clock.ts'
import { user, world } from '../support/world.ts'

/** With the defaults that readers of manifests fill in. */
const manifest = (...over: Parameters<typeof bareJob>): JobManifest =>
  withDefaults(bareJob(...over) as Shape<'Job'>) as JobManifest
const cronManifest = (...over: Parameters<typeof bareCronJob>): CronJobManifest =>
  cronJobWithDefaults(bareCronJob(...over) as Shape<'CronJob'>) as CronJobManifest

const open = async () => {
  const it = await world({ store: inMemoryEventStore(), runtime: scriptedRuntime().runtime, clock: virtualClock() })
  const applied = async (object: Parameters<ReturnType<typeof apply>>[0]): Promise<string> => {
    const outcome = await apply(it)(object, user)()
    return outcome._tag === 'Right' ? outcome.right.did : outcome.left
  }
  return { ...it, applied, ...serveHolder(it) }
}

describe('apply', () => {
  test('creates a Job, changes what may change, and says when nothing has to', async () => {
    const it = await open()
    expect(await it.applied(manifest())).toBe('created')
    expect(await it.applied(manifest())).toBe('unchanged')
    expect(await it.applied(manifest({ suspend: true, parallelism: 3, activeDeadlineSeconds: 60 }))).toBe('configured')
    expect(it.ledger.find('default', 'pi')?.state).toMatchObject({
      terms: { suspend: true, parallelism: 3, activeDeadlineSeconds: 60 },
    })
    expect(await it.applied(manifest())).toBe('configured')
    expect(it.ledger.find('default', 'pi')?.state).toMatchObject({
      terms: { suspend: false, parallelism: 1, activeDeadlineSeconds: null },
    })
  })

  test('refuses what nobody may change, as Kubernetes does, and changes nothing then', async () => {
    const it = await open()
    await it.applied(manifest())
    expect(await it.applied(manifest({ suspend: true, completions: 2 }))).toBe(
      'jobs.batch "pi" is invalid: spec.completions: Invalid value: 2: field is immutable',
    )
    expect(it.ledger.find('default', 'pi')?.state).toMatchObject({ terms: { suspend: false } })
  })

  test('changes labels and annotations too; owners and finalizers stay', async () => {
    const it = await open()
    const { metadata, ...rest } = manifest()
    const owned = { finalizers: ['example.com/kept'] }
    await it.applied({ ...rest, metadata: { ...metadata, ...owned, annotations: { a: '1', b: '2' } } })
    const labelled = { ...rest, metadata: { ...metadata, labels: { team: 'a' }, annotations: { a: '3' } } }
    expect(await it.applied(labelled)).toBe('configured')
    expect(it.jobs.get('default', 'pi')?.metadata).toMatchObject({
      labels: { team: 'a' },
      annotations: { a: '3' },
      ...owned,
    })
    expect(await it.applied(labelled)).toBe('unchanged')
  })

  test('creates and changes a CronJob, and refuses an invalid change of it', async () => {
    const it = await open()
    expect(await it.applied(cronManifest())).toBe('created')
    expect(await it.applied(cronManifest())).toBe('unchanged')
    expect(await it.applied(cronManifest({ schedule: '0 * * * *' }))).toBe('configured')
    expect(it.ledger.cronJobs.find('default', 'hello')?.state).toMatchObject({
      generation: 2,
      manifest: { spec: { schedule: '0 * * * *' } },
    })
    expect(await it.applied(cronManifest({ schedule: 'TZ=UTC 0 * * * *' }))).toMatch(
      /^cronjobs\.batch "hello" is invalid: spec\.schedule: Invalid value: /,
    )
  })
})

describe('what other terminals ask of CronJobs', () => {
  const by = { user: 'bob', agent: 'another terminal' }
  const hello = { namespace: 'default', name: 'hello', ...by }

  test('a CronJob is applied, suspended and deleted, and each is refused when there is none', async () => {
    const it = await open()
    const suspend = { type: 'suspend-cron-job' as const, suspend: true, ...hello }
    const remove = { type: 'delete-cron-job' as const, propagation: 'Background' as const, ...hello }
    const none = { type: 'refused', reason: 'cronjobs.batch "hello" not found' }
    expect(await it.answer(suspend)).toStrictEqual(none)
    expect(await it.answer(remove)).toStrictEqual(none)
    const applied = await it.answer({ type: 'apply', manifest: cronManifest(), ...by })
    expect(applied).toMatchObject({ type: 'applied', did: 'created' })
    expect(await it.answer(suspend)).toMatchObject({ type: 'done', changed: true })
    expect(await it.answer(suspend)).toMatchObject({ type: 'done', changed: false })
    expect(await it.answer(remove)).toMatchObject({ type: 'done', changed: true })
    expect(it.ledger.cronJobs.list()).toStrictEqual([])
  })

  test('[11.6] a Job is made of its template, under a name that is free', async () => {
    const it = await open()
    const create = { type: 'create-job-from' as const, namespace: 'default', name: 'now', cronJob: 'hello', ...by }
    expect(await it.answer(create)).toStrictEqual({ type: 'refused', reason: 'cronjobs.batch "hello" not found' })
    await it.answer({ type: 'apply', manifest: cronManifest(), ...by })
    expect(await it.answer(create)).toMatchObject({ type: 'done' })
    expect(it.ledger.find('default', 'now')?.manifest?.metadata).toMatchObject({
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ kind: 'CronJob', name: 'hello', controller: true }],
    })
    expect(await it.answer(create)).toStrictEqual({
      type: 'refused',
      reason: 'failed to create job: jobs.batch "now" already exists',
    })
    expect(await it.answer({ ...create, name: 'Not A Name' })).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('failed to create job: Job.batch "Not A Name" is invalid: [metadata.name: '),
    })
  })
})
