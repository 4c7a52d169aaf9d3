import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import type { BenchRow } from './support/bench-row.ts'

/**
 * `npm run bench [-- --quick] [-- --json FILE]`: every benchmark, one after the other, as a table and as JSON. Each has a process of its
 * own, so that none measures the memory of another.
 */
const benches = [
  'reducer',
  'append',
  'append-esdb',
  'replay',
  'large-indexed-job',
  'large-failure-handling',
  'many-small-jobs',
  'http-durable',
  'api-read',
  'watch-fanout',
  'server-memory',
]

const quick = argv.includes('--quick')
const json = argv.includes('--json') ? argv[argv.indexOf('--json') + 1] : undefined
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`)

const folder = mkdtempSync(join(tmpdir(), 'jobledger-bench-'))
const all: Array<BenchRow & { readonly bench: string }> = []
for (const bench of benches) {
  console.log(`\n${bench}`)
  const rows = join(folder, `${bench}.json`)
  const words = ['--expose-gc', join(import.meta.dirname, `${bench}.ts`), '--rows', rows, ...(quick ? ['--quick'] : [])]
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`the benchmark ${bench} ended with ${status}`)
  const measured = JSON.parse(readFileSync(rows, 'utf8')) as ReadonlyArray<BenchRow>
  all.push(...measured.map((row) => ({ bench, ...row })))
}
rmSync(folder, { recursive: true })
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ node: process.version, quick, rows: all }, null, 2)}\n`)
