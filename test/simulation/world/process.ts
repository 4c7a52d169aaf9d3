import { type ApplicationPorts, startApplication } from '../../../src/application/start-application.ts'
import { catchUp, type Ledger, newLedger } from '../../../src/application/log/ledger.ts'
import type { StreamWriter } from '../../../src/application/log/stream-writer.ts'
import type { CronJobCommand } from '../../../src/domain/cronjob/commands.ts'
import type { FreePodCommand } from '../../../src/domain/free-pod/decide.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import { E } from '../../../src/prelude.ts'

/** A process of jobledger, from its start over the log to its crash. */
export type Process = {
  readonly ledger: Ledger
  /** What ended it; null while it lives. */
  readonly fatal: () => string | null
  readonly command: CommandOfUser<JobCommand>
  readonly commandCron: CommandOfUser<CronJobCommand>
  readonly commandPod: CommandOfUser<FreePodCommand>
  /** Takes the Pods back before it ends. */
  readonly withdraw: () => void
}

/** `answered` hears of the command's position, null when nothing had to change, and of nothing when it is refused. */
type CommandOfUser<Command> = (uid: string, command: Command, answered?: (position: bigint | null) => void) => void

/** Starts one, as `main` does: the log is read, then everything that is not over is worked for. */
export const startProcess = async (
  ports: Omit<ApplicationPorts, 'ledger' | 'localZone' | 'onFatal'>,
): Promise<Process> => {
  let fatal: string | null = null
  const ledger = newLedger()
  await catchUp(ports.store, ledger)
  const { writer, cronWriter, podWriter, controller, workForAll } = startApplication({
    ...ports,
    ledger,
    localZone: 'UTC',
    onFatal: (reason) => {
      fatal ??= reason
    },
  })
  workForAll()
  return {
    ledger,
    fatal: () => fatal,
    command: commandsTo(writer),
    commandCron: commandsTo(cronWriter),
    commandPod: commandsTo(podWriter),
    withdraw: () => void controller.withdraw(),
  }
}

const ada = { kind: 'user' as const, name: 'ada', agent: 'simulation' }

const commandsTo =
  <State, Command, Event, Refusal>(writer: StreamWriter<State, Command, Event, Refusal>): CommandOfUser<Command> =>
  (uid, command, answered) =>
    void writer
      .handle(uid, command, { actor: ada })()
      .then((outcome) => {
        if (E.isRight(outcome)) answered?.(outcome.right.position)
      })

/** What may end a process without a bug: nobody knows what became of an append, or the log cannot be followed. */
export const isExpectedEnd = (reason: string, hasGap: boolean): boolean =>
  /UnknownOutcome|StoreUnavailable|subscription broke off/.test(reason) || (hasGap && reason.includes('skipped'))
