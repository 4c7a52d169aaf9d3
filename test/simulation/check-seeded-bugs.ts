import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { allSeededBugs } from './seeded-bugs/all-seeded-bugs.ts'
import { type SeededBug, withBug } from './seeded-bugs/seeded-bug.ts'
import { noneTaken, type Share, type Shared } from './share.ts'

const root = join(import.meta.dirname, '../..')
/** A schedule that never ends is a finding too: a hundred of them take a second otherwise. */
const hangsMs = 60_000

type Finding = { readonly bug: SeededBug; readonly caught: string | null; readonly schedules: number }

/** Plants each mistake into a copy of src and plays schedules over it until one shows it: prints a table, and whether all were caught. */
export const checkSeededBugs = async (options: {
  readonly schedules: number
  readonly threads: number
  /** Those whose name or file has this text. */
  readonly only: string
}): Promise<boolean> => {
  const bugs = allSeededBugs.filter(({ name, file }) => `${file} ${name}`.includes(options.only))
  const left = [...bugs.entries()]
  const findings: Finding[] = []
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const finding = await look(next[1], options.schedules)
      findings[next[0]] = finding
      console.log(lineOf(finding))
    }
  }
  await Promise.all(Array.from({ length: options.threads }, work))
  const sound = await inCopy(null, Math.max(...findings.map(({ schedules }) => schedules)))
  if (sound.caught !== null) {
    console.log(`src without a mistake breaks an invariant in the same schedules: ${sound.caught}`)
    return false
  }
  const missed = findings.filter(({ caught }) => caught === null)
  console.log(`\n${findings.length} seeded bugs, ${findings.length - missed.length} caught by the simulation alone`)
  return missed.length === 0
}

const lineOf = ({ bug, caught, schedules }: Finding): string =>
  `${caught === null ? 'MISSED' : 'caught'} ${`${schedules}`.padStart(5)}  ${bug.file.replace(/^src\//, '').padEnd(46)} ${bug.name}${caught === null ? '' : `\n              by: ${caught}`}`

const look = async (bug: SeededBug, schedules: number): Promise<Finding> => ({
  bug,
  ...(await inCopy(bug, schedules)),
})

/** Plays over a copy of src, with the mistake in it. */
const inCopy = async (bug: SeededBug | null, schedules: number): Promise<Omit<Finding, 'bug'>> => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-seeded-bug-'))
  try {
    for (const part of ['src', 'test/simulation', 'test/support', 'package.json'])
      cpSync(join(root, part), join(folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    if (bug !== null) {
      const file = join(folder, bug.file)
      writeFileSync(file, withBug(readFileSync(file, 'utf8'), bug))
    }
    return await play(folder, schedules)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const play = (folder: string, schedules: number): Promise<Omit<Finding, 'bug'>> =>
  new Promise((resolve, reject) => {
    const workerData: Share = { from: 0, to: schedules, taken: noneTaken(), failuresMax: 1 }
    const worker = new Worker(pathToFileURL(join(folder, 'test/simulation/worker.ts')), { workerData })
    const hangs = () => {
      resolve({ caught: 'a schedule that never ends', schedules: 0 })
      void worker.terminate()
    }
    let timer = setTimeout(hangs, hangsMs)
    worker.on('message', (shared: Shared | null) => {
      clearTimeout(timer)
      if (shared === null) {
        timer = setTimeout(hangs, hangsMs)
        return
      }
      const { failures, schedules: played } = shared
      const [failure] = failures
      resolve({ caught: failure?.invariant ?? null, schedules: played })
    })
    worker.once('error', (cause) => {
      clearTimeout(timer)
      reject(cause)
    })
  })
