import type { Category } from '../../../application/log/category.ts'
import type { EventStore } from '../../../application/ports/event-store.ts'
import { cronJobCategory, jobCategory, type Metadata } from '../../../application/log/read-event.ts'
import { E } from '../../../prelude.ts'
import { sayCronJobEvent } from '../../../projections/cron-job-history.ts'
import { sayEvent } from '../../../projections/history.ts'
import type { Actor } from '../../../projections/recorded.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { historyOutput, type HistoryRow, historyTable } from '../print/history-lines.ts'
import { readHistory } from '../read-history.ts'
import { oneTargetOf } from '../targets.ts'

/** `history job/NAME` or `cronjob/NAME`: one line for each event of the one that has, or last had, this name. */
export const history = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  { namespace, output }: { readonly namespace: string; readonly output: string | undefined },
): Promise<void> => {
  const { kind, name } = oneTargetOf(words)
  const rows =
    kind === 'jobs'
      ? await rowsOf(reading.store, jobCategory, reading.ledger.history(namespace, name).at(-1), sayEvent)
      : await rowsOf(
          reading.store,
          cronJobCategory,
          reading.ledger.cronJobs.history(namespace, name).at(-1),
          sayCronJobEvent,
        )
  if (rows === null) {
    const what = kind === 'jobs' ? 'Job' : 'CronJob'
    throw new CliError(`no ${what} in the log was ever named "${name}" in namespace ${namespace}`)
  }
  const format = formatOf(output)
  ports.out(format === 'table' ? historyTable(rows) : historyOutput(format, rows))
}

const formatOf = (output: string | undefined): 'table' | 'json' | 'yaml' => {
  if (output === undefined || output === 'wide') return 'table'
  if (output === 'json' || output === 'yaml') return output
  throw new CliError(
    `unable to match a printer suitable for the output format "${output}", allowed formats are: json,wide,yaml`,
  )
}

/** Null: there never was one. */
const rowsOf = async <Event extends { readonly type: string; readonly at: number }>(
  store: EventStore,
  category: Category<Event>,
  uid: string | undefined,
  say: (event: Event) => string,
): Promise<ReadonlyArray<HistoryRow> | null> => {
  if (uid === undefined) return null
  const entries = await readHistory(store, category, uid)
  if (E.isLeft(entries)) throw new CliError(entries.left)
  const positions = new Map(entries.right.map(({ recorded }) => [recorded.id, recorded.position]))
  return entries.right.map(({ recorded, metadata }) => ({
    position: recorded.position,
    at: recorded.event.at,
    event: recorded.event.type,
    says: say(recorded.event),
    actor: actorText(metadata.actor),
    cause: causeText(metadata, positions),
  }))
}

const actorText = ({ kind, name, agent }: Actor): string => `${kind} ${name}${agent === undefined ? '' : ` (${agent})`}`

/** The position of the event that caused it, else the clock or the outside world; a command of its own is the root. */
const causeText = ({ causationId, commandId }: Metadata, positions: ReadonlyMap<string, bigint>): string => {
  const position = positions.get(causationId)
  if (position !== undefined) return `event ${position}`
  if (causationId === commandId) return 'itself'
  return causationId.startsWith('clock:') ? 'clock' : causationId.replace(/^world:/, 'world ')
}
