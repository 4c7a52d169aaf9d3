import type { HolderRequest } from '../../../application/holder-request.ts'
import { failureText } from '../../../application/failure-text.ts'
import { E } from '../../../prelude.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Holding } from '../cli-ports.ts'
import { opened } from '../opened.ts'

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
  propagation: 'Background' | 'Foreground',
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

/** Asks the holder; when nobody holds the folder, holds it for a moment without running anything. */
const wished = async (
  ports: CliPorts,
  dataDir: string,
  request: HolderRequest,
  here: (holding: Holding) => ReturnType<ReturnType<Holding['service']['change']>>,
): Promise<boolean> => {
  const answer = await ports.askHolder(dataDir, request)
  if (E.isRight(answer)) {
    if (answer.right.type === 'refused') throw new CliError(answer.right.reason)
    return answer.right.changed
  }
  const options = { runtime: 'none' as const, network: false, podBackoffBaseMs: 10_000 }
  const holding = opened(await ports.openHolding(dataDir, options))
  try {
    const outcome = await here(holding)
    if (E.isLeft(outcome) && 'name' in request)
      throw new CliError(failureText(outcome.left, `jobs.batch "${request.name}"`))
    return E.isRight(outcome) && outcome.right.changed
  } finally {
    await holding.close()
  }
}
