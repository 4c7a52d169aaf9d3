import { hasIndex } from '../../domain/job/index-set.ts'
import { isIndexed } from '../../domain/job/job.ts'
import { jobEnd } from '../../projections/job-object.ts'
import type { JobView } from '../../projections/job-view.ts'
import type { CliPorts } from './cli-ports.ts'
import { plainProgressLine, progressLines, type ProgressSnapshot } from './print/progress.ts'

/**
 * Progress on standard error: redrawn in place on a terminal, a line for each news elsewhere. It shows the status as clients see
 * it, which moves with the syncs of the Job, so never the moment between the end of a Pod and its counting.
 */
export const progressView = (ports: CliPorts): ProgressView =>
  ports.terminal === null ? writtenView(ports) : drawnView(ports, ports.terminal)

export type ProgressView = {
  readonly show: (view: JobView) => void
  /** Writes something that stays, above the view. */
  readonly above: (text: string, write?: (text: string) => void) => void
  readonly close: () => void
}

const isWorthShowing = ({ state }: JobView): boolean =>
  state._tag === 'Job' && (state.published.synced || state.finished !== null)

const writtenView = (ports: CliPorts): ProgressView => {
  let last: ProgressSnapshot | null = null
  return {
    show: (view) => {
      if (!isWorthShowing(view)) return
      const snapshot = snapshotOf(view, ports.now())
      const line = plainProgressLine(last, snapshot)
      if (line !== null) ports.err(`${line}\n`)
      last = snapshot
    },
    above: (text, write = ports.err) => write(text),
    close: () => {},
  }
}

const drawnView = (ports: CliPorts, terminal: NonNullable<CliPorts['terminal']>): ProgressView => {
  let latest: JobView | null = null
  let drawn: ReadonlyArray<string> = []

  const erase = (): void => {
    if (drawn.length > 0) ports.err(`\u001b[${drawn.length}A\u001b[J`)
    drawn = []
  }
  const linesOf = (view: JobView): ReadonlyArray<string> =>
    progressLines({
      ...snapshotOf(view, ports.now()),
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
    show: (view) => {
      if (!isWorthShowing(view)) return
      latest = view
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

const snapshotOf = (view: JobView, now: number): ProgressSnapshot => {
  const { state: job } = view
  if (job._tag === 'NoJob') throw new Error('invariant broken: what is shown exists')
  const { terms } = job
  const finished = jobEnd(view)
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
    ...(finished === null ? {} : { finished }),
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
