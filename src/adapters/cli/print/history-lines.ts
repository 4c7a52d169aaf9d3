import { valueOutput } from './object-output.ts'
import { tableText } from './table.ts'

/** One event of the log as `jobledger history` tells it. */
export type HistoryRow = {
  readonly position: bigint
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: string
  readonly says: string
  readonly actor: string
  readonly cause: string
}

/** History as a table; times in UTC to the millisecond. Empty when there is nothing to tell. */
export const historyTable = (rows: ReadonlyArray<HistoryRow>, options: { readonly noHeaders?: boolean } = {}): string =>
  tableText(
    {
      headers: ['POSITION', 'TIME', 'EVENT', 'SAYS', 'ACTOR', 'CAUSE'],
      rows: rows.map((row) => [`${row.position}`, time(row), row.event, row.says, row.actor, row.cause]),
    },
    options,
  )

/** History as an array; positions are text, since they may be larger than JSON numbers are read. */
export const historyOutput = (format: 'json' | 'yaml', rows: ReadonlyArray<HistoryRow>): string =>
  valueOutput(
    format,
    rows.map((row) => ({
      position: `${row.position}`,
      time: time(row),
      event: row.event,
      says: row.says,
      actor: row.actor,
      cause: row.cause,
    })),
  )

const time = ({ at }: HistoryRow): string => new Date(at).toISOString()
