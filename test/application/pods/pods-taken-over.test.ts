import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { ended, jobsHere, later, podsHere, restarted, servedHere } from '../../support/pods-here.ts'

type World = Awaited<ReturnType<typeof servedHere>>
type Shown = Listed & {
  readonly status: {
    readonly containerStatuses: ReadonlyArray<{ readonly containerID: string; readonly restartCount: number }>
  }
}
type Listed = { readonly metadata: { readonly name: string; readonly uid: string } }

const labels = { app: 'calc' }
const byLabel = { manualSelector: true, selector: { matchLabels: labels } }
const begunWith = (told: ReadonlyArray<string>, word: string) => told.filter((one) => one.startsWith(word))
/** The Pod that was started under this number: lists are in the order of names. */
const startedAs = (pods: ReadonlyArray<Shown>, number: number) =>
  pods.find(({ status }) => status.containerStatuses[0]?.containerID.startsWith(`jobledger://${number}-`))
const namesOf = (pods: ReadonlyArray<Listed>) => pods.map(({ metadata }) => metadata.name)

/** Two Pods that run, and that the Job `old` has left behind. */
const leftBehind = async (world: World, restartPolicy = 'Never') => {
  const old = await world.createJob('old', { parallelism: 2, completions: 2 }, { labels, restartPolicy })
  for (const pod of [0, 1]) await world.seesAt(old, pod, ...world.begins())
  const before = await world.pods()
  await world.ask('DELETE', `${jobsHere}/old`, { propagationPolicy: 'Orphan' })
  await world.aMoment()
  return { old, before }
}

/** The Job `new`, which finds them. */
const takingOver = (world: World, spec: object = {}, restartPolicy = 'Never') =>
  world.createJob('new', { parallelism: 2, completions: 2, ...byLabel, ...spec }, { labels, restartPolicy })

describe('Pods that run here and that a Job has left behind', () => {
  test('are taken over by a Job whose selector finds them before it creates any, and run on untouched', async () => {
    const world = await servedHere()
    const { before } = await leftBehind(world)
    const uid = await takingOver(world)
    const after = await world.pods()
    expect(namesOf(after)).toStrictEqual(namesOf(before))
    for (const [place, { metadata, spec, status }] of after.entries()) {
      expect(metadata.uid).toBe(before[place].metadata.uid)
      expect(metadata.ownerReferences).toMatchObject([{ name: 'new', uid, controller: true }])
      expect(metadata.finalizers).toStrictEqual(['batch.kubernetes.io/job-tracking'])
      expect(spec).toStrictEqual(before[place].spec)
      expect(status).toStrictEqual(before[place].status)
    }
    expect((await world.job('new')).status).toMatchObject({ active: 2, ready: 2 })
    expect(begunWith(world.told, 'start')).toHaveLength(2)
    expect(begunWith(world.told, 'stop')).toStrictEqual([])
  })

  test('are counted by the Job that has them when they end', async () => {
    const world = await servedHere()
    const { old } = await leftBehind(world)
    await takingOver(world)
    await world.seesAt(old, 0, { type: 'PodReadinessChanged', ready: false, at: later })
    expect((await world.job('new')).status).toMatchObject({ active: 2, ready: 1 })
    await world.seesAt(old, 0, ...ended(later))
    expect((await world.job('new')).status).toMatchObject({ active: 1, succeeded: 1 })
    await world.seesAt(old, 1, ...ended(later))
    expect((await world.job('new')).status).toMatchObject({ succeeded: 2, completionTime: expect.any(String) })
    expect(begunWith(world.told, 'start')).toHaveLength(2)
  })

  test('are replaced by the Job that has them when they fail', async () => {
    const world = await servedHere()
    const { old } = await leftBehind(world)
    const uid = await takingOver(world)
    await world.seesAt(old, 1, ...ended(world.now(), 3))
    expect((await world.job('new')).status).toMatchObject({ active: 1, failed: 1 })
    await world.sleep(15)
    expect(world.started.at(-1)).toMatchObject({ job: uid, pod: 2 })
  })

  test('are killed at the deadline of the Job that has them', async () => {
    const world = await servedHere()
    const { old } = await leftBehind(world)
    await takingOver(world, { activeDeadlineSeconds: 60 })
    await world.sleep(61)
    expect(begunWith(world.told, 'stop')).toStrictEqual(['stop 0 in 30s', 'stop 1 in 30s'])
    for (const pod of [0, 1]) await world.seesAt(old, pod, ...ended(world.now(), 143))
    const { conditions, failed } = (await world.job('new')).status
    expect(conditions.at(-1)).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' })
    expect(failed).toBe(2)
  })

  test('bring along how often their containers were restarted, and the limit of the new Job counts on from there', async () => {
    const world = await servedHere()
    const { old } = await leftBehind(world, 'OnFailure')
    await world.seesAt(old, 0, ...restarted(later, 1), ...restarted(later, 2))
    const status = startedAs(await world.pods(), 0)?.status
    await takingOver(world, { backoffLimit: 3 }, 'OnFailure')
    expect(startedAs(await world.pods(), 0)?.status).toStrictEqual(status)
    expect(status?.containerStatuses[0]).toMatchObject({ restartCount: 2, lastState: { terminated: { exitCode: 1 } } })
    expect((await world.job('new')).status.conditions).toBeUndefined()
    await world.seesAt(old, 1, ...restarted(later, 1))
    expect((await world.job('new')).status.conditions).toMatchObject([{ reason: 'BackoffLimitExceeded' }])
  })

  test('end when somebody deletes them, and the Job makes others', async () => {
    const world = await servedHere()
    const { old, before } = await leftBehind(world)
    await takingOver(world)
    const name = startedAs(before, 0)?.metadata.name
    await world.ask('DELETE', `${podsHere}/${name}`, { gracePeriodSeconds: 5 })
    expect(begunWith(world.told, 'stop')).toStrictEqual(['stop 0 in 5s'])
    await world.sleep(15)
    expect(world.told.at(-1)).toBe('start 2')
    await world.seesAt(old, 0, ...ended(later, 143))
    expect((await world.ask('GET', `${podsHere}/${name}`)).code).toBe(404)
  })

  test('are lost with their node, for the Job that has them', async () => {
    const world = await servedHere()
    await leftBehind(world)
    await takingOver(world)
    await world.ask('DELETE', '/api/v1/nodes/local')
    await world.aMoment()
    expect(begunWith(world.told, 'stop')).toStrictEqual(['stop 0 in 0s', 'stop 1 in 0s'])
    expect((await world.job('new')).status).toMatchObject({ failed: 2 })
  })

  test('may go from hand to hand, and what is seen of them finds whoever has them', async () => {
    const world = await servedHere()
    const { old, before } = await leftBehind(world)
    await takingOver(world)
    await world.ask('DELETE', `${jobsHere}/new`, { propagationPolicy: 'Orphan' })
    await world.aMoment()
    expect((await world.pods()).map(({ status }: { status: unknown }) => status)).toStrictEqual(
      before.map(({ status }: { status: unknown }) => status),
    )
    await world.createJob('third', { parallelism: 2, completions: 2, ...byLabel }, { labels })
    for (const pod of [0, 1]) await world.seesAt(old, pod, ...ended(later))
    expect((await world.job('third')).status).toMatchObject({ succeeded: 2 })
    expect(begunWith(world.told, 'start')).toHaveLength(2)
  })

  test('may end at the very moment, and are counted once', async () => {
    const world = await servedHere()
    const { old } = await leftBehind(world)
    const made = takingOver(world)
    await world.seesAt(old, 0, ...ended(later))
    await world.seesAt(old, 1, ...ended(later))
    await made
    await world.aMoment()
    expect((await world.job('new')).status).toMatchObject({ succeeded: 2 })
    expect(begunWith(world.told, 'start')).toHaveLength(2)
  })
})

describe('a running Pod of a Job whose labels are changed', () => {
  const relabelled = async (world: World) => {
    const uid = await world.createJob('job')
    await world.sees(uid, ...world.begins())
    const [{ metadata }] = await world.pods()
    const change = (found: string) =>
      world.ask('PATCH', `${podsHere}/${metadata.name}`, {
        metadata: { labels: { 'batch.kubernetes.io/controller-uid': found, 'controller-uid': found } },
      })
    await change('lost')
    await world.aMoment()
    return { uid, name: metadata.name as string, change }
  }

  test('is let go and runs on alone, while another one takes its place', async () => {
    const world = await servedHere()
    const { uid, name } = await relabelled(world)
    expect((await world.get(name)).metadata.ownerReferences).toBeUndefined()
    expect((await world.get(name)).status.phase).toBe('Running')
    expect(begunWith(world.told, 'start')).toStrictEqual(['start 0', 'start 1'])
    expect(begunWith(world.told, 'stop')).toStrictEqual([])
    await world.sees(uid, ...ended(later, 4))
    expect((await world.get(name)).status.phase).toBe('Failed')
    expect((await world.job('job')).status.failed).toBeUndefined()
  })

  test('is taken over again once they fit, and its end is counted once', async () => {
    const world = await servedHere()
    const { uid, name, change } = await relabelled(world)
    await change(uid)
    await world.aMoment()
    expect((await world.get(name)).metadata.ownerReferences).toMatchObject([{ name: 'job', uid }])
    await world.sees(uid, ...ended(later))
    expect((await world.job('job')).status).toMatchObject({ succeeded: 1 })
    expect(begunWith(world.told, 'start')).toHaveLength(2)
  })
})

test('a running Pod that a user made is taken over by the Job whose uid it bears, which then needs none of its own', async () => {
  const world = await servedHere()
  const job = await world.createJob('job', { suspend: true })
  const pod = await world.create('mine', {}, { labels: { 'batch.kubernetes.io/controller-uid': job } })
  await world.sees(pod, ...world.begins())
  await world.aMoment()
  expect((await world.get('mine')).metadata.ownerReferences).toMatchObject([{ name: 'job', uid: job }])
})

describe('a server that crashes', () => {
  /** Another server on the same log. */
  const next = async (store: EventStore, world: World) => {
    const another = await servedHere(store, { epoch: world.now(), uuidsFrom: 1000 })
    await another.aMoment()
    return another
  }
  /** Never answers to appends of this type, as if it ended with the first one. */
  const endsBefore = (store: EventStore, type: string): EventStore => ({
    ...store,
    append: (stream, revision, events) =>
      events.some((event) => event.type === type)
        ? () => new Promise(() => {})
        : store.append(stream, revision, events),
  })
  const lost = { phase: 'Failed', reason: 'NodeLost' }

  test('has lost the Pods that a Job had taken over, for that Job; what never ran is run now, once', async () => {
    const store = inMemoryEventStore()
    const first = await servedHere(store)
    const old = await first.createJob('old', { parallelism: 2, completions: 2 }, { labels })
    await first.seesAt(old, 0, ...first.begins())
    const before: ReadonlyArray<Listed> = await first.pods()
    await first.ask('DELETE', `${jobsHere}/old`, { propagationPolicy: 'Orphan' })
    await first.aMoment()
    await takingOver(first)
    const second = await next(store, first)
    const ran = first.started[0]?.uid
    expect(second.fenced).toStrictEqual([{ podUid: ran, bootId: 'b', pid: 7, startTicks: 1 }])
    const gone = before.find(({ metadata }) => metadata.uid === ran)?.metadata.name ?? ''
    expect((await second.get(gone)).status).toMatchObject(lost)
    expect((await second.job('new')).status).toMatchObject({ failed: 1 })
    const [again] = second.started
    expect(again).toMatchObject({ ...first.started[1], node: 'local' })
    await second.seesAt(again?.job ?? '', again?.pod ?? 0, ...second.begins(), ...ended(later))
    expect((await second.job('new')).status).toMatchObject({ succeeded: 1 })
  })

  test.each(['PodAdopted', 'FreePodGivenAway', 'FreePodReceived'])(
    'before %s is stored leaves no Pod behind that nobody runs, and none that is counted twice',
    async (type) => {
      const store = inMemoryEventStore()
      const first = await servedHere(endsBefore(store, type))
      await leftBehind(first)
      await takingOver(first)
      const second = await next(store, first)
      const { metadata } = await second.job('new')
      const status = (await second.job('new')).status
      const pods = (await second.pods()).filter(
        ({ status: { phase } }: { status: { phase: string } }) => phase === 'Failed',
      )
      expect(pods).toHaveLength(2)
      for (const pod of pods) {
        expect(pod.status).toMatchObject(lost)
        expect(pod.metadata.ownerReferences).toMatchObject([{ uid: metadata.uid }])
      }
      expect(status).toMatchObject({ failed: 2 })
    },
  )
})
