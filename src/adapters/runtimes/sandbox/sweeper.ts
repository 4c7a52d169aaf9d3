import { familyOf, hasMarks, listProcesses, type Process, sendSignal } from './process-table.ts'

/** Whether a process belongs to what shall be gone. */
export type Belongs = (process: Process, all: ReadonlyArray<Process>) => boolean

/**
 * These marks stand in the environment the process was started with: it finds daemons that left their group and parents.
 * `sinceTicks` spares the look at processes older than what is looked for.
 */
export const marked = (marks: Readonly<Record<string, string>>, sinceTicks = 0): Belongs => {
  const texts = Object.entries(marks).map(([name, value]) => `${name}=${value}`)
  return ({ pid, startTicks }) => startTicks >= sinceTicks && hasMarks(pid, texts)
}

/** The process, its descendants, its group and its session. */
export const familyOfRoot =
  (root: number): Belongs =>
  ({ pid }, all) =>
    familyOf(root, all).some((member) => member.pid === pid)

/**
 * Kills all processes that belong, again and again until none is left. Requests that come while /proc is being read share
 * the next reading, and readings take at most a quarter of the time, so many containers may end at once.
 */
export const sweeper = (): ((belongs: Belongs) => Promise<void>) => {
  type Request = { readonly belongs: Belongs; readonly until: number; readonly done: (error?: Error) => void }
  let requests: ReadonlyArray<Request> = []
  let timer: NodeJS.Timeout | null = null
  let restUntil = 0

  const sweep = (): void => {
    timer = null
    const begun = performance.now()
    const all = listProcesses().filter(({ pid, zombie }) => !zombie && pid !== process.pid)
    requests = requests.filter(({ belongs, until, done }) => {
      const left = all.filter((one) => belongs(one, all))
      for (const { pid } of left) sendSignal(pid, 'SIGKILL')
      if (left.length > 0 && performance.now() < until) return true
      done(left.length === 0 ? undefined : new Error(`processes ${left.map(({ pid }) => pid).join(', ')} do not end`))
      return false
    })
    const now = performance.now()
    restUntil = now + Math.max(restMs, 3 * (now - begun))
    plan()
  }
  const plan = (): void => {
    if (timer === null && requests.length > 0) timer = setTimeout(sweep, Math.max(0, restUntil - performance.now()))
  }
  return (belongs) =>
    new Promise((resolve, reject) => {
      const done = (error?: Error) => (error === undefined ? resolve() : reject(error))
      requests = [...requests, { belongs, until: performance.now() + patienceMs, done }]
      plan()
    })
}

const restMs = 3
/** A killed process is gone within milliseconds unless the kernel itself waits for a disk. */
const patienceMs = 10_000
