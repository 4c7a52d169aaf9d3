/**
 * Aligns text whose cells end at tabs, as `kubectl describe` does: a column is as wide as its longest cell and two spaces more,
 * and reaches over the run of adjacent lines that have it. What follows the last tab of a line is in no column.
 */
export const alignedText = (text: string): string => {
  const rows = text.split('\n').map((line) => line.split('\t'))
  const widths: ReadonlyArray<number[]> = rows.map(() => [])
  const columns = Math.max(...rows.map((row) => row.length - 1))
  for (let column = 0; column < columns; column++) setWidths(rows, widths, column)
  return rows.map((row, index) => padded(row, widths[index] ?? [])).join('\n')
}

/** How many terminal columns a text takes, counted in code points as kubectl counts. */
export const displayWidth = (text: string): number => [...text].length

/** Cells padded to these widths; a cell without a width stays as it is. */
export const padded = (cells: ReadonlyArray<string>, widths: ReadonlyArray<number>): string =>
  cells.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))).join('')

const gap = 2

const setWidths = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  widths: ReadonlyArray<number[]>,
  column: number,
): void => {
  let start = 0
  while (start < rows.length) {
    let end = start
    let longest = 0
    while (hasColumn(rows[end], column)) longest = Math.max(longest, displayWidth(rows[end++]?.[column] ?? ''))
    for (let row = start; row < end; row++) widths[row]?.push(longest + gap)
    start = Math.max(end, start + 1)
  }
}

const hasColumn = (row: ReadonlyArray<string> | undefined, column: number): boolean =>
  row !== undefined && column < row.length - 1
