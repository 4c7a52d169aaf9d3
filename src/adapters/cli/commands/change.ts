import type { HolderRequest } from '../../../application/holder/holder-request.ts'
import { failureText } from '../../../application/failure-text.ts'
import { E } from '../../../prelude.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Holding } from '../cli-ports.ts'
import { holdOrAsk } from '../hold-or-ask.ts'
import { opened } from '../opened.ts'
import { requireJob } from '../targets.ts'

type Change = Extract<HolderRequest, { readonly type: 'change' }>['change']

export type Place = { readonly dataDir: string; readonly namespace: string }

/** `suspend`, `resume`, `scale`: done by the process that holds the folder, or here when nobody does. Prints `job.batch/NAME <said>`. */
export const changeJob = async (
  ports: CliPorts,
  { dataDir, namespace }: Place,
  name: string,
  change: Change,
  said: string,
): Promise<void> => {
  const request = { type: 'change' as const, namespace, name, change, user: ports.userName, agent: agentOf(said) }
  const changed = await wished(ports, dataDir, request, async ({ service }) => {
    const actor = { kind: 'user' as const, name: ports.userName, agent: request.agent }
    return service.change(namespace, name, change, actor)()
  })
  ports.out(`job.batch/${name} ${changed ? said : `${said} (no change)`}\n`)
}

const agentOf = (verb: string): string => `jobledger ${verb}`

/** `delete job/NAME`: the Job goes, and its Pods are stopped. */
export const deleteJob = async (
  ports: CliPorts,
  { dataDir, namespace }: Place,
  name: string,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): Promise<void> => {
  const agent = agentOf('delete')
  const request = { type: 'delete' as const, namespace, name, propagation, user: ports.userName, agent }
  await wished(ports, dataDir, request, async ({ service, controller, ledger }) => {
    const uid = ledger.find(namespace, name)?.state
    const outcome = await service.remove(namespace, name, propagation, { kind: 'user', name: ports.userName, agent })()
    if (E.isRight(outcome) && uid?._tag === 'Job') {
      await controller.drive(uid.uid)
      await podsGone({ ledger }, uid.uid)
    }
    return outcome
  })
  ports.out(`job.batch "${name}" deleted\n`)
}

const podsGone = ({ ledger }: Pick<Holding, 'ledger'>, uid: string): Promise<void> =>
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

/** Done by the holder of the folder; when nobody holds it, held for a moment without running anything. */
const wished = async (
  ports: CliPorts,
  dataDir: string,
  request: Extract<HolderRequest, { readonly type: 'change' | 'delete' }>,
  here: (holding: Holding) => ReturnType<ReturnType<Holding['service']['change']>>,
): Promise<boolean> => {
  await mustExist(ports, dataDir, request)
  const options = { dataDir, runtime: 'none' as const, network: false, podBackoffBaseMs: 10_000 }
  const held = await holdOrAsk(ports, options, () => ports.askHolder(dataDir, request))
  if (E.isRight(held)) {
    if (held.right.type === 'refused') throw new CliError(held.right.reason)
    return held.right.type === 'done' && held.right.changed
  }
  try {
    const outcome = await here(held.left)
    if (E.isLeft(outcome)) throw new CliError(failureText(outcome.left, `jobs.batch "${request.name}"`))
    return outcome.right.changed
  } finally {
    await held.left.close()
  }
}

/** Looked up before the folder is held, which would make it. */
const mustExist = async (
  ports: CliPorts,
  dataDir: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<void> => {
  const reading = opened(await ports.openReading(dataDir))
  try {
    requireJob(reading, namespace, name)
  } finally {
    await reading.close()
  }
}
