import type { HolderRequest } from '../../../application/holder/holder-request.ts'
import { answered } from '../answered.ts'
import type { CliPorts, Holding } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { requireJob } from '../targets.ts'

type Change = Extract<HolderRequest, { readonly type: 'change' }>['change']

export type Place = { readonly dataDir: string; readonly namespace: string }

/** What is said when it is done, by the command. */
export const said = { suspend: 'suspended', resume: 'resumed', scale: 'scaled' } as const

/** `suspend`, `resume`, `scale`: done by the process that holds the folder, or here when nobody does. Prints `job.batch/NAME <said>`. */
export const changeJob = async (
  ports: CliPorts,
  place: Place,
  name: string,
  change: Change,
  command: keyof typeof said,
): Promise<void> => {
  await mustExist(ports, place, name)
  const by = { user: ports.userName, agent: `jobledger ${command}` }
  const request = { type: 'change' as const, namespace: place.namespace, name, change, ...by }
  const { answer } = await answered(ports, place.dataDir, request)
  const isChanged = answer.type === 'done' && answer.changed
  ports.out(`job.batch/${name} ${said[command]}${isChanged ? '' : ' (no change)'}\n`)
}

/** `delete job/NAME`: the Job goes, and its Pods are stopped. */
export const deleteJob = async (
  ports: CliPorts,
  place: Place,
  name: string,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): Promise<void> => {
  await mustExist(ports, place, name)
  const by = { user: ports.userName, agent: 'jobledger delete' }
  const request = { type: 'delete' as const, namespace: place.namespace, name, propagation, ...by }
  await answered(ports, place.dataDir, request, (holding, { uid }) => podsGone(holding, uid))
  ports.out(`job.batch "${name}" deleted\n`)
}

const podsGone = ({ ledger }: Holding, uid: string): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      const state = ledger.getByUid(uid)?.state
      if (state?._tag === 'Job' && (state.live > 0 || !state.deleted)) return
      subscription.unsubscribe()
      resolve()
    }
    const subscription = ledger.news$.subscribe(check)
    check()
  })

/** Looked up before the folder is held, which would make it. */
const mustExist = async (ports: CliPorts, { dataDir, namespace }: Place, name: string): Promise<void> => {
  const reading = opened(await ports.openReading(dataDir))
  try {
    requireJob(reading, namespace, name)
  } finally {
    await reading.close()
  }
}
