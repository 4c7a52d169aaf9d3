import { familyOf, listProcesses, memoryOf, type Process, proportionalMemoryOf } from './process-table.ts'

export type Watched = {
  readonly isExceeded: (processes: () => ReadonlyArray<Process>) => boolean
  readonly onExceeded: () => void
}

/**
 * Looks ten times a second whether a container went above its memory limit. Returns: how to watch one container, which
 * returns how to stop.
 */
export const memoryWatch = (): ((watched: Watched) => () => void) => {
  const all = new Set<Watched>()
  let timer: NodeJS.Timeout | null = null
  const look = (): void => {
    let listed: ReadonlyArray<Process> | null = null
    const processes = (): ReadonlyArray<Process> => {
      listed ??= listProcesses()
      return listed
    }
    for (const { isExceeded, onExceeded } of all) if (isExceeded(processes)) onExceeded()
  }
  return (watched) => {
    all.add(watched)
    timer ??= setInterval(look, lookEveryMs)
    return () => {
      all.delete(watched)
      if (all.size > 0 || timer === null) return
      clearInterval(timer)
      timer = null
    }
  }
}

/**
 * Whether a process and all that hangs on it together hold more memory than the limit, in bytes. The cheap sum counts pages
 * shared after a fork more than once, so only a sum above the limit is counted exactly.
 */
export const holdsMoreThan =
  (limit: number, root: () => number | undefined): Watched['isExceeded'] =>
  (processes) => {
    const pid = root()
    if (pid === undefined) return false
    const pids = familyOf(pid, processes()).map((member) => member.pid)
    const isAbove = (memory: (pid: number) => number) => pids.reduce((sum, one) => sum + memory(one), 0) > limit
    return isAbove(memoryOf) && isAbove(proportionalMemoryOf)
  }

const lookEveryMs = 100
