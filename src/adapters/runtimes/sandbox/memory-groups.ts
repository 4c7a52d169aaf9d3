import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { findMemoryController, type MemoryController } from './memory-controller.ts'
import { findProcess, isSameProcess } from './process-table.ts'

/** A control group that holds the processes of one container attempt. */
export type MemoryGroup = {
  /** Whether the kernel killed a process in it because memory ran out, here or in the whole machine. */
  readonly hasKilled: () => boolean
  /** The processes in it. */
  readonly members: () => ReadonlyArray<number>
  /** Removes it, now or when its last process is gone. */
  readonly remove: () => void
}

export type MemoryGroups = {
  /**
   * Makes a group with this limit in bytes and puts the process in it, with all that it will ever start. Null: this machine
   * does not let us, and somebody else must look after the limit.
   */
  readonly enter: (name: string, limit: number, pid: number) => MemoryGroup | null
  /** Removes what is left of the groups. */
  readonly close: () => void
}

/**
 * Lets the kernel keep memory limits, where this process may make control groups below its own. They lie in a group named
 * after this process, so that the next run finds and removes what a crashed one left.
 *
 * It cannot be told that memory ran out where no group can be made, nor by a kernel before 4.13, which does not count whom it
 * killed: there such a group is not used at all. Memory is counted from the moment a process enters.
 */
export const memoryGroups = (
  controller: MemoryController | null = findMemoryController(),
  folders: Folders = { make: (folder) => mkdirSync(folder), remove: rmdirSync },
): MemoryGroups => {
  const place = controller === null ? null : placeFor(controller)
  if (controller === null || place === null) return noGroups
  const { version } = controller
  const mine = join(place, `jobledger-${process.pid}-${findProcess(process.pid)?.startTicks ?? 0}`)
  let isOpen = false
  let leaving: ReadonlyArray<string> = []

  const removeAll = (doomed: ReadonlyArray<string>): ReadonlyArray<string> =>
    doomed.filter((folder) => !succeeds(() => folders.remove(folder)))
  const removeLeftovers = (): void => {
    for (const folder of leftoversIn(place)) removeAll([...foldersIn(folder), folder])
  }

  const open = (): boolean => {
    if (succeeds(() => prepare(mine, controller, folders))) return true
    removeAll([mine])
    return false
  }

  removeLeftovers()
  return {
    enter: (name, limit, pid) => {
      isOpen ||= open()
      if (!isOpen) return null
      const group = join(mine, name)
      const entered = succeeds(() => {
        folders.make(group)
        limitMemory(group, version, limit)
        if (killsOf(group, version) === undefined) throw new Error('kills are not counted')
        write(join(group, 'cgroup.procs'), `${pid}`)
      })
      if (!entered) {
        removeAll([group])
        return null
      }
      return {
        hasKilled: () => (killsOf(group, version) ?? 0) > 0,
        members: () => (read(join(group, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number),
        remove: () => {
          leaving = removeAll([...leaving, group])
        },
      }
    },
    close: () => {
      removeAll(isOpen ? [...leaving, mine] : [])
      leaving = []
      isOpen = false
      removeLeftovers()
    },
  }
}

/** How groups are made and removed: a group is a folder whose files come and go with it. */
export type Folders = { readonly make: (folder: string) => void; readonly remove: (folder: string) => void }

const noGroups: MemoryGroups = { enter: () => null, close: () => {} }

/**
 * Where a group may be made: below our own. In version 2 a group has either processes or limited children (but for the
 * topmost), so there it is beside our own, unless that would let containers out of a limit we are under ourselves.
 */
const placeFor = ({ version, folder, isTop }: MemoryController): string | null => {
  if (version === 1 || isTop) return folder
  return read(join(folder, 'memory.max'))?.trim() === 'max' ? dirname(folder) : null
}

/** Only at the top is the controller handed down by us: everywhere else that is for whoever made the groups. */
const prepare = (folder: string, { version, isTop }: MemoryController, folders: Folders): void => {
  if (version === 2 && isTop) succeeds(() => write(join(dirname(folder), 'cgroup.subtree_control'), '+memory'))
  folders.make(folder)
  if (version === 2) write(join(folder, 'cgroup.subtree_control'), '+memory')
}

/** With swap, a limit would make slow what it should end. In version 2 the kernel kills the whole group, as Kubernetes asks for. */
const limitMemory = (group: string, version: 1 | 2, limit: number): void => {
  if (version === 1) {
    write(join(group, 'memory.limit_in_bytes'), `${limit}`)
    succeeds(() => write(join(group, 'memory.memsw.limit_in_bytes'), `${limit}`))
    return
  }
  write(join(group, 'memory.max'), `${limit}`)
  succeeds(() => write(join(group, 'memory.swap.max'), '0'))
  succeeds(() => write(join(group, 'memory.oom.group'), '1'))
}

const killsOf = (group: string, version: 1 | 2): number | undefined => {
  const text = read(join(group, version === 1 ? 'memory.oom_control' : 'memory.events'))
  const count = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1]
  return count === undefined ? undefined : Number(count)
}

/** Groups of processes that are gone. One that still holds a process cannot be removed, so a mistake harms nobody. */
const leftoversIn = (place: string): ReadonlyArray<string> =>
  foldersIn(place).filter((folder) => {
    const [, pid, startTicks] = /\/jobledger-(\d+)-(\d+)$/.exec(folder) ?? []
    return pid !== undefined && !isSameProcess({ pid: Number(pid), startTicks: Number(startTicks) })
  })

const foldersIn = (folder: string): ReadonlyArray<string> => {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? join(folder, entry.name) : [],
  )
}

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Never makes a file: those of a group are the kernel's. */
const write = (file: string, text: string): void => {
  const fd = openSync(file, constants.O_WRONLY)
  try {
    writeSync(fd, text)
  } finally {
    closeSync(fd)
  }
}

const succeeds = (effect: () => void): boolean => {
  try {
    effect()
    return true
  } catch {
    return false
  }
}
