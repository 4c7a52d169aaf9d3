import type { JobEvent, JobEventOf } from '../../src/domain/job/events.ts'
import type { JobCounts, JobTerms } from '../../src/domain/job/job-facts.ts'

type NaivePod = {
  readonly pod: number
  readonly index: number | null
  readonly attempt: number
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  isReady: boolean
  isDeleting: boolean
  isTracked: boolean
  isRemoved: boolean
  holdsIndex: boolean
  isHeldBack: boolean
  isAdopted: boolean
  accountedAs: string | null
  restarts: number
}

/** A Job told the slow way: every Pod an object, and every counter counted anew over all Pods. */
export const naiveJob = () => {
  const pods = new Map<number, NaivePod>()
  let terms: JobTerms | null = null
  let failedIndexes: ReadonlyArray<number> = []
  /** What the latest status says: completed by which Pods, and failed. An index that comes back in time is what it was. */
  let publishedPods: ReadonlySet<number> = new Set()
  let publishedFailures: ReadonlyArray<number> = []
  /** Pods that have gone, unended, with the present command. */
  let vanished = 0

  const isEnded = ({ phase }: NaivePod): boolean => phase === 'Succeeded' || phase === 'Failed'
  const isActive = (pod: NaivePod): boolean => !isEnded(pod) && !pod.isDeleting && !pod.isRemoved
  const frees = (): boolean => terms?.podReplacementPolicy === 'TerminatingOrFailed'

  const letGo = (index: number | null): void => {
    for (const pod of pods.values()) if (pod.index === index) pod.isHeldBack = false
  }
  const forgetFrom = (completions: number): void => {
    if (terms !== null) terms = { ...terms, completions }
    failedIndexes = [...failedIndexes, ...publishedFailures].filter((index) => index < completions)
    for (const pod of pods.values()) {
      if (pod.accountedAs === 'forgotten' && publishedPods.has(pod.pod)) pod.accountedAs = 'succeeded'
      if ((pod.index ?? -1) < completions) continue
      pod.isHeldBack = false
      if (pod.accountedAs === 'succeeded') pod.accountedAs = 'forgotten'
    }
  }
  const changePolicy = (podReplacementPolicy: JobTerms['podReplacementPolicy']): void => {
    if (terms !== null) terms = { ...terms, podReplacementPolicy }
    for (const pod of pods.values()) {
      if (isEnded(pod) || pod.isRemoved || !pod.isDeleting || pod.index === null) continue
      const isHeld = [...pods.values()].some((other) => other.holdsIndex && other.index === pod.index)
      pod.holdsIndex = podReplacementPolicy === 'Failed' && (pod.holdsIndex || !isHeld)
    }
  }

  const adopt = ({ pod, index }: JobEventOf<'PodAdopted'>): void => {
    const isIndexed = terms?.completionMode === 'Indexed'
    const isFree = ![...pods.values()].some((other) => other.holdsIndex && other.index === index)
    const holdsIndex = isIndexed && index !== null && index < (terms?.completions ?? 0) && isFree
    if (holdsIndex) letGo(index)
    pods.set(pod, {
      pod,
      index: isIndexed ? index : null,
      attempt: 0,
      phase: 'Pending',
      isReady: false,
      isDeleting: false,
      isTracked: true,
      isRemoved: false,
      holdsIndex,
      isHeldBack: false,
      isAdopted: true,
      accountedAs: null,
      restarts: 0,
    })
  }

  const tell = (event: JobEvent): void => {
    if (event.type === 'JobCreated') terms = event.terms
    if (event.type === 'IndexFailed') failedIndexes = [...failedIndexes, event.index]
    if (event.type === 'CompletionsChanged') forgetFrom(event.completions)
    if (event.type === 'PodReplacementPolicyChanged') changePolicy(event.podReplacementPolicy)
    if (event.type === 'PodCreated' && event.indexFailures !== null) letGo(event.index)
    if (event.type === 'PodCreated' && !pods.has(event.pod))
      pods.set(event.pod, {
        pod: event.pod,
        index: event.index,
        attempt: event.attempt,
        phase: 'Pending',
        isReady: false,
        isDeleting: false,
        isTracked: true,
        isRemoved: false,
        holdsIndex: event.index !== null,
        isHeldBack: false,
        isAdopted: false,
        accountedAs: null,
        restarts: 0,
      })
    if (event.type === 'PodAdopted' && !pods.has(event.pod)) adopt(event)
    if ('counts' in event) {
      publishedPods = new Set([...pods.values()].filter((pod) => pod.accountedAs === 'succeeded').map(({ pod }) => pod))
      publishedFailures = failedIndexes
    }
    const pod = 'pod' in event ? pods.get(event.pod) : undefined
    if (pod === undefined) return
    switch (event.type) {
      case 'ProcessStarted':
        if (event.restart > 0 && !isEnded(pod)) pod.restarts += 1
        return
      case 'PodStarted':
        if (pod.phase !== 'Pending') return
        pod.phase = 'Running'
        pod.isReady = event.ready
        return
      case 'PodReadinessChanged':
        if (!isEnded(pod)) pod.isReady = event.ready
        return
      case 'PodSucceeded':
      case 'PodFailed':
        if (isEnded(pod)) return
        pod.phase = event.type === 'PodSucceeded' ? 'Succeeded' : 'Failed'
        pod.isReady = false
        pod.holdsIndex &&= pod.phase === 'Succeeded' && pod.isTracked
        if (pod.phase === 'Succeeded') pod.isHeldBack = false
        return
      case 'PodHeldBack':
        letGo(pod.index)
        pod.isHeldBack = true
        return
      case 'PodAccounted':
        if (!pod.isTracked) return
        pod.isTracked = false
        pod.isHeldBack = false
        pod.accountedAs = event.as
        if (event.as === 'succeeded' || isEnded(pod)) pod.holdsIndex = false
        return
      case 'PodDeletionRequested':
        if (isActive(pod) && frees()) pod.holdsIndex = false
        pod.isDeleting = true
        return
      case 'PodReported':
        if (isEnded(pod)) return
        pod.restarts = event.restarts
        pod.phase = event.phase
        pod.isReady = event.ready && !isEnded(pod)
        if (!isEnded(pod)) return
        pod.holdsIndex &&= pod.phase === 'Succeeded' && pod.isTracked
        if (pod.phase === 'Succeeded') pod.isHeldBack = false
        return
      case 'PodRunTakenOver':
        pod.restarts = event.restartsBefore
        return
      case 'PodReleased':
        if (!pod.isRemoved) {
          pod.isHeldBack = false
          pod.isTracked = false
        }
        pod.isRemoved = true
        pod.holdsIndex &&= isEnded(pod)
        return
      case 'PodRemoved':
        pod.isRemoved = true
        if (isEnded(pod)) return
        pod.holdsIndex = false
        vanished += 1
        return
      default:
    }
  }

  const look = () => {
    const all = [...pods.values()]
    const ordinals = (which: (pod: NaivePod) => boolean): ReadonlyArray<number> =>
      all.filter(which).map(({ pod }) => pod)
    const indexes = (which: (pod: NaivePod) => boolean): ReadonlyArray<number> =>
      [...new Set(all.filter(which).flatMap(({ index }) => index ?? []))].sort((a, b) => a - b)
    const completed = indexes(({ accountedAs }) => accountedAs === 'succeeded')
    const counts: JobCounts = {
      active: ordinals(isActive).length,
      ready: ordinals((pod) => isActive(pod) && pod.isReady).length,
      terminating: ordinals((pod) => pod.isDeleting && !isEnded(pod) && !pod.isRemoved).length,
      succeeded:
        terms?.completionMode === 'Indexed'
          ? completed.length
          : ordinals(({ accountedAs }) => accountedAs === 'succeeded').length,
      failed: ordinals(({ accountedAs }) => accountedAs === 'failed').length,
    }
    return {
      counts,
      /** [P-11] As a sync publishes them. */
      published: { ...counts, terminating: counts.terminating + vanished },
      size: all.length,
      live: ordinals(({ isRemoved }) => !isRemoved),
      active: ordinals((pod) => isActive(pod) && !pod.isRemoved),
      uncounted: ordinals((pod) => pod.isTracked && !pod.isHeldBack && (isEnded(pod) || (pod.isDeleting && frees()))),
      heldBack: all
        .filter(({ isHeldBack }) => isHeldBack)
        .map(({ index, pod }) => [index, pod + 1])
        .sort(([a], [b]) => (a ?? 0) - (b ?? 0)),
      failedIndexes: [...new Set(failedIndexes)].sort((a, b) => a - b),
      restarts: all.filter((pod) => !isEnded(pod) && !pod.isRemoved).reduce((sum, pod) => sum + pod.restarts, 0),
      completed,
      held: indexes(({ holdsIndex }) => holdsIndex),
      podsPerIndex: Array.from({ length: Math.max(0, ...all.map(({ index }) => (index ?? -1) + 1)) }, (_, index) =>
        Math.max(0, ...all.filter((pod) => pod.index === index && !pod.isAdopted).map(({ attempt }) => attempt + 1)),
      ),
    }
  }

  const beginCommand = (): void => {
    vanished = 0
  }

  return { beginCommand, tell, look }
}
