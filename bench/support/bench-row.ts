import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

/** One measured figure. `ratio` is against the physical limit or peer of the same run; a goal is met at or above (`goalMax`: at or below) it. */
export type BenchRow = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly goal?: number
  readonly goalMax?: number
}

export type BenchOptions = { readonly quick: boolean }

export type Bench = (options: BenchOptions) => Promise<ReadonlyArray<BenchRow>>

/** Slope of log y over log x by least squares: 1 is linear growth. */
export const slope = (points: ReadonlyArray<readonly [x: number, y: number]>): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (pick: 0 | 1) => logs.reduce((sum, point) => sum + point[pick], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return covariance / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}

export const printRows = (rows: ReadonlyArray<BenchRow>): void => {
  for (const { name, value, unit, ratio, goal, goalMax } of rows) {
    const figure = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
    const beside = ratio === undefined ? '' : `  ${Math.round(ratio * 100)} % of the bare loop`
    const wanted =
      goal !== undefined
        ? `  (goal ≥ ${goal.toLocaleString('en')})`
        : goalMax !== undefined
          ? `  (goal ≤ ${goalMax})`
          : ''
    console.log(`${name.padEnd(72)} ${figure.padStart(12)} ${unit}${beside}${wanted}`)
  }
}

/** Runs the bench when its file is the program: `node --expose-gc bench/NAME.ts [--quick] [--rows FILE]`, the rows as JSON. */
export const runAlone = async (url: string, bench: Bench): Promise<void> => {
  if (argv[1] !== fileURLToPath(url)) return
  const rows = await bench({ quick: argv.includes('--quick') })
  printRows(rows)
  const file = argv.includes('--rows') ? argv[argv.indexOf('--rows') + 1] : undefined
  if (file !== undefined) writeFileSync(file, JSON.stringify(rows))
}
