import type { CronJobNews, JobNews } from '../../../application/log/ledger.ts'
import { sayCronJobEvent } from '../../../projections/cron-job-history.ts'
import { sayEvent } from '../../../projections/history.ts'
import { exactTime } from '../../../projections/time.ts'
import type { CliPorts, HoldOptions } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { podFailures } from '../pod-failures.ts'
import { safeText } from '../print/safe-text.ts'
import { untilInterrupted, whatFor } from '../until-interrupted.ts'

/**
 * `work`: holds the folder and works for every Job and CronJob in it, and for those that come, until Ctrl-C. Prints what happens, a
 * line for each event that is news to a person. Exit code 0 when its Pods were stopped first, 130 when they were killed.
 */
export const work = async (ports: CliPorts, options: HoldOptions & { readonly dataDir: string }): Promise<number> => {
  const holding = opened(await ports.openHolding(options.dataDir, options))
  const { ledger } = holding
  const print = (lines: ReadonlyArray<string>): void => {
    if (lines.length > 0) ports.out(lines.map((line) => `${safeText(line)}\n`).join(''))
  }
  const subscription = ledger.news$.subscribe((news) => print(news.flatMap(jobLines)))
  subscription.add(ledger.cronJobs.news$.subscribe((news) => print(news.flatMap(cronJobLines))))
  ports.err(`at work for ${whatFor(holding)} in ${options.dataDir}; Ctrl-C ends it\n`)
  const ended = untilInterrupted(ports, holding)
  holding.workForAll()
  const code = await ended
  subscription.unsubscribe()
  await holding.close()
  return code
}

const jobLines = (news: JobNews): ReadonlyArray<string> => {
  const { state } = news.view
  if (state._tag === 'NoJob') return []
  const ofJob = news.recorded.flatMap(({ event }) =>
    toldOfJobs.has(event.type) ? [`${exactTime(event.at)} job/${state.name}  ${event.type}: ${sayEvent(event)}`] : [],
  )
  const at = news.recorded.at(-1)?.event.at ?? 0
  return [...podFailures(news).map((line) => `${exactTime(at)} ${line}`), ...ofJob]
}

const toldOfJobs: ReadonlySet<string> = new Set([
  'JobCreated',
  'JobSuspended',
  'JobResumed',
  'JobCompleted',
  'JobFailed',
  'JobDeletionRequested',
  'JobDeleted',
])

const cronJobLines = ({ view: { state }, recorded }: CronJobNews): ReadonlyArray<string> =>
  state._tag === 'NoCronJob'
    ? []
    : recorded.flatMap(({ event }) =>
        untoldOfCronJobs.has(event.type)
          ? []
          : [`${exactTime(event.at)} cronjob/${state.name}  ${event.type}: ${sayCronJobEvent(event)}`],
      )

/** What the Job itself says, or what follows from another event. */
const untoldOfCronJobs: ReadonlySet<string> = new Set([
  'CronJobManifestRecorded',
  'CronJobSynced',
  'RunScheduled',
  'RunSucceeded',
])
