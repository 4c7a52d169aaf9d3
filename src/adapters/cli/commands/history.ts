import { jobCategory } from '../../../application/read-event.ts'
import type { JobEvent } from '../../../domain/job/events.ts'
import { E } from '../../../prelude.ts'
import { sayEvent } from '../../../projections/history.ts'
import type { Actor } from '../../../projections/recorded.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { historyOutput, type HistoryRow, historyTable } from '../print/history-lines.ts'
import { type HistoryEntry, readHistory } from '../read-history.ts'
import { jobNameOf } from '../targets.ts'

/** `history job/NAME`: one line for each event of the Job that has, or last had, this name. */
export const history = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  { namespace, output }: { readonly namespace: string; readonly output: string | undefined },
): Promise<void> => {
  const name = jobNameOf(words)
  const uid = reading.ledger.history(namespace, name).at(-1)
  if (uid === undefined) throw new CliError(`no Job in the log was ever named "${name}" in namespace ${namespace}`)
  const entries = await readHistory(reading.store, jobCategory, uid)
  if (E.isLeft(entries)) throw new CliError(entries.left)
  const rows = rowsOf(entries.right)
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

const rowsOf = (entries: ReadonlyArray<HistoryEntry<JobEvent>>): ReadonlyArray<HistoryRow> => {
  const positions = new Map(entries.map(({ recorded }) => [recorded.id, recorded.position]))
  return entries.map(({ recorded, metadata }) => ({
    position: recorded.position,
    at: recorded.event.at,
    event: recorded.event.type,
    says: sayEvent(recorded.event),
    actor: actorText(metadata.actor),
    cause: causeText(metadata, positions),
  }))
}

const actorText = ({ kind, name, agent }: Actor): string => `${kind} ${name}${agent === undefined ? '' : ` (${agent})`}`

/** The position of the event that caused it, else the clock or the outside world; a command of its own is the root. */
const causeText = (
  { causationId, commandId }: HistoryEntry<JobEvent>['metadata'],
  positions: ReadonlyMap<string, bigint>,
): string => {
  const position = positions.get(causationId)
  if (position !== undefined) return `event ${position}`
  if (causationId === commandId) return 'itself'
  return causationId.startsWith('clock:') ? 'clock' : causationId.replace(/^world:/, 'world ')
}
