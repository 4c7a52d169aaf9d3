import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { argv } from 'node:process'
import { appendBench } from './append.ts'
import { appendEsdbBench } from './append-esdb.ts'
import { largeFailureHandling } from './large-failure-handling.ts'
import { largeIndexedJob } from './large-indexed-job.ts'
import { manySmallJobs } from './many-small-jobs.ts'
import { reducer } from './reducer.ts'
import { replayBench } from './replay.ts'
import { type Bench, type BenchRow, printRows } from './support/bench-row.ts'

/** `npm run bench [-- --quick] [-- --json FILE]`: every benchmark, one after the other, as a table and as JSON. */
const benches: ReadonlyArray<readonly [string, Bench]> = [
  ['reducer', reducer],
  ['append', appendBench],
  ['append-esdb', appendEsdbBench],
  ['replay', replayBench],
  ['large-indexed-job', largeIndexedJob],
  ['large-failure-handling', largeFailureHandling],
  ['many-small-jobs', manySmallJobs],
]

const quick = argv.includes('--quick')
const json = argv.includes('--json') ? argv[argv.indexOf('--json') + 1] : undefined
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`)

const all: Array<BenchRow & { readonly bench: string }> = []
for (const [name, bench] of benches) {
  console.log(`\n${name}`)
  const rows = await bench({ quick })
  printRows(rows)
  all.push(...rows.map((row) => ({ bench: name, ...row })))
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ node: process.version, quick, rows: all }, null, 2)}\n`)
