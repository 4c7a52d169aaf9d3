import type { Table } from '../../../projections/tables/table.ts'
import { displayWidth, padded } from './aligned-text.ts'
import { safeCell } from './safe-text.ts'

/** A table in kubectl's columns, each line ended by a line feed. Empty when there is nothing to show. */
export const tableText = (table: Table, { noHeaders = false }: { readonly noHeaders?: boolean } = {}): string =>
  tableWatcher({ noHeaders }).print(table).text

/**
 * Prints a growing table part by part, as `kubectl get -w` does: the headers once, then rows with the widths seen so far, which
 * only grow. Immutable: go on with the watcher that each print answers.
 */
export type TableWatcher = {
  readonly print: (table: Table) => { readonly text: string; readonly watcher: TableWatcher }
}

/** A watcher that has printed nothing yet. */
export const tableWatcher = ({ noHeaders = false }: { readonly noHeaders?: boolean } = {}): TableWatcher =>
  watcherFrom([], !noHeaders)

/** What kubectl says instead of an empty table; without a namespace for a question over all of them. */
export const noResourcesFound = (namespace?: string): string =>
  namespace === undefined ? 'No resources found' : `No resources found in ${namespace} namespace.`

const watcherFrom = (seen: ReadonlyArray<number>, headersDue: boolean): TableWatcher => ({
  print: ({ headers, rows }) => {
    if (rows.length === 0) return { text: '', watcher: watcherFrom(seen, headersDue) }
    const lines = [...(headersDue ? [headers] : []), ...rows].map((cells) => cells.map(safeCell))
    const widths = headers.slice(0, -1).map((_, column) => widthOf(lines, column, seen[column]))
    return { text: lines.map((cells) => `${padded(cells, widths)}\n`).join(''), watcher: watcherFrom(widths, false) }
  },
})

const widthMin = 6
const gap = 3

const widthOf = (lines: ReadonlyArray<ReadonlyArray<string>>, column: number, seen = widthMin): number =>
  lines.reduce((width, cells) => Math.max(width, displayWidth(cells[column] ?? '') + gap), seen)
