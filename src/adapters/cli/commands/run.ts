import { failureText } from '../../../application/failure-text.ts'
import { type Job, isFinished, isIndexed } from '../../../domain/job/job.ts'
import { hasIndex } from '../../../domain/job/index-set.ts'
import { E } from '../../../prelude.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { outcomeMessages } from '../../../projections/job-object.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Holding, HoldOptions, Reading } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { plainProgressLine, progressLines, type ProgressSnapshot } from '../print/progress.ts'
import { podLogs } from '../pod-logs.ts'

export type RunOptions = HoldOptions & {
  readonly file: string
  readonly dataDir: string
  readonly namespace: string
  readonly replace: boolean
}

/**
 * `run -f FILE`: records the Job unless an unfinished one of its name is there, runs it to its end, and answers the exit code: 0
 * Complete, 1 Failed, 130 interrupted (its Pods are stopped first, and the same command goes on later).
 */
export const run = async (ports: CliPorts, options: RunOptions): Promise<number> => {
  const manifest = await ports.readManifest(options.file, options.namespace)
  if (E.isLeft(manifest)) throw new CliError(manifest.left.join('\n'))
  const attempt = await ports.openHolding(options.dataDir, options)
  if (E.isLeft(attempt) && attempt.left._tag === 'Held') {
    const request = { type: 'run' as const, manifest: manifest.right, user: ports.userName, agent: 'jobledger run' }
    const answer = await ports.askHolder(options.dataDir, request)
    if (E.isLeft(answer)) throw new CliError(`${attempt.left.reason} (${answer.left})`)
    if (answer.right.type === 'refused') throw new CliError(answer.right.reason)
    const reading = opened(await ports.openReading(options.dataDir))
    reading.follow()
    return followJob(ports, reading, answer.right.uid, options, null)
  }
  const holding = opened(attempt)
  const uid = await uidOf(ports, holding, manifest.right, options)
  void holding.controller.drive(uid)
  return followJob(ports, holding, uid, options, holding)
}

/** The Job to follow: a new one, or the unfinished one that has the name. */
const uidOf = async (
  ports: CliPorts,
  { ledger, service, close }: Holding,
  manifest: Parameters<Holding['service']['create']>[0],
  { replace }: RunOptions,
): Promise<string> => {
  const { namespace, name } = manifest.metadata
  const actor = { kind: 'user' as const, name: ports.userName, agent: 'jobledger run' }
  const present = ledger.find(namespace, name)?.state
  if (present?._tag === 'Job' && !isFinished(present)) {
    ports.err(`job/${name} exists and is not finished: going on with it\n`)
    return present.uid
  }
  if (present?._tag === 'Job') {
    if (!replace) {
      await close()
      const end = present.finished?._tag === 'Success' ? 'Complete' : 'Failed'
      throw new CliError(
        `jobs.batch "${name}" already exists and is ${end}; run it anew with --replace, or look at it: jobledger history job/${name}`,
      )
    }
    await service.remove(namespace, name, 'Background', actor)()
  }
  const created = await service.create(manifest, actor)()
  if (E.isRight(created)) return created.right.uid
  await close()
  throw new CliError(failureText(created.left, `jobs.batch "${name}"`))
}

type Followed = Pick<Reading, 'ledger' | 'close'>

const followJob = async (
  ports: CliPorts,
  followed: Followed,
  uid: string,
  options: RunOptions,
  holding: Holding | null,
): Promise<number> => {
  const { ledger } = followed
  const view = progressView(ports)
  const printLogs = podLogs(ports, options.dataDir, view.above)
  let interrupts = 0
  const interrupted = new Promise<'interrupted'>((resolve) => {
    ports.onInterrupt(() => {
      interrupts += 1
      if (interrupts > 1) resolve('interrupted')
      if (interrupts > 1) return
      if (holding === null) {
        view.above('the Job goes on in the process that holds the data folder\n')
        return resolve('interrupted')
      }
      view.above('stopping the Pods; press Ctrl-C again to kill them\n')
      void holding.controller.withdraw(uid).then(() => resolve('interrupted'))
    })
  })
  const finished = new Promise<'finished'>((resolve) => {
    const look = (latest: JobView | null): void => {
      if (latest?.state._tag !== 'Job') return
      view.show(latest.state)
      if (isFinished(latest.state) || latest.state.deleted) resolve('finished')
    }
    ledger.news$.subscribe((news) => {
      for (const one of news) {
        if (one.uid !== uid) continue
        printLogs.note(one)
        look(one.view)
      }
    })
    look(ledger.getByUid(uid))
  })
  const how = await Promise.race([finished, interrupted])
  await printLogs.finish()
  view.close()
  const state = ledger.getByUid(uid)?.state
  if (how === 'finished' && holding !== null) await waitForOthers(ports, holding)
  await followed.close()
  return how === 'interrupted' ? 130 : endOf(ports, state?._tag === 'Job' ? state : null)
}

const waitForOthers = async (ports: CliPorts, { othersDone }: Holding): Promise<void> => {
  const waiting = setTimeout(() => ports.err('waiting for the Jobs that other terminals started\n'), 500)
  await othersDone()
  clearTimeout(waiting)
}

/** The last word and the exit code. */
const endOf = (ports: CliPorts, job: Job | null): number => {
  if (job?.finished === null || job === null) {
    ports.err('the Job was deleted\n')
    return 1
  }
  const { _tag, reason } = job.finished
  ports.err(
    `job/${job.name} ${_tag === 'Success' ? 'is Complete' : `has Failed: ${reason}`}: ${outcomeMessages[reason]}\n`,
  )
  return _tag === 'Success' ? 0 : 1
}

/** Progress on standard error: redrawn in place on a terminal, a line for each news elsewhere. */
const progressView = (ports: CliPorts) => {
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
  const { counts, terms, finished, startTime } = job
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
