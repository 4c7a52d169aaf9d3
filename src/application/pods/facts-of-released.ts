import type { RecordPodFacts } from '../../domain/job/commands.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import { hasIndex } from '../../domain/job/index-set.ts'
import type { Job } from '../../domain/job/job.ts'

type Fact = RecordPodFacts['facts'][number]

/** Facts about Pods that the Job has let go, but for those that it took just before, as these events. */
export const factsOfReleased = (
  job: Job,
  facts: ReadonlyArray<Fact>,
  events: ReadonlyArray<JobEvent>,
): ReadonlyArray<Fact> =>
  facts.filter(
    ({ pod, observation }) =>
      hasIndex(job.released, pod) &&
      !events.some((event) => event.type === observation.type && event.pod === pod && event.at === observation.at),
  )
