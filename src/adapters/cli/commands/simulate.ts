import type { Simulation } from '../../../application/simulation.ts'
import { timeZone } from '../../../domain/cronjob/schedule/time-zone.ts'
import { isFinished } from '../../../domain/job/job.ts'
import { containerNames } from '../../../domain/job/job-terms.ts'
import type { CronJobManifest } from '../../../domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../../domain/kubernetes/job-object.ts'
import { E } from '../../../prelude.ts'
import { cronJobObject } from '../../../projections/cron-job-object.ts'
import { jobObject } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { exactTime } from '../../../projections/time.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { valueOutput } from '../print/object-output.ts'
import { cronJobEnding, type HowEnded, jobEnding } from '../simulation/ending.ts'
import { type Scene, storyTeller } from '../simulation/story.ts'
import { sceneText, storyText } from '../simulation/story-text.ts'

export type SimulateOptions = {
  readonly file: string
  /** What Pods do; undefined: each succeeds at once. */
  readonly outcomes: string | undefined
  /** Undefined: that of the outcomes, else 1. */
  readonly seed: number | undefined
  readonly untilMs: number
  readonly output: 'text' | 'json'
  /** Undefined: that of the manifest. */
  readonly namespace: string | undefined
}

type Manifest = JobManifest | CronJobManifest

/**
 * `simulate -f FILE --outcomes FILE`: tries a Job or CronJob with pretended Pods, by a clock that takes no time, and prints what would
 * happen. Nothing is recorded. Exit code 0: the Job is Complete (of a CronJob: no Job failed); 1: it has Failed, or is not finished.
 */
export const simulate = async (ports: CliPorts, options: SimulateOptions): Promise<number> => {
  const read = await ports.readManifest(options.file, options.namespace)
  if (E.isLeft(read)) throw new CliError(read.left.join('\n'))
  const { manifest } = read.right
  const { outcomes, seed } = options
  const opened = await ports.openSimulation({ outcomes, seed, containers: containersOf(manifest) })
  if (E.isLeft(opened)) throw new CliError(opened.left.join('\n'))
  const played = await play(opened.right.simulation, manifest, options)
  const { failed, how, scenes, start } = played
  const text = manifest.kind === 'Job' ? jobText : cronJobText
  ports.out(
    options.output === 'json'
      ? valueOutput('json', jsonOf(played, opened.right.seed))
      : text(played, manifest, ports.timeZone),
  )
  if (scenes.length === 0) throw new CliError(`nothing happened from ${exactTime(start)} on`)
  return failed || (manifest.kind === 'Job' && how !== 'over') ? 1 : 0
}

const containersOf = (manifest: Manifest): ReadonlyArray<string> =>
  containerNames(manifest.kind === 'Job' ? manifest.spec : manifest.spec.jobTemplate.spec)

type Played = {
  readonly start: number
  readonly now: number
  readonly how: HowEnded
  readonly scenes: ReadonlyArray<Scene>
  readonly failed: boolean
  readonly simulation: Simulation
}

const play = async (simulation: Simulation, manifest: Manifest, { untilMs }: SimulateOptions): Promise<Played> => {
  const { ledger } = simulation
  const start = simulation.now()
  const teller = storyTeller()
  let failed = false
  const subscription = ledger.news$.subscribe((news) => {
    teller.jobs(news)
    failed ||= news.some(({ view }) => view.state._tag === 'Job' && view.state.finished?._tag === 'Failure')
  })
  subscription.add(ledger.cronJobs.news$.subscribe(teller.cronJobs))
  const isOver = (): boolean => manifest.kind === 'Job' && ledger.list().every(isDone)
  const ran = await simulation.run(manifest, start + untilMs, isOver)
  subscription.unsubscribe()
  if (E.isLeft(ran)) throw new CliError(ran.left)
  const how = ran.right
  const now = how === 'out of time' ? start + untilMs : simulation.now()
  return { start, now, how, scenes: teller.scenes(), failed, simulation }
}

const isDone = ({ state }: JobView): boolean => state._tag === 'Job' && isFinished(state)

const jobText = ({ scenes, start, now, how, simulation }: Played): string => {
  const [view] = simulation.ledger.list()
  return `${storyText(scenes, { start, end: now, zone: null })}\n${view === undefined ? '' : jobEnding(view, how, start, now)}`
}

const cronJobText = (
  { scenes, start, now, how, simulation }: Played,
  manifest: Manifest,
  localZone: string,
): string => {
  const [view] = simulation.ledger.cronJobs.list()
  const zoneName = (manifest.kind === 'CronJob' ? manifest.spec.timeZone : undefined) ?? localZone
  const story = storyText(scenes, { start, end: now, zone: timeZone(zoneName) })
  const ending =
    view?.state._tag === 'CronJob' ? cronJobEnding(view.state, simulation.ledger.list(), how, { start, now }) : ''
  return `${story}\n${ending}`
}

const jsonOf = ({ scenes, start, now, how, simulation: { ledger } }: Played, seed: number) => ({
  start: exactTime(start),
  end: exactTime(now),
  seed,
  ended: how,
  timeline: scenes.map((scene) => ({
    time: exactTime(scene.at),
    seconds: (scene.at - start) / 1000,
    object: scene.object,
    says: sceneText(scene),
    ...(scene.pods.length === 0 ? {} : { pods: scene.pods.map(({ name }) => name) }),
  })),
  cronJobs: ledger.cronJobs.list().flatMap((view) => cronJobObject(view) ?? []),
  jobs: ledger.list().flatMap((view) => jobObject(view) ?? []),
})
