import { readdirSync, readFileSync } from 'node:fs'

/** One process as /proc tells it. `startTicks` (clock ticks since boot) and the pid name a process of this boot for good. */
export type Process = {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly startTicks: number
  readonly zombie: boolean
}

/** Absent when there is no such process. The name in parentheses may hold anything, so fields are counted from its end. */
export const findProcess = (pid: number): Process | undefined => {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0] ?? ''
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTicks: Number(fields[19]),
    zombie: state === 'Z' || state === 'X',
  }
}

/** Whether the very process is still there and can still run. */
export const isSameProcess = ({ pid, startTicks }: { readonly pid: number; readonly startTicks: number }): boolean => {
  const process = findProcess(pid)
  return process !== undefined && !process.zombie && process.startTicks === startTicks
}

export const listProcesses = (): ReadonlyArray<Process> =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (findProcess(Number(name)) ?? []) : []))

/** The process itself, its descendants, and whoever shares its group or session: all that can be told without its help. */
export const familyOf = (root: number, processes: ReadonlyArray<Process>): ReadonlyArray<Process> => {
  const family = new Set([root])
  for (let grown = true; grown; ) {
    grown = false
    for (const { pid, parent, group, session } of processes) {
      if (family.has(pid) || !(family.has(parent) || group === root || session === root)) continue
      family.add(pid)
      grown = true
    }
  }
  return processes.filter(({ pid, zombie }) => family.has(pid) && !zombie)
}

/** Children in the order of their birth, as far as the kernel tells (empty when it does not). */
export const childrenOf = (pid: number): ReadonlyArray<number> =>
  (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number)

/** Whether each of these `NAME=value` texts is in the environment the process was started with. */
export const hasMarks = (pid: number, marks: ReadonlyArray<string>): boolean => {
  const environment = read(`/proc/${pid}/environ`)
  if (environment === undefined || environment === '') return false
  const variables = environment.split('\0')
  return marks.every((mark) => variables.includes(mark))
}

/** Memory that only this process' end gives back, in bytes: anonymous and shared-memory pages. 0 when it is gone. */
export const memoryOf = (pid: number): number =>
  kilobytes(read(`/proc/${pid}/status`) ?? '', ['RssAnon', 'RssShmem']) * 1024

/** The same with pages shared between processes counted in shares: exact, but slow to ask for. */
export const proportionalMemoryOf = (pid: number): number => {
  const rollup = read(`/proc/${pid}/smaps_rollup`)
  return rollup === undefined ? memoryOf(pid) : kilobytes(rollup, ['Pss_Anon', 'Pss_Shmem']) * 1024
}

/** Sends the signal; a process that is gone meanwhile is no failure. */
export const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch {
    return
  }
}

const kilobytes = (text: string, names: ReadonlyArray<string>): number => {
  let sum = 0
  for (const line of text.split('\n')) {
    const [name = '', value = ''] = line.split(':')
    if (names.includes(name)) sum += Number.parseInt(value, 10)
  }
  return sum
}

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
