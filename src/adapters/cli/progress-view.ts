import { hasIndex } from '../../domain/job/index-set.ts'
import { isIndexed, type Job } from '../../domain/job/job.ts'
import { outcomeMessages } from '../../projections/job-object.ts'
import type { CliPorts } from './cli-ports.ts'
import { plainProgressLine, progressLines, type ProgressSnapshot } from './print/progress.ts'

/**
 * Progress on standard error: redrawn in place on a terminal, a line for each news elsewhere. It shows the status as clients see
 * it, which moves with the syncs of the Job, so never the moment between the end of a Pod and its counting.
 */
export const progressView = (ports: CliPorts): ProgressView =>
  ports.terminal === null ? writtenView(ports) : drawnView(ports, ports.terminal)

export type ProgressView = {
  readonly show: (job: Job) => void
  /** Writes something that stays, above the view. */
  readonly above: (text: string, write?: (text: string) => void) => void
  readonly close: () => void
}

const isWorthShowing = ({ published, finished }: Job): boolean => published.synced || finished !== null

const writtenView = (ports: CliPorts): ProgressView => {
  let last: ProgressSnapshot | null = null
  return {
    show: (job) => {
      if (!isWorthShowing(job)) return
      const snapshot = snapshotOf(job, ports.now())
      const line = plainProgressLine(last, snapshot)
      if (line !== null) ports.err(`${line}\n`)
      last = snapshot
    },
    above: (text, write = ports.err) => write(text),
    close: () => {},
  }
}

const drawnView = (ports: CliPorts, terminal: NonNullable<CliPorts['terminal']>): ProgressView => {
  let latest: Job | null = null
  let drawn: ReadonlyArray<string> = []

  const erase = (): void => {
    if (drawn.length > 0) ports.err(`\u001b[${drawn.length}A\u001b[J`)
    drawn = []
  }
  const linesOf = (job: Job): ReadonlyArray<string> =>
    progressLines({
      ...snapshotOf(job, ports.now()),
      width: terminal.columns(),
      colour: terminal.colour,
      unicode: terminal.unicode,
    })
  const draw = (): void => {
    const lines = latest === null ? [] : linesOf(latest)
    if (lines.join('\n') === drawn.join('\n')) return
    erase()
    ports.err(lines.map((line) => `${line}\n`).join(''))
    drawn = lines
  }
  const clock = setInterval(draw, tickMs)

  return {
    show: (job) => {
      if (!isWorthShowing(job)) return
      latest = job
      draw()
    },
    above: (text, write = ports.err) => {
      erase()
      write(text)
      draw()
    },
    close: () => clearInterval(clock),
  }
}

/** Often enough that no second is left out; what looks the same is not drawn again. */
const tickMs = 250

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
    elapsedMs: startTime === null ? 0 : (finished?.at ?? now) - startTime,
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
