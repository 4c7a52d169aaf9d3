import { foldCronJobView } from '../../projections/cron-job-view.ts'
import { cronJobObject } from '../../projections/cron-job-object.ts'
import { foldFreePodView, freePodObject } from '../../projections/free-pod-view.ts'
import { jobObject } from '../../projections/job-object.ts'
import { foldJobView, podPosition } from '../../projections/job-view.ts'
import { foldNamespaceView, type NamespaceView } from '../../projections/namespace-view.ts'
import { foldStoredObjectView } from '../../projections/stored-object-view.ts'
import { isStoredResource, type StoredResourceName } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import { podObject } from '../../projections/pod-object.ts'
import type { RecordedEvent } from '../../projections/recorded.ts'
import type { Step } from '../log/ledger.ts'
import type { ObjectShelf } from '../log/object-shelf.ts'
import type { StoredEvent } from '../ports/event-store.ts'
import type { News } from '../log/shelf.ts'
import { areOfOneAppend } from '../log/whole-appends.ts'
import { isOfLog, type ToldApiEvent } from './events.ts'
import { namespaceObject } from '../../projections/namespace-object.ts'
import type { ApiObject } from './resource.ts'

/**
 * One new version of an object: how it was shown until then and is shown from then on, null where it was or is not there. Both are made
 * when somebody first asks, and are the same objects for everybody who does.
 */
export type Change = {
  readonly resource: 'jobs' | 'pods' | 'cronjobs' | 'events' | 'namespaces' | StoredResourceName
  /** In the log: the version of what it leaves, also of an object that it removes. */
  readonly position: bigint
  readonly before: () => ApiObject | null
  readonly after: () => ApiObject | null
}

/**
 * What clients see of a piece of the log, in its order: events that were appended together make one version of an object, and no event
 * makes more than one.
 */
export const changesOf = (
  { isEnd, ...step }: SeenStep,
  told: ReadonlyArray<ToldApiEvent>,
  shown: ObjectShelf['shown'],
): ReadonlyArray<Change> =>
  [
    ...step.jobs.flatMap((news) => stagesOf(news, foldJobView, isEnd)).flatMap(jobChanges),
    ...step.freePods.flatMap((news) => stagesOf(news, foldFreePodView, isEnd)).map(freePodChange),
    ...step.cronJobs.flatMap((news) => stagesOf(news, foldCronJobView, isEnd)).flatMap(cronJobChanges),
    ...step.namespaces.flatMap((news) => stagesOf(news, foldNamespaceView, isEnd)).map(namespaceChange),
    ...step.objects
      .flatMap((news) => stagesOf(news, foldStoredObjectView, isEnd))
      .flatMap((stage) => objectChange(stage, shown)),
    ...told.map(({ object, isNew, position }) => {
      const after = once(object)
      return change('events', position, isNew ? () => null : after, after)
    }),
  ].sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0))

/** What has to be known of a piece of the log to tell its changes, without the texts of its events. */
export type SeenStep = Omit<Step, 'events'> & {
  /** Whether an append ends at this position: what follows is of another stream, or of another command. */
  readonly isEnd: (position: bigint) => boolean
}

export const seenStep = ({ events, ...step }: Step): SeenStep => ({ ...step, isEnd: endsOf(events) })

/** What one append did to one object. */
type Stage<View, Event> = Omit<News<View, Event>, 'uid'>

const change = (
  resource: Change['resource'],
  position: bigint,
  before: Change['before'],
  after: Change['after'],
): Change => ({ resource, position, before: once(before), after: once(after) })

const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const endsOf = (events: ReadonlyArray<StoredEvent>): ((position: bigint) => boolean) => {
  const inner = new Set<bigint>()
  for (const [place, event] of events.entries()) {
    const next = events[place + 1]
    if (next !== undefined && areOfOneAppend(event, next)) inner.add(event.position)
  }
  return (position) => !inner.has(position)
}

const stagesOf = <View, Event>(
  { before, view, recorded }: News<View, Event>,
  fold: (view: View, batch: ReadonlyArray<RecordedEvent<Event>>) => View,
  isEnd: (position: bigint) => boolean,
): ReadonlyArray<Stage<View, Event>> => {
  const last = recorded.length - 1
  const stages: Array<Stage<View, Event>> = []
  let from = 0
  let stood = before
  for (const [place, { position }] of recorded.entries()) {
    if (place !== last && !isEnd(position)) continue
    const batch = recorded.slice(from, place + 1)
    const stands = place === last ? view : fold(stood, batch)
    stages.push({ before: stood, view: stands, recorded: batch })
    stood = stands
    from = place + 1
  }
  return stages
}

const lastOf = (recorded: ReadonlyArray<{ readonly position: bigint }>): bigint => recorded.at(-1)?.position ?? 0n

const jobChanges = ({ before, view, recorded }: Stage<Step['jobs'][number]['view'], JobEvent>): Change[] => {
  const pods = new Set<number>()
  const adopted = new Set<number>()
  const released = new Set<number>()
  for (const { event } of recorded) {
    if (!('pod' in event) || event.type === 'PodReported') continue
    pods.add(event.pod)
    if (event.type === 'PodAdopted') adopted.add(event.pod)
    if (event.type === 'PodReleased') released.add(event.pod)
  }
  const ofJob =
    before.position === view.position
      ? []
      : [
          change(
            'jobs',
            view.position,
            () => jobObject(before),
            () => jobObject(view),
          ),
        ]
  /** A Pod that was taken over was there before, and one that was let go goes on in a stream of its own. */
  const ofPods = [...pods]
    .filter((pod) => !released.has(pod))
    .map((pod) => {
      const after = once(() => podObject(view, pod))
      return change('pods', podPosition(view, pod), adopted.has(pod) ? after : () => podObject(before, pod), after)
    })
  return [...ofJob, ...ofPods]
}

type JobEvent = Step['jobs'][number]['recorded'][number]['event']
type FreePodNews = Step['freePods'][number]
type CronJobNews = Step['cronJobs'][number]

const freePodChange = ({ before, view, recorded }: Omit<FreePodNews, 'uid'>): Change => {
  const after = once(() => freePodObject(view))
  const wasOfJob = recorded.some(({ event }) => event.type === 'FreePodReceived' && event.from !== null)
  return change('pods', lastOf(recorded), wasOfJob ? after : () => freePodObject(before), after)
}

/** Of what its stream tells, much is not seen: when it is looked at next, for instance. */
const cronJobChanges = ({ before, view, recorded }: Omit<CronJobNews, 'uid'>): Change[] => {
  const isGone = view.state._tag === 'CronJob' && view.state.deleted
  if (before.position === view.position && !isGone) return []
  return [
    change(
      'cronjobs',
      isGone ? lastOf(recorded) : view.position,
      () => cronJobObject(before),
      () => cronJobObject(view),
    ),
  ]
}

const namespaceChange = ({ before, view, recorded }: Omit<Step['namespaces'][number], 'uid'>): Change =>
  change(
    'namespaces',
    lastOf(recorded),
    () => shownNamespace(before),
    () => shownNamespace(view),
  )

const shownNamespace = ({ state, position }: NamespaceView): ApiObject | null =>
  state._tag === 'Namespace' ? namespaceObject(state, position) : null

const objectChange = (
  { before, view, recorded }: Omit<Step['objects'][number], 'uid'>,
  shown: ObjectShelf['shown'],
): Change[] => {
  const { state } = view
  if (state._tag === 'NoStoredObject' || !isStoredResource(state.resource)) return []
  const after = once(() => shown(view))
  /** An Event that the log has told was there before somebody wrote to it. */
  const wasTold = before.state._tag === 'NoStoredObject' && state.resource === 'events' && isOfLog(state.uid)
  return [change(state.resource, lastOf(recorded), wasTold ? after : () => shown(before), after)]
}
