import {
  backoffAfter,
  backoffEnd,
  completedIndexes,
  completedSoon,
  countsOf,
  endCountsAs,
  hasKnownEnd,
  holdsIndex,
  indexBackoffEnd,
  isActive,
  isDeleting,
  isEligible,
  isIndexed,
  isLastOfIndex,
  isOutOfRange,
  isOver,
  isPerIndex,
  isUnwanted,
  wanted,
} from '../observed/counted.ts'
import type { Backoff, ObservedJob } from '../observed/observed-job.ts'
import type { ObservedPod } from '../observed/observed-pod.ts'
import { type Complaint, differs, eventsOf, type Named, type SyncInvariant, type SyncSeen } from './invariant.ts'

/** Pods whose end is known and was not accounted for before the sync. */
export const newEnds = (job: ObservedJob): ReadonlyArray<ObservedPod> =>
  job.pods.filter((pod) => pod.hasFinalizer && !pod.isGone && hasKnownEnd(job, pod))

/** [5.4] The indexes that fail with the ends that are known. */
export const failingIndexes = (job: ObservedJob): ReadonlySet<number> =>
  new Set(
    newEnds(job)
      .filter(
        (pod) => pod.phase !== 'Succeeded' && !isOutOfRange(job, pod) && isPerIndex(job) && isLastOfIndex(job, pod),
      )
      .flatMap(({ index }) => index ?? [])
      .filter((index) => !job.failedIndexes.has(index) && !completedSoon(job).has(index)),
  )

/** [B-2] What the back-off remembers after the sync. */
const backoffOf = ({ before }: SyncSeen): Backoff =>
  backoffAfter(
    before.backoff,
    newEnds(before).filter((pod) => endCountsAs(before, pod) !== 'uncounted'),
  )

/** [5.6] The memory of its index until this sync, which created the next Pod: the sync that follows at once counts it. */
const wasReplaced = (before: ObservedJob, after: ObservedJob, { index }: ObservedPod): boolean =>
  after.pods.slice(before.pods.length).some((created) => created.index === index)

/** What must hold of how a sync counts. */
export const invariantsOfCounting: Named<SyncInvariant> = {
  'finished, deleted and foreign Jobs are left alone': ({ before }) => {
    if (before.finished !== null) return 'the Job was finished'
    if (before.deletion !== null) return 'the Job was being deleted'
    return before.spec.managedBy === undefined ? null : 'another controller manages the Job'
  },

  'the end of each Pod counts as the policies say': ({ before, after, events }) => {
    const deleted = new Set(eventsOf(events, 'PodDeletionRequested').map(({ pod }) => pod))
    for (const { pod: ordinal, as } of eventsOf(events, 'PodAccounted')) {
      const pod = before.pods[ordinal]
      if (pod === undefined) return `Pod ${ordinal} is not known`
      const running = after.interim?.type === 'failure' && !isOutOfRange(before, pod) ? 'failed' : 'uncounted'
      const complaint = differs(
        `Pod ${ordinal} counts`,
        hasKnownEnd(before, pod) ? endCountsAs(before, pod) : running,
        as,
      )
      if (complaint !== null) return complaint
      if (!hasKnownEnd(before, pod) && !isDeleting(pod) && !deleted.has(ordinal))
        return `Pod ${ordinal} runs on, released`
    }
    return null
  },

  'no end is forgotten': ({ before, after }) => {
    const forgotten = newEnds(after).find(
      (pod) => after.interim !== null || (!pod.isHeldBack && !wasReplaced(before, after, pod)),
    )
    return forgotten === undefined ? null : `Pod ${forgotten.ordinal} (${forgotten.phase}) is not accounted for`
  },

  'a decided Job lets every Pod go': ({ after }) => {
    if (after.interim === null) return null
    const kept = after.pods.find((pod) => pod.hasFinalizer && !pod.isGone)
    return kept === undefined ? null : `Pod ${kept.ordinal} (${kept.phase}) has its finalizer still`
  },

  'what is held back is the memory of an index that goes on': ({ before, after }) => {
    for (const pod of after.pods.filter(({ isHeldBack }) => isHeldBack)) {
      const { index, ordinal } = pod
      if (!isPerIndex(after) || index === null) return `Pod ${ordinal} is held back for nothing`
      if (after.failedIndexes.has(index) || completedIndexes(after).has(index)) return `index ${index} is decided`
      if (after.pods.some((other) => other !== pod && other.index === index && holdsIndex(after, other)))
        return `index ${index} has a Pod, and Pod ${ordinal} is held back`
      const failuresOf = ({ indexFailures }: ObservedPod): number =>
        (indexFailures?.counted ?? 0) + (indexFailures?.ignored ?? 0)
      const others = newEnds(before).filter((other) => other.index === index && other.phase !== 'Succeeded')
      if (others.some((other) => failuresOf(other) > failuresOf(pod)))
        return `Pod ${ordinal} is not the one of index ${index} with the most failures`
    }
    return null
  },

  'an index fails when its failures are used up, and only then': ({ before, events }) =>
    differs(
      'failing indexes',
      [...failingIndexes(before)].toSorted((a, b) => a - b),
      eventsOf(events, 'IndexFailed')
        .map(({ index }) => index)
        .toSorted((a, b) => a - b),
    ),

  'the back-off remembers the failures since the last success': (seen) => {
    if (isPerIndex(seen.before)) return null
    const { podFailures: failures, lastPodFailureAt: lastAt } = seen.end
    return differs('back-off', backoffOf(seen), { failures, lastAt })
  },

  'counts never fall, but for indexes that an elastic Job has given up': ({ before, after, end }) => {
    const [was, is] = [countsOf(before), countsOf(after)]
    if (is.succeeded < was.succeeded) return `succeeded falls from ${was.succeeded} to ${is.succeeded}`
    const published = before.published?.failed ?? 0
    return end.counts.failed < published ? `failed falls from ${published} to ${end.counts.failed}` : null
  },
}

/** What must hold of the number of Pods after a sync. */
export const invariantsOfNumber: Named<SyncInvariant> = {
  'surplus Pods are deleted, the least advanced first': (seen) => {
    const deleted = eventsOf(seen.events, 'PodDeletionRequested').map(({ pod }) => pod)
    return differs(
      'deleted Pods',
      surplus(seen)
        .map(({ ordinal }) => ordinal)
        .toSorted((a, b) => a - b),
      deleted.toSorted((a, b) => a - b),
    )
  },

  'a sync that deletes Pods creates none': ({ events }) =>
    eventsOf(events, 'PodDeletionRequested').length > 0 && eventsOf(events, 'PodCreated').length > 0
      ? 'it deletes and creates'
      : null,

  'no Pod starts before the back-off of the Job ends': (seen) => {
    const [first] = eventsOf(seen.events, 'PodCreated')
    if (first === undefined || isPerIndex(seen.before)) return null
    const end = backoffEnd(seen.before, backoffOf(seen))
    return end === null || first.at >= end ? null : `the back-off lasts until ${end}, it is ${first.at}`
  },

  'missing Pods are created, as many and for the indexes that the rules say': (seen) => {
    const created = eventsOf(seen.events, 'PodCreated').map(({ index }) => index)
    const { slots, retryAt } = missing(seen)
    return differs('created and retried at', [slots, retryAt], [created, seen.end.retryAt])
  },

  'a decided Job has no active Pod': ({ after }) =>
    after.interim === null ? null : differs('active', 0, countsOf(after).active),
}

/** [P-1, P-3, 2.7, 3.2] */
const surplus = ({ before, planned, after }: SyncSeen): ReadonlyArray<ObservedPod> => {
  const active = before.pods.filter(isActive)
  const isDecided = after.interim !== null && (before.interim !== null || after.interim.reason !== 'CompletionsReached')
  if (isDecided || before.spec.suspend) return active
  const { completions } = before.spec
  const { succeeded } = countsOf(planned)
  if (completions === undefined && succeeded > 0) return []
  const keep = Math.max(0, Math.min(before.spec.parallelism, (completions ?? Number.POSITIVE_INFINITY) - succeeded))
  const outOfRange = active.filter((pod) => isUnwanted(before, pod)).length
  return active.toSorted(firstToGo(before)).slice(0, Math.max(0, active.length - keep, outOfRange))
}

const firstToGo =
  (job: ObservedJob) =>
  (a: ObservedPod, b: ObservedPod): number => {
    const first = (which: (pod: ObservedPod) => boolean): number => Number(which(b)) - Number(which(a))
    return (
      first((pod) => isUnwanted(job, pod)) ||
      first(({ isBound }) => !isBound) ||
      first(({ phase }) => phase === 'Pending') ||
      first(({ ready }) => !ready) ||
      (a.ready && b.ready ? (b.readySince ?? 0) - (a.readySince ?? 0) : 0) ||
      b.restarts - a.restarts ||
      b.createdAt - a.createdAt ||
      b.ordinal - a.ordinal
    )
  }

/** [P-4 to P-6, 4.3, 5.5] */
const missing = (seen: SyncSeen): { readonly slots: ReadonlyArray<number | null>; readonly retryAt: number | null } => {
  const { before, planned: job, after, events, at } = seen
  const none = { slots: [], retryAt: null }
  const isDecided = after.interim !== null && (before.interim !== null || after.interim.reason !== 'CompletionsReached')
  if (isDecided || eventsOf(events, 'PodDeletionRequested').length > 0) return none
  const { active, terminating } = countsOf(job)
  const count = wanted(job) - active - (job.spec.podReplacementPolicy === 'Failed' ? terminating : 0)
  if (count <= 0) return none
  const all = Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index)
  const indexes = isIndexed(job) ? all.filter((index) => isEligible(job, index)).slice(0, count) : null
  if (isPerIndex(job)) {
    const ends = (indexes ?? []).map((index) => ({ index, end: indexBackoffEnd(job, index) ?? at }))
    const later = ends.filter(({ end }) => end > at).map(({ end }) => end)
    return {
      slots: ends.filter(({ end }) => end <= at).map(({ index }) => index),
      retryAt: later.length === 0 ? null : Math.min(...later),
    }
  }
  const end = backoffEnd(job, backoffOf(seen))
  if (end !== null && end > at) return { slots: [], retryAt: end }
  return { slots: indexes ?? Array.from({ length: count }, () => null), retryAt: null }
}

/** What must hold of what a sync publishes. */
export const invariantsOfPublication: Named<SyncInvariant> = {
  'the published counts are those of the Pods': ({ before, after, events }) => {
    const counts = countsOf(after)
    const vanished = eventsOf(events, 'PodRemoved').filter(({ pod }) => {
      const was = before.pods[pod]
      return was !== undefined && !isOver(was)
    }).length
    const expected = { ...counts, terminating: counts.terminating + vanished }
    for (const event of events) {
      const complaint = 'counts' in event ? differs(event.type, expected, event.counts) : null
      if (complaint !== null) return complaint
    }
    return null
  },

  'a Job starts with its first sync, and anew when it is resumed': ({ before, after, end, at }): Complaint => {
    const { suspend } = before.spec
    const started = before.startTime ?? (suspend ? null : at)
    const turn = after.interim !== null || suspend === (before.isSuspended ?? false) ? null : suspend
    const startTime = turn === null ? started : turn ? null : at
    return differs('condition Suspended and start', [turn, startTime], [end.suspended, end.startTime])
  },

  'a decided Job finishes when nothing terminates any more, and not before': ({ after, end, events }) => {
    if (after.interim === null) return null
    const mayFinish = end.startTime !== null || (after.spec.suspend && after.spec.completions === 0)
    return differs(
      'finished',
      mayFinish && end.counts.terminating === 0,
      events.some(({ type }) => type === 'JobCompleted' || type === 'JobFailed'),
    )
  },

  'a sync has something to say': ({ before, events, end }) =>
    before.news === 0 &&
    events.length === 1 &&
    JSON.stringify([before.published, before.startTime]) === JSON.stringify([end.counts, end.startTime])
      ? 'nothing had happened and nothing has changed'
      : null,

  'a small sync is complete, unless it let the memory of an index go': ({ after, end }) =>
    differs('complete', !newEnds(after).some(({ isHeldBack }) => !isHeldBack), end.complete),
}
