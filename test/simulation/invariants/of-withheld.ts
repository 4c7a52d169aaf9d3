import { completedSoon, countsOf, hasKnownEnd, isActive, isIndexed, isOutOfRange } from '../observed/counted.ts'
import { isOneOf, verdicts } from '../observed/kinds-of-events.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { type CommandInvariant, eventsOf, type Named } from './invariant.ts'
import { verdictOn } from './of-verdicts.ts'

/** [V-27] Whether Kubernetes would refuse what a sync has to say now: succeeded falls while parallelism and completions differ. */
export const isRefused = (job: ObservedJob): boolean =>
  isIndexed(job) &&
  job.spec.parallelism !== job.spec.completions &&
  completedSoon(job).size < (job.published?.succeeded ?? 0)

const isOfTheStatus = isOneOf([...verdicts, 'IndexFailed'])

/** What must hold of a sync that leaves the status as it was. */
export const invariantsOfWithheld: Named<CommandInvariant> = {
  'a withheld sync tells nothing': ({ events }) => {
    const told = events.find(isOfTheStatus)
    return told === undefined ? null : `${told.type} without a status`
  },

  'a withheld sync counts no end': ({ before, events }) => {
    const counted = eventsOf(events, 'PodAccounted').find(({ pod, as }) => {
      const was = before.pods[pod]
      return as !== 'uncounted' || was === undefined || hasKnownEnd(before, was)
    })
    return counted === undefined ? null : `Pod ${counted.pod} is accounted for as ${counted.as}`
  },

  'a withheld sync stops the Pods of a Job that is decided': ({ before, after, events }) => {
    const at = events.at(-1)?.at ?? 0
    if (before.interim === null && verdictOn(before, at) === null) return null
    const { active } = countsOf(after)
    return active === 0 ? null : `${active} are active`
  },

  'a withheld sync has something to say': ({ before, events }) =>
    before.news === 0 && events.length === 1 ? 'nothing had happened' : null,

  'a withheld sync leaves as many Pods as are wanted, and none of indexes that are gone': ({ before, after }) => {
    const { active } = countsOf(after)
    const { completions = 0, parallelism, suspend } = before.spec
    const most = suspend ? 0 : Math.min(parallelism, Math.max(0, completions - completedSoon(before).size))
    if (active > most) return `${active} are active, ${most} are wanted`
    const strange = after.pods.find((pod) => isActive(pod) && isOutOfRange(after, pod))
    return strange === undefined ? null : `Pod ${strange.ordinal} of index ${strange.index} is active`
  },
}
