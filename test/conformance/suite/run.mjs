#!/usr/bin/env node
// Black-box conformance runner: drives Jobs on any server that speaks the Kubernetes API and
// compares what it observes with golden observations recorded from the real control plane
// (kube-apiserver + kube-controller-manager, no kubelet: pods change only when a scenario says so).
//
//   node run.mjs --server http://127.0.0.1:8001 [--token T] [--scenarios DIR] [--golden DIR]
//                [--only SUBSTRING] [--concurrency N] [--record] [--report FILE] [--verbose]
//
// Exit status 0 when every scenario matches its golden file. Last line: "N passed, M failed".
import { readdirSync, readFileSync, writeFileSync, mkdirSync, existsSync } from 'node:fs'
import { join, dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Scenario } from './scenario.mjs'
import { diff } from './diff.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const args = parseArgs(process.argv.slice(2))
const server = args.server ?? process.env.CONFORMANCE_SERVER ?? 'http://127.0.0.1:8001'
const scenarioDir = resolve(args.scenarios ?? join(here, 'scenarios'))
const goldenDir = resolve(args.golden ?? join(here, '../golden'))
const runId = args.run ?? Math.random().toString(36).slice(2, 7)

const all = []
for (const file of readdirSync(scenarioDir)
  .filter((f) => f.endsWith('.mjs'))
  .sort()) {
  const module = await import(pathToFileURL(join(scenarioDir, file)))
  for (const [name, script] of Object.entries(module.default)) all.push({ name, script, file })
}
const chosen = all.filter(({ name }) => !args.only || name.includes(args.only))
const results = []
const queue = [...chosen]
await Promise.all(
  Array.from({ length: Number(args.concurrency ?? 16) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results.push(await runOne(next))
  }),
)

results.sort((a, b) => a.name.localeCompare(b.name))
for (const r of results) {
  console.log(`${r.ok ? 'ok  ' : 'FAIL'} ${r.name} (${(r.ms / 1000).toFixed(1)} s)`)
  if (!r.ok) for (const line of r.problems.slice(0, args.verbose ? 1000 : 12)) console.log(`       ${line}`)
}
if (args.report) writeFileSync(args.report, JSON.stringify(results, null, 1))
const passed = results.filter((r) => r.ok).length
console.log(`${passed} passed, ${results.length - passed} failed`)
process.exit(passed === results.length && results.length > 0 ? 0 : 1)

async function runOne({ name, script }) {
  const started = Date.now()
  const scenario = new Scenario({
    server,
    token: args.token,
    namespace: `cf-${runId}-${name}`.slice(0, 63).replace(/-+$/, ''),
  })
  let problems = []
  let observed
  try {
    await scenario.open()
    await Promise.race([script(scenario), timeout(Number(args.timeout ?? 180) * 1000)])
    observed = scenario.observations
  } catch (error) {
    problems = [`${error.message}`]
    if (args.verbose)
      problems.push(...String(error.stack).split('\n').slice(1, 6), JSON.stringify(scenario.observations.at(-1)))
  } finally {
    await scenario.close().catch(() => {})
  }
  const goldenFile = join(goldenDir, `${name}.json`)
  if (observed && args.record) {
    mkdirSync(goldenDir, { recursive: true })
    writeFileSync(goldenFile, JSON.stringify(observed, null, 1) + '\n')
  } else if (observed) {
    if (!existsSync(goldenFile)) problems.push('no golden file')
    else problems.push(...diff(JSON.parse(readFileSync(goldenFile, 'utf8')), observed))
  }
  return { name, ok: problems.length === 0, problems, ms: Date.now() - started }
}

function timeout(ms) {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`scenario took longer than ${ms / 1000} s`)), ms).unref(),
  )
}

function parseArgs(argv) {
  const out = {}
  for (let i = 0; i < argv.length; i++) {
    const key = argv[i].replace(/^--/, '')
    if (['record', 'verbose'].includes(key)) out[key] = true
    else out[key] = argv[++i]
  }
  return out
}
