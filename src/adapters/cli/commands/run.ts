import type { HolderSilence } from '../../../application/holder/holder-request.ts'
import { failureText } from '../../../application/failure-text.ts'
import { isFinished, type Job } from '../../../domain/job/job.ts'
import type { JobManifest } from '../../../domain/kubernetes/job-object.ts'
import { E } from '../../../prelude.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { jobEnd } from '../../../projections/job-object.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Holding, HoldOptions, Reading } from '../cli-ports.ts'
import { type HeldOrAnswered, holdOrAsk } from '../hold-or-ask.ts'
import { opened } from '../opened.ts'
import { podFailures } from '../pod-failures.ts'
import { podLogs } from '../pod-logs.ts'
import { sayOfManifest } from '../say-of-manifest.ts'
import { progressView } from '../progress-view.ts'

export type RunOptions = HoldOptions & {
  readonly file: string
  readonly dataDir: string
  /** Undefined: that of the manifest. */
  readonly namespace: string | undefined
  readonly replace: boolean
}

/**
 * `run -f FILE`: records the Job unless an unfinished one of its name is there, runs it to its end, and answers the exit code: 0
 * Complete, 1 Failed, 130 interrupted (its Pods are stopped first, and the same command goes on later). While another process holds
 * the folder, that one runs the Job and this one follows; should the holder end first, this process takes its place.
 */
export const run = async (ports: CliPorts, options: RunOptions): Promise<number> => {
  const manifest = await manifestOf(ports, options)
  const sayName = generatedNameSayer(ports, manifest)
  let uid: string | null = null
  for (;;) {
    const held: HeldOrAnswered<string> = await holdOrAsk(ports, options, () => askToRun(ports, manifest, uid, options))
    if (E.isLeft(held)) {
      uid ??= await uidOf(ports, held.left, manifest, options)
      sayName(held.left, uid)
      void held.left.controller.drive(uid)
      return hold(ports, held.left, uid, options)
    }
    uid = held.right
    const code = await followHolder(ports, uid, options, sayName)
    if (code !== 'holder gone') return code
    ports.err('the process that held the data folder has ended: going on here\n')
  }
}

const manifestOf = async (ports: CliPorts, { file, namespace }: RunOptions): Promise<JobManifest> => {
  const read = await ports.readJobManifest(file, namespace)
  if (E.isLeft(read)) throw new CliError([...read.left, ...(await hintFor(ports, file))].join('\n'))
  sayOfManifest(ports, file, read.right)
  return read.right.manifest
}

/** A CronJob has no end that it could be run to. Standard input cannot be read twice. */
const hintFor = async (ports: CliPorts, file: string): Promise<ReadonlyArray<string>> => {
  const other = file === '-' ? null : await ports.readManifest(file, undefined)
  return other !== null && E.isRight(other) && other.right.manifest.kind === 'CronJob'
    ? [`record a CronJob with: jobledger apply -f ${file}`]
    : []
}

/** Nobody knows a generated name until it is told, once. */
const generatedNameSayer = (ports: CliPorts, { metadata }: JobManifest) => {
  let isKnown = metadata.name !== ''
  return ({ ledger }: Pick<Reading, 'ledger'>, uid: string): void => {
    const state = ledger.getByUid(uid)?.state
    if (isKnown || state?._tag !== 'Job') return
    isKnown = true
    ports.err(`job/${state.name} created\n`)
  }
}

/**
 * The Job that the holder of the folder runs now: a new one, or the one of `asked` when it was asked for before. Left: the holder
 * does not answer.
 */
const askToRun = async (
  ports: CliPorts,
  manifest: JobManifest,
  asked: string | null,
  { dataDir, replace }: RunOptions,
): Promise<E.Either<HolderSilence, string>> => {
  const by = { user: ports.userName, agent: 'jobledger run' }
  const reading = opened(await ports.openReading(dataDir))
  const before = asked === null ? undefined : reading.ledger.getByUid(asked)?.state
  const { namespace, name } = before?._tag === 'Job' ? before : manifest.metadata
  const present = reading.ledger.find(namespace, name)?.state
  await reading.close()
  if (before?._tag === 'Job' && (isFinished(before) || before.deleted)) return E.right(before.uid)
  if (present?._tag === 'Job' && isFinished(present)) {
    if (!replace) throw alreadyFinished(present)
    const request = { type: 'delete' as const, namespace, name, propagation: 'Background' as const, ...by }
    const removed = await ports.askHolder(dataDir, request)
    if (E.isLeft(removed)) return removed
  }
  const named = { ...manifest, metadata: { ...manifest.metadata, name } }
  const answer = await ports.askHolder(dataDir, { type: 'run', manifest: named, ...by })
  if (E.isLeft(answer)) return answer
  if (answer.right.type === 'refused') throw new CliError(answer.right.reason)
  return E.right(answer.right.uid)
}

const alreadyFinished = ({ name, finished }: Job): CliError => {
  const end = finished?._tag === 'Success' ? 'Complete' : 'Failed'
  return new CliError(
    `jobs.batch "${name}" already exists and is ${end}; run it anew with --replace, or look at it: jobledger history job/${name}`,
  )
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
      throw alreadyFinished(present)
    }
    await service.remove(namespace, name, 'Background', actor)()
  }
  const created = await service.create(manifest, actor)()
  if (E.isRight(created)) return created.right.uid
  await close()
  throw new CliError(failureText(created.left, `jobs.batch "${name}"`))
}

/** Runs the Job here, and after its end the Jobs of other terminals. */
const hold = async (ports: CliPorts, holding: Holding, uid: string, options: RunOptions): Promise<number> => {
  let interrupts = 0
  const interrupted = new Promise<'interrupted'>((resolve) => {
    ports.onInterrupt(() => {
      interrupts += 1
      if (interrupts > 1) return resolve('interrupted')
      following.say('stopping the Pods; press Ctrl-C again to kill them\n')
      void holding.controller.withdraw().then(() => resolve('interrupted'))
    })
  })
  const following = follow(ports, holding, uid, options)
  const how = await Promise.race([following.finished, interrupted])
  const view = await following.close()
  const end = how === 'finished' ? await Promise.race([waitForOthers(ports, holding), interrupted]) : how
  await holding.close()
  return end === 'interrupted' ? 130 : endOf(ports, view)
}

/** The end of the Job may be the last thing that the holder wrote: time enough to read it. */
const lastNewsMs = 300

/** Follows a Job that the holder of the folder runs. */
const followHolder = async (
  ports: CliPorts,
  uid: string,
  options: RunOptions,
  sayName: (reading: Reading, uid: string) => void,
): Promise<number | 'holder gone'> => {
  const reading = opened(await ports.openReading(options.dataDir))
  sayName(reading, uid)
  const stops: Array<() => void> = []
  const interrupted = new Promise<'interrupted'>((resolve) => {
    stops.push(ports.onInterrupt(() => resolve('interrupted')))
  })
  const gone = new Promise<'holder gone'>((resolve) => {
    stops.push(ports.onHolderGone(options.dataDir, () => setTimeout(() => resolve('holder gone'), lastNewsMs)))
  })
  const following = follow(ports, reading, uid, options)
  reading.follow()
  const how = await Promise.race([following.finished, interrupted, gone])
  for (const stop of stops) stop()
  if (how === 'interrupted') following.say('the Job goes on in the process that holds the data folder\n')
  const view = await following.close()
  await reading.close()
  if (how === 'holder gone') return how
  return how === 'interrupted' ? 130 : endOf(ports, view)
}

/** Deleted, and its Pods with it. */
const isGone = ({ deleted, live }: Job): boolean => deleted && live === 0

/** Shows how the Job goes, until it has finished or is gone. */
const follow = (ports: CliPorts, { ledger }: Pick<Reading, 'ledger'>, uid: string, { dataDir }: RunOptions) => {
  const view = progressView(ports)
  const printLogs = podLogs(ports, dataDir, view.above)
  let stop = (): void => {}
  const finished = new Promise<'finished'>((resolve) => {
    const look = (latest: JobView | null): void => {
      if (latest?.state._tag !== 'Job') return
      view.show(latest)
      if (isFinished(latest.state) || isGone(latest.state)) resolve('finished')
    }
    const subscription = ledger.news$.subscribe((news) => {
      for (const one of news) {
        if (one.uid !== uid) continue
        for (const line of podFailures(one)) view.above(`${line}\n`)
        printLogs.note(one)
        look(one.view)
      }
    })
    stop = () => subscription.unsubscribe()
    look(ledger.getByUid(uid))
  })
  return {
    finished,
    say: (text: string): void => view.above(text),
    /** The Job as it is when all that was noted of it is printed. */
    close: async (): Promise<JobView | null> => {
      stop()
      await printLogs.finish()
      view.close()
      return ledger.getByUid(uid)
    },
  }
}

const waitForOthers = async (ports: CliPorts, { othersDone }: Holding): Promise<'finished'> => {
  const waiting = setTimeout(() => ports.err('waiting for the Jobs that other terminals started\n'), 500)
  await othersDone()
  clearTimeout(waiting)
  return 'finished'
}

/** The last word and the exit code. */
const endOf = (ports: CliPorts, view: JobView | null): number => {
  const end = view === null ? null : jobEnd(view)
  if (end === null || view?.state._tag !== 'Job') {
    ports.err('the Job was deleted\n')
    return 1
  }
  const { type, reason, message } = end
  ports.err(`job/${view.state.name} ${type === 'Complete' ? 'is Complete' : `has Failed: ${reason}`}: ${message}\n`)
  return type === 'Complete' ? 0 : 1
}
