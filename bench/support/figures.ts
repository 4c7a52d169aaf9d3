/** One figure of a benchmark. `ratio` compares with the bare loop measured in the same run; `goal` says what must be reached. */
export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly goal?: string
}

export type Bench = (options: { readonly quick: boolean }) => Promise<ReadonlyArray<Figure>>

/** Runs a benchmark from the command line (`--quick` for a fraction of the work) and prints its figures. */
export const printFigures = async (bench: Bench): Promise<void> => {
  for (const { name, value, unit, ratio, goal } of await bench({ quick: process.argv.includes('--quick') })) {
    const compared = ratio === undefined ? '' : `, ${Math.round(ratio * 100)} % of bare`
    const aim = goal === undefined ? '' : ` (goal: ${goal})`
    process.stdout.write(`${name}: ${Math.round(value).toLocaleString('en')} ${unit}${compared}${aim}\n`)
  }
}

export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Seconds that `work` takes. */
export const secondsOf = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
