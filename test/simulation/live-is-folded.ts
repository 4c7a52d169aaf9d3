import type { StoredEvent } from '../../src/application/ports/event-store.ts'
import type { Ledger } from '../../src/application/log/ledger.ts'
import { readEvent } from '../../src/application/log/read-event.ts'
import { evolve } from '../../src/domain/job/evolve.ts'
import { type JobState, noJob } from '../../src/domain/job/job.ts'
import { jobObject } from '../../src/projections/job-object.ts'
import { plainJob } from '../support/plain-job.ts'
import type { Judge } from './judge.ts'
import { completedIndexes, countsOf } from './observed/counted.ts'

/** [S4] What the process holds of each Job is the fold of its stream, one event at a time; and the status of the Job tells of its Pods. */
export const liveIsFolded = (log: ReadonlyArray<StoredEvent>, ledger: Ledger, judge: Judge): string | null => {
  const states = new Map<string, JobState>()
  for (const stored of log.filter(({ stream }) => stream.startsWith('job-')))
    states.set(stored.stream, evolve(states.get(stored.stream) ?? noJob, readEvent(stored).event))
  for (const [stream, state] of states) {
    const view = ledger.getByUid(stream.slice('job-'.length))
    if (view === null) return `${stream} is not held`
    if (JSON.stringify(plainJob(view.state)) !== JSON.stringify(plainJob(state)))
      return `${stream} is held as it is not`
    const job = judge.jobs.get(stream.slice('job-'.length))
    const object = jobObject(view)
    if (job === undefined || object === null || job.deletion !== null || job.spec.managedBy !== undefined) continue
    // What a client wrote stays until a sync writes the status anew: of a finished Job none does.
    if (view.reportedStatus !== null && (job.finished !== null || job.isWithheld)) continue
    const { succeeded = 0, failed = 0, active = 0, completedIndexes: text } = object.status
    const counts = job.finished === null && !job.isWithheld ? countsOf(job) : (job.published ?? countsOf(job))
    if (succeeded !== counts.succeeded || failed !== counts.failed || active !== counts.active)
      return `the status of ${job.name} says ${succeeded} succeeded, ${failed} failed, ${active} active`
    if (
      job.finished === null &&
      !job.isWithheld &&
      job.spec.completionMode === 'Indexed' &&
      (text ?? '') !== listOf(completedIndexes(job))
    )
      return `the status of ${job.name} says that ${text} are completed`
  }
  return null
}

/** [4.4] */
const listOf = (indexes: ReadonlySet<number>): string => {
  const runs: number[][] = []
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && run.at(-1) === index - 1) run.push(index)
    else runs.push([index])
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',')
}
