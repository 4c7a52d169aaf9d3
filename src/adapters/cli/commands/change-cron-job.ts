import type { ChildJob } from '../../../domain/cronjob/child-job.ts'
import { answered } from '../answered.ts'
import type { CliPorts, Holding } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { requireCronJob } from '../targets.ts'
import { type Place, said } from './change.ts'

/** `suspend` and `resume` of a CronJob: from now on no Job is started, or is again. */
export const suspendCronJob = async (
  ports: CliPorts,
  { dataDir, namespace }: Place,
  name: string,
  suspend: boolean,
): Promise<void> => {
  await childrenOf(ports, { dataDir, namespace }, name)
  const command = suspend ? 'suspend' : 'resume'
  const by = { user: ports.userName, agent: `jobledger ${command}` }
  const { answer } = await answered(ports, dataDir, { type: 'suspend-cron-job', namespace, name, suspend, ...by })
  const isChanged = answer.type === 'done' && answer.changed
  ports.out(`cronjob.batch/${name} ${said[command]}${isChanged ? '' : ' (no change)'}\n`)
}

/** `delete cronjob/NAME`: the CronJob goes, and its Jobs with their Pods. */
export const deleteCronJob = async (
  ports: CliPorts,
  { dataDir, namespace }: Place,
  name: string,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): Promise<void> => {
  const children = await childrenOf(ports, { dataDir, namespace }, name)
  const by = { user: ports.userName, agent: 'jobledger delete' }
  const request = { type: 'delete-cron-job' as const, namespace, name, propagation, ...by }
  await answered(ports, dataDir, request, (holding, { uid }) =>
    allGone(holding, uid, propagation === 'Orphan' ? [] : children),
  )
  ports.out(`cronjob.batch "${name}" deleted\n`)
}

/** Looked up before the folder is held, which would make it. */
const childrenOf = async (
  ports: CliPorts,
  { dataDir, namespace }: Place,
  name: string,
): Promise<ReadonlyArray<ChildJob>> => {
  const reading = opened(await ports.openReading(dataDir))
  try {
    const { state } = requireCronJob(reading, namespace, name)
    return state._tag === 'CronJob' ? reading.ledger.childrenOf(state.uid) : []
  } finally {
    await reading.close()
  }
}

const allGone = ({ ledger }: Holding, uid: string, children: ReadonlyArray<ChildJob>): Promise<void> =>
  new Promise((resolve) => {
    const isThere = (job: string): boolean => {
      const state = ledger.getByUid(job)?.state
      return state?._tag === 'Job' && (!state.deleted || state.live > 0)
    }
    const check = () => {
      const state = ledger.cronJobs.getByUid(uid)?.state
      if (state?._tag === 'CronJob' && !state.deleted) return
      if (ledger.childrenOf(uid).length > 0 || children.some((job) => isThere(job.uid))) return
      for (const subscription of subscriptions) subscription.unsubscribe()
      resolve()
    }
    const subscriptions = [ledger.news$.subscribe(check), ledger.cronJobs.news$.subscribe(check)]
    check()
  })
