import { hasIndex } from '../../domain/job/index-set.ts'
import { isIndexed, type Job } from '../../domain/job/job.ts'
import { outcomeMessages } from '../../projections/job-object.ts'
import type { CliPorts } from './cli-ports.ts'
import { plainProgressLine, progressLines, type ProgressSnapshot } from './print/progress.ts'

/**
 * Progress on standard error: redrawn in place on a terminal, a line for each news elsewhere. It shows the status as clients see
 * it, which moves with the syncs of the Job, so never the moment between the end of a Pod and its counting.
 */
export const progressView = (ports: CliPorts) => {
  let last: ProgressSnapshot | null = null
  let lines = 0
  const erase = () => {
    if (lines > 0) ports.err(`\u001b[${lines}A\u001b[J`)
    lines = 0
  }
  const draw = (snapshot: ProgressSnapshot) => {
    const { terminal } = ports
    if (terminal === null) return
    const drawn = progressLines({
      ...snapshot,
      width: terminal.columns(),
      colour: terminal.colour,
      unicode: terminal.unicode,
    })
    ports.err(drawn.map((line) => `${line}\n`).join(''))
    lines = drawn.length
  }
  return {
    show: (job: Job): void => {
      if (!job.published.synced && job.finished === null) return
      const snapshot = snapshotOf(job, ports.now())
      if (ports.terminal === null) {
        const line = plainProgressLine(last, snapshot)
        if (line !== null) ports.err(`${line}\n`)
      } else {
        erase()
        draw(snapshot)
      }
      last = snapshot
    },
    /** Writes something that stays, above the view. */
    above: (text: string, write: (text: string) => void = ports.err): void => {
      erase()
      write(text)
      if (last !== null) draw(last)
    },
    close: (): void => {
      lines = 0
    },
  }
}

const stripMax = 200

const snapshotOf = (job: Job, now: number): ProgressSnapshot => {
  const { terms, finished } = job
  const { counts, startTime } = job.published
  return {
    name: job.name,
    completions: terms.completions,
    succeeded: counts.succeeded,
    failed: counts.failed,
    active: counts.active,
    ready: counts.ready,
    elapsedMs: startTime === null ? 0 : now - startTime,
    phaseCounts: {
      Pending: counts.active - counts.ready,
      Running: counts.ready,
      Terminating: counts.terminating,
    },
    suspended: terms.suspend,
    ...(finished === null
      ? {}
      : {
          finished: {
            type: finished._tag === 'Success' ? ('Complete' as const) : ('Failed' as const),
            reason: finished.reason,
            message: outcomeMessages[finished.reason],
          },
        }),
    ...(isIndexed(job) && (terms.completions ?? 0) <= stripMax
      ? {
          indexes: Array.from({ length: terms.completions ?? 0 }, (_, index) =>
            hasIndex(job.completed, index)
              ? ('succeeded' as const)
              : hasIndex(job.held, index)
                ? ('active' as const)
                : ('waiting' as const),
          ),
        }
      : {}),
  }
}
