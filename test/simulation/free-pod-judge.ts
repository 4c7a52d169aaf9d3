import type { FreePodEvent } from '../../src/domain/free-pod/events.ts'
import type { FreePodReached } from './coverage/of-free-pods.ts'
import { isFree, newFreePod, type ObservedFreePod, observeFreePod } from './observed/observed-free-pod.ts'
import type { ObservedJob } from './observed/observed-job.ts'

export const freePodInvariantNames = [
  'a Pod goes to a Job that finds it, and to one at a time',
  'an open Job takes over what was given to it, once',
  'a Pod that a Job lets go comes into its own stream once',
  'every Pod that was let go is kept',
  'a Pod that was given away has arrived, or is free again',
  'no Job is without a Pod that it finds',
  'a Pod of nobody has no tracking finalizer',
  'a Pod of nobody that runs here comes to its end',
  'what happens to a Pod that was given away is told in the stream of its Job',
] as const

const happenings: ReadonlySet<FreePodEvent['type']> = new Set([
  'FreePodChanged',
  'FreePodStatusRecorded',
  'FreePodPlaced',
  'FreePodObserved',
  'FreePodDeletionRequested',
  'FreePodRemoved',
])

const tracking = 'batch.kubernetes.io/job-tracking'

/** Reads the streams of Pods that no Job controls, and what Jobs have to do with them. */
export const freePodJudge = (parts: {
  readonly jobs: ReadonlyMap<string, ObservedJob>
  readonly complain: (invariant: string, sentence: string) => void
  readonly reached: (type: FreePodEvent['type'], state: FreePodReached) => void
}) => {
  const { jobs, complain, reached } = parts
  const pods = new Map<string, ObservedFreePod>()
  const received = new Set<string>()

  const isOpen = ({ deletion, finished, spec }: ObservedJob): boolean =>
    deletion === null && finished === null && spec.managedBy === undefined
  const finds = (job: ObservedJob | undefined, { form }: ObservedFreePod): boolean =>
    job !== undefined && Object.entries(job.selector).every(([label, value]) => form.metadata.labels?.[label] === value)

  const see = (uid: string, event: FreePodEvent): void => {
    const pod = pods.get(uid) ?? newFreePod(uid)
    pods.set(uid, pod)
    reached(event.type, pod.isBorn ? stateOf(pod) : 'unborn')
    if (pod.givenTo !== null && happenings.has(event.type))
      complain(freePodInvariantNames[7], `${event.type} of ${uid}`)
    if (event.type === 'FreePodGivenAway') {
      const job = jobs.get(event.to)
      if (!isFree(pod) || pod.isDeleting || !finds(job, pod))
        complain(freePodInvariantNames[0], `${uid} to ${job?.name}`)
    }
    if (event.type === 'FreePodReceived' && event.from !== null) {
      const key = `${event.from.job}/${event.from.pod}`
      const there = jobs.get(event.from.job)?.pods[event.from.pod]
      if (received.has(key) || there?.isReleased !== true) complain(freePodInvariantNames[2], key)
      received.add(key)
    }
    observeFreePod(pod, event)
  }

  return {
    pods,
    see,
    adopted: (job: ObservedJob, uid: string): void => {
      const others = [...jobs.values()].filter((one) => one.pods.some((pod) => pod.uid === uid && !pod.isGone))
      if (!isOpen(job) || pods.get(uid)?.givenTo !== job.uid || others.length > 0)
        complain(freePodInvariantNames[1], `${uid} by ${job.name}`)
    },
    seeRest: (): void => {
      for (const job of jobs.values())
        for (const pod of job.pods)
          if (pod.isReleased && !received.has(`${job.uid}/${pod.ordinal}`))
            complain(freePodInvariantNames[3], `Pod ${pod.ordinal} of ${job.name}`)
      for (const pod of pods.values()) {
        const { uid, givenTo, form } = pod
        const holder = givenTo === null ? undefined : jobs.get(givenTo)
        if (givenTo !== null && holder?.pods.some((one) => one.uid === uid) !== true)
          complain(freePodInvariantNames[4], uid)
        if (!isFree(pod)) continue
        if (pod.isPlaced && !pod.hasEnded) complain(freePodInvariantNames[7], uid)
        const finder = [...jobs.values()].find((job) => isOpen(job) && finds(job, pod))
        if (finder !== undefined && !pod.isDeleting) complain(freePodInvariantNames[5], `${finder.name} finds ${uid}`)
        if (form.metadata.finalizers?.includes(tracking) === true) complain(freePodInvariantNames[6], uid)
      }
    },
  }
}

const stateOf = ({ isGone, givenTo, isDeleting }: ObservedFreePod): FreePodReached =>
  isGone ? 'gone' : givenTo !== null ? 'given' : isDeleting ? 'leaving' : 'free'
