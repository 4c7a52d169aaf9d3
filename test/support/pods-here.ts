import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { localNodeReports } from '../../src/adapters/runtimes/local-node-reports.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'
import { asking } from '../adapters/kube-api/checklist/asking.ts'
import { scriptedRuntime } from './scripted-runtime.ts'

export const jobsHere = '/apis/batch/v1/namespaces/ns/jobs'
export const podsHere = '/api/v1/namespaces/ns/pods'

const container = { name: 'main', image: 'x', command: ['true'] }

/** A server that runs Pods itself, by a runtime that does what the test says. */
export const servedHere = async (store: EventStore = inMemoryEventStore(), over: object = {}) => {
  const scripted = scriptedRuntime()
  const options = { runtime: () => scripted.runtime, localNodes: localNodeReports(1, 'v1', 0), ...over }
  const world = await asking(store, options)
  const aMoment = async () => {
    for (let passed = 0; passed < 3; passed += 1) await world.sleep(1)
  }
  const create = async (name: string, spec: object = {}, metadata: object = {}) => {
    const { body } = await world.ask('POST', podsHere, {
      metadata: { name, ...metadata },
      spec: { containers: [container], ...spec },
    })
    await aMoment()
    return body.metadata.uid as string
  }
  const createJob = async (
    name: string,
    spec: object = {},
    { labels = {}, restartPolicy = 'Never' }: { readonly labels?: object; readonly restartPolicy?: string } = {},
  ) => {
    const template = { metadata: { labels }, spec: { restartPolicy, containers: [container] } }
    const { body } = await world.ask('POST', jobsHere, { metadata: { name }, spec: { template, ...spec } })
    await aMoment()
    return body.metadata.uid as string
  }
  /** `place`: under which the Pod was started. */
  const seesAt = async (place: string, pod: number, ...observations: ReadonlyArray<PodObservation>) => {
    scripted.sees(place, pod, ...observations)
    await aMoment()
  }
  const sees = (place: string, ...observations: ReadonlyArray<PodObservation>) => seesAt(place, 0, ...observations)
  const begins = () => begun(world.now())
  const get = async (name: string) => (await world.ask('GET', `${podsHere}/${name}`)).body
  const job = async (name: string) => (await world.ask('GET', `${jobsHere}/${name}`)).body
  const pods = async () => (await world.ask('GET', podsHere)).body.items
  return { ...world, ...scripted, aMoment, create, createJob, sees, seesAt, begins, get, job, pods }
}

/** A time later than those of the world at its start. */
export const later = Date.UTC(2026, 0, 1, 0, 1)

const process = { type: 'ProcessStarted', container: 0, restart: 0, bootId: 'b', pid: 7, startTicks: 1 } as const

const begun = (at: number): ReadonlyArray<PodObservation> => [
  { ...process, at },
  { type: 'PodStarted', ready: true, at },
]

/** The container has failed, waits, and is started again. */
export const restarted = (at: number, restart: number): ReadonlyArray<PodObservation> => [
  { ...exit, exitCode: 1, reason: 'Error', restart: restart - 1, startedAt: at, at },
  { type: 'PodReadinessChanged', ready: false, at },
  {
    type: 'ContainerWaiting',
    container: 0,
    restart,
    reason: 'CrashLoopBackOff',
    until: at + 10_000,
    backoffMs: 10_000,
    at,
  },
  { ...process, restart, at },
  { type: 'PodReadinessChanged', ready: true, at },
]

const exit = { type: 'ContainerExited', container: 0, restart: 0, signal: 0, logBytes: 0, logSha256: '' } as const

/** The container has ended, and the Pod with it. */
export const ended = (at: number, exitCode = 0): ReadonlyArray<PodObservation> => [
  { ...exit, exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: at, at },
  exitCode === 0 ? { type: 'PodSucceeded', at } : { type: 'PodFailed', reason: null, exitCode, at },
]
