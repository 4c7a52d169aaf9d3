import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { beginning, type EventStore } from '../../src/application/ports/event-store.ts'
import type { EventObject } from '../../src/domain/kubernetes/event-object.ts'
import type { JobObject } from '../../src/domain/kubernetes/job-object.ts'
import type { PodObject } from '../../src/domain/kubernetes/pod-object.ts'
import { conformanceWorld } from '../conformance/world.ts'
import { right } from '../support/event-stores.ts'

type Spec = Readonly<Record<string, unknown>> & {
  /** Over the minimal Pod of one container that never restarts. */
  readonly pod?: Readonly<Record<string, unknown>>
  readonly labels?: Readonly<Record<string, string>>
}

/** How a container stands, for `report`. */
type Report = {
  readonly exitCode?: number
  readonly restarts?: number
  readonly ready?: boolean
  readonly conditions?: ReadonlyArray<object>
  /** When the containers ended; now, unless given. */
  readonly finishedAt?: number
}

/**
 * The whole product behind its API in this process, with a client that plays the user and the kubelet. Time passes only while `pass`
 * waits; `restarted` goes on with the same log in a new process that has nothing in memory.
 */
export const cluster = async (store: EventStore = inMemoryEventStore(), since?: number, life = 0) => {
  const world = await conformanceWorld(store, since === undefined ? {} : { epoch: since, uuidsFrom: life * 1_000_000 })
  const request = async (method: string, path: string, body?: unknown) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const init = {
      method,
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const answer = await world.fetch(`http://jobledger${path}`, init)
    return { code: answer.status, body: (await answer.json()) as unknown, warning: answer.headers.get('warning') }
  }
  const must = async <A>(method: string, path: string, body?: unknown): Promise<A> => {
    const answer = await request(method, path, body)
    if (answer.code >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body as A
  }
  const jobsPath = '/apis/batch/v1/namespaces/default/jobs'
  const podsPath = '/api/v1/namespaces/default/pods'
  const now = () => new Date(Math.floor(world.now() / 1000) * 1000).toISOString().replace('.000', '')
  /** In small steps, since one move leads to the next. */
  const pass = async (seconds: number) => {
    for (let left = Math.round(seconds * 4); left > 0; left -= 1) await world.sleep(0.25)
  }

  const pods = async (job?: string) =>
    (await must<{ readonly items: ReadonlyArray<PodObject> }>('GET', podsPath)).items
      .filter(({ metadata }) => job === undefined || metadata.ownerReferences?.[0]?.name === job)
      .toSorted((a, b) => seniority(a) - seniority(b) || (indexOf(a) ?? 0) - (indexOf(b) ?? 0))

  const report = (
    pod: PodObject,
    phase: string,
    { exitCode = 0, restarts = 0, ready, conditions, finishedAt }: Report,
  ) => {
    const over = phase === 'Succeeded' || phase === 'Failed'
    const end = finishedAt === undefined ? now() : new Date(finishedAt).toISOString().replace('.000', '')
    const state = over
      ? { terminated: { exitCode, startedAt: end, finishedAt: end } }
      : { running: { startedAt: now() } }
    const { name, image } = pod.spec.containers[0] ?? { name: 'main', image: 'busybox' }
    return must<PodObject>('PATCH', `${podsPath}/${pod.metadata.name}/status`, {
      status: {
        phase,
        conditions: [
          ...(over ? [] : [{ type: 'Ready', status: ready === false ? 'False' : 'True', lastTransitionTime: now() }]),
          ...(conditions ?? []),
        ],
        containerStatuses: [
          { name, image, imageID: '', ready: ready !== false && !over, restartCount: restarts, state },
        ],
      },
    })
  }
  const each = async (what: Picked, how: (pod: PodObject) => Promise<unknown>) => {
    for (const pod of await picked(what)) await how(pod)
    await pass(1.5)
  }
  const active = async (job?: string) => (await pods(job)).filter(isActive)
  const picked = async (what: Picked): Promise<ReadonlyArray<PodObject>> => {
    if (typeof what === 'object') return 'length' in what ? what : [what]
    const found = await active()
    if (found.length < what) throw new Error(`${found.length} Pods are active, not ${what}`)
    return found.slice(0, what)
  }

  const self = {
    store,
    life,
    request,
    must,
    pass,
    now: world.now,
    jobsPath,
    podsPath,
    createJob: async ({ pod, labels, ...spec }: Spec = {}, name = 'job', metadata: object = {}) => {
      const manifest = jobManifest(
        { ...spec, ...(pod === undefined ? {} : { pod }), ...(labels ? { labels } : {}) },
        name,
      )
      const job = await must<JobObject>('POST', jobsPath, { ...manifest, metadata: { name, ...metadata } })
      await pass(1)
      return job
    },
    job: (name = 'job') => must<JobObject>('GET', `${jobsPath}/${name}`),
    status: async (name = 'job') => (await self.job(name)).status,
    /** The conditions that are True, with their reasons, in order. */
    conditions: async (name = 'job') =>
      ((await self.status(name)).conditions ?? []).map(({ type, status, reason }) =>
        status === 'True' ? `${type}: ${reason}` : `not ${type}: ${reason}`,
      ),
    patch: async (patch: object, name = 'job') => {
      const job = await must<JobObject>('PATCH', `${jobsPath}/${name}`, patch)
      await pass(1.5)
      return job
    },
    deleteJob: (propagationPolicy: string, name = 'job') =>
      must('DELETE', `${jobsPath}/${name}`, { ...deleteOptions, propagationPolicy }),
    exists: async (name = 'job') => (await request('GET', `${jobsPath}/${name}`)).code !== 404,
    pods,
    active,
    /** Those of the active Pods, rising. */
    indexes: async () => (await active()).map((pod) => indexOf(pod) ?? -1).toSorted((a, b) => a - b),
    /** The active Pod of an index. */
    at: async (index: number) => {
      const pod = (await active()).find((one) => indexOf(one) === index)
      if (pod === undefined) throw new Error(`index ${index} has no active Pod`)
      return pod
    },
    patchPod: ({ metadata }: PodObject, patch: object) =>
      must<PodObject>('PATCH', `${podsPath}/${metadata.name}`, patch),
    deletePod: async ({ metadata }: PodObject, gracePeriodSeconds?: number) => {
      const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }
      await must('DELETE', `${podsPath}/${metadata.name}`, { ...deleteOptions, ...grace })
      await pass(1.5)
    },
    run: (what: Picked, how: Report = {}) => each(what, (pod) => report(pod, 'Running', how)),
    succeed: (what: Picked, how: Report = {}) => each(what, (pod) => report(pod, 'Succeeded', how)),
    fail: (what: Picked, how: Report = {}) => each(what, (pod) => report(pod, 'Failed', { exitCode: 1, ...how })),
    /** What a kubelet does once the containers of deleted Pods are gone. */
    confirmDeletions: async (phase = 'Failed') => {
      for (const pod of await pods()) {
        if (pod.metadata.deletionTimestamp === undefined) continue
        if (!isOver(pod)) await report(pod, phase, { exitCode: phase === 'Failed' ? 143 : 0 })
        await request('DELETE', `${podsPath}/${pod.metadata.name}`, { ...deleteOptions, gracePeriodSeconds: 0 })
      }
      await pass(1.5)
    },
    /** The Kubernetes Events, oldest first. */
    events: async () =>
      (
        await must<{ readonly items: ReadonlyArray<EventObject> }>('GET', '/api/v1/namespaces/default/events')
      ).items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    reasons: async () => (await self.events()).map(({ reason }) => reason),
  }
  return self
}

const deleteOptions = { kind: 'DeleteOptions', apiVersion: 'v1' }

/** The same log and the same time in a new process. */
export const restarted = async ({ store, now, life }: Cluster): Promise<Cluster> => {
  const next = await cluster(await copyOf(store), now(), life + 1)
  await next.pass(1)
  return next
}

export type Cluster = Awaited<ReturnType<typeof cluster>>

/** So many active Pods, the oldest first; or these. */
type Picked = number | PodObject | ReadonlyArray<PodObject>

export const jobManifest = ({ pod, labels, ...spec }: Spec = {}, name = 'job') => {
  const containers = [{ name: 'main', image: 'busybox', command: ['true'] }]
  const template = { metadata: { labels: labels ?? {} }, spec: { restartPolicy: 'Never', containers, ...pod } }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template, ...spec } }
}

/** A Pod that a node has: its deletion takes until the node says so. */
export const onNode = { nodeName: 'elsewhere' }

export const indexed = (completions: number, over: object = {}) => ({
  completionMode: 'Indexed',
  completions,
  parallelism: completions,
  ...over,
})

export const indexOf = ({ metadata }: PodObject): number | null => {
  const text = metadata.annotations?.['batch.kubernetes.io/job-completion-index']
  return text === undefined ? null : Number(text)
}

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const isTracked = ({ metadata }: PodObject): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false

const isOver = ({ status }: PodObject): boolean => status.phase === 'Succeeded' || status.phase === 'Failed'
const isActive = (pod: PodObject): boolean => pod.metadata.deletionTimestamp === undefined && !isOver(pod)
const seniority = ({ metadata }: PodObject): number => Date.parse(metadata.creationTimestamp ?? '')

/** The log as it is now, which nobody else writes to. */
const copyOf = async (store: EventStore): Promise<EventStore> => {
  const copy = inMemoryEventStore()
  const revisions = new Map<string, number>()
  for (const { stream, id, type, data, metadata } of await right(store.readAll(beginning, 100_000))) {
    const stored = await right(copy.append(stream, revisions.get(stream) ?? -1, [{ id, type, data, metadata }]))
    revisions.set(stream, stored.revision)
  }
  return copy
}
