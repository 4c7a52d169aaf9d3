import { familyOf, listProcesses, memoryOf, proportionalMemoryOf } from './process-table.ts'

export type Watched = {
  readonly root: () => number | undefined
  readonly limit: number
  readonly onExceeded: () => void
}

/**
 * Looks ten times a second whether a container's processes together hold more memory than its limit. The cheap sum counts
 * pages shared after a fork more than once, so only a sum above the limit is counted exactly. Returns: how to watch one
 * container, which returns how to stop.
 */
export const memoryWatch = (): ((watched: Watched) => () => void) => {
  const all = new Set<Watched>()
  let timer: NodeJS.Timeout | null = null
  const look = (): void => {
    const processes = listProcesses()
    for (const watched of all) {
      const root = watched.root()
      if (root === undefined) continue
      const pids = familyOf(root, processes).map(({ pid }) => pid)
      const isAbove = (memory: (pid: number) => number) =>
        pids.reduce((sum, pid) => sum + memory(pid), 0) > watched.limit
      if (isAbove(memoryOf) && isAbove(proportionalMemoryOf)) watched.onExceeded()
    }
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

const lookEveryMs = 100
