/** How often each type of event came in each state, by type and state. */
export type Coverage = Map<string, Map<string, number>>

export const addTo = (coverage: Coverage, type: string, state: string, count = 1): void => {
  let states = coverage.get(type)
  if (states === undefined) {
    states = new Map()
    coverage.set(type, states)
  }
  states.set(state, (states.get(state) ?? 0) + count)
}

export const addCoverage = (sum: Coverage, more: Coverage): void => {
  for (const [type, states] of more) for (const [state, count] of states) addTo(sum, type, state, count)
}

/** What one kind of stream can reach, and why a cell is empty for ever. */
export type Sheet = {
  readonly types: ReadonlyArray<string>
  readonly states: ReadonlyArray<string>
  readonly reasons: ReadonlyArray<{
    readonly types: ReadonlyArray<string>
    readonly states: ReadonlyArray<string>
    readonly because: string
  }>
}

/** The matrix as text, and the empty cells that nobody has explained. */
export const matrixOf = (
  coverage: Coverage,
  { types, states, reasons }: Sheet,
): { readonly lines: ReadonlyArray<string>; readonly unexplained: ReadonlyArray<string> } => {
  const unexplained: string[] = []
  const used = new Map<string, string>()
  const letterOf = (because: string): string => {
    if (!used.has(because)) used.set(because, used.size < 26 ? String.fromCharCode(97 + used.size) : `a${used.size - 26}`)
    return used.get(because)!
  }
  const rows = types.map((type) => [
    type,
    ...states.map((state) => {
      const count = coverage.get(type)?.get(state) ?? 0
      if (count > 0) return `${count}`
      const reason = reasons.find((one) => one.types.includes(type) && one.states.includes(state))
      if (reason !== undefined) return letterOf(reason.because)
      unexplained.push(`${type} while ${state}`)
      return '?'
    }),
  ])
  const table = [['', ...states], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join(' '),
  )
  return { lines: [...lines, ...[...used].map(([because, letter]) => `  ${letter}: ${because}`)], unexplained }
}
