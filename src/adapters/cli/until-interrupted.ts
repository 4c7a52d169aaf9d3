import { isFinished } from '../../domain/job/job.ts'
import type { CliPorts, Holding } from './cli-ports.ts'

/** How much there is to work for, as people say it. */
export const whatFor = ({ ledger }: Pick<Holding, 'ledger'>): string => {
  const jobs = ledger.list().filter(({ state }) => state._tag === 'Job' && !isFinished(state)).length
  const cronJobs = ledger.cronJobs.list().length
  return `${counted(jobs, 'unfinished Job')} and ${counted(cronJobs, 'CronJob')}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Resolves with the exit code: 0 when the Pods that run here were stopped after a Ctrl-C, 130 when a second one came first. */
export const untilInterrupted = (ports: CliPorts, holding: Holding, runsPods = true): Promise<number> =>
  new Promise((resolve) => {
    let interrupts = 0
    ports.onInterrupt(() => {
      interrupts += 1
      if (interrupts > 1) return resolve(130)
      if (runsPods) ports.err('stopping the Pods; press Ctrl-C again to kill them\n')
      void holding.withdraw().then(() => resolve(0))
    })
  })
