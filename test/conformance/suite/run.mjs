#!/usr/bin/env node
// Plays the stories of the conformance suite on any server that speaks the Kubernetes API and compares what it observes with golden
// observations of the real control plane (kube-apiserver and kube-controller-manager, no kubelet: Pods change only when a story says
// so). Exit status 0 when every story matches its golden file. Last line: "N passed, M failed".
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { diff } from './diff.mjs'
import { Scenario } from './scenario.mjs'

const usage = `Usage: npm run conformance -- [options]

  --server URL                 the server to try; without it, a jobledger is started for as long as it takes
  --token T                    shown to the server with every request
  --certificate-authority FILE in PEM, by which the server is known
  --insecure-skip-tls-verify   any certificate will do
  --only SUBSTRING             stories with this in their name
  --concurrency N              stories at a time (default: 40)
  --timeout SECONDS            for each story (default: 180)
  --report FILE                all results, in JSON
  --golden DIR, --scenarios DIR, --record
                               compare with (or write) other golden files, play other stories
  --verbose                    every difference

The server runs no Pods itself and creates the namespaces it is asked for. Examples:
  npm run conformance
  npm run conformance -- --server https://127.0.0.1:6443 --token "$TOKEN" --insecure-skip-tls-verify --only walk-
`
const text = { type: 'string' }
const flag = { type: 'boolean' }
const args = readArgs()
if (args.help) {
  process.stdout.write(usage)
  process.exit(0)
}
if (args['insecure-skip-tls-verify']) {
  process.removeAllListeners('warning')
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
}
if (args['certificate-authority'])
  setDefaultCACertificates([...getCACertificates(), readFileSync(args['certificate-authority'], 'utf8')])

const here = dirname(fileURLToPath(import.meta.url))
const scenarioDir = resolve(args.scenarios ?? join(here, 'scenarios'))
const goldenDir = resolve(args.golden ?? join(here, '../golden'))
const runId = Math.random().toString(36).slice(2, 7)
const { server, token, end } = args.server
  ? { server: args.server, token: args.token, end: () => {} }
  : await ownServer()

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
  Array.from({ length: Number(args.concurrency ?? 40) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results.push(await runOne(next))
  }),
)

results.sort((a, b) => a.name.localeCompare(b.name))
for (const r of results) {
  console.log(`${r.ok ? 'ok  ' : 'FAIL'} ${r.name} (${(r.ms / 1000).toFixed(1)} s)`)
  if (!r.ok) for (const line of r.problems.slice(0, args.verbose ? 1000 : 12)) console.log(`       ${line}`)
}
if (args.report) writeFileSync(args.report, JSON.stringify(results, null, 1))
end()
const passed = results.filter((r) => r.ok).length
console.log(`${passed} passed, ${results.length - passed} failed`)
process.exit(passed === results.length && results.length > 0 ? 0 : 1)

async function runOne({ name, script }) {
  const started = Date.now()
  const scenario = new Scenario({
    server,
    token,
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

function readArgs() {
  try {
    return parseArgs({
      options: {
        server: text,
        token: text,
        'certificate-authority': text,
        'insecure-skip-tls-verify': flag,
        only: text,
        concurrency: text,
        timeout: text,
        report: text,
        golden: text,
        scenarios: text,
        record: flag,
        verbose: flag,
        help: { ...flag, short: 'h' },
      },
    }).values
  } catch (error) {
    console.error(`conformance: ${error.message.split('. ')[0]} (--help shows the options)`)
    process.exit(2)
  }
}

/** A jobledger whose Pods are run by the stories, in a folder of its own that goes with it. */
async function ownServer() {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-conformance-'))
  const program = join(here, '../../../bin/jobledger.js')
  const words = ['serve', '--runtime', 'external', '--port', '0', '--insecure-http', '0', '--data-dir', folder]
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const end = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  process.once('SIGINT', () => {
    end()
    process.exit(130)
  })
  const said = await new Promise((resolve, reject) => {
    let err = ''
    child.stderr.on('data', (piece) => (err += piece))
    child.stdout.once('data', () => resolve(err))
    child.once('close', () => reject(new Error(`jobledger serve ended: ${err}`)))
  })
  const token = readFileSync(join(folder, 'api/token'), 'utf8').trim()
  return { server: /http:\/\/[^,\s]+/.exec(said)[0], token, end }
}
