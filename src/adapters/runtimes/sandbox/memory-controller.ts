import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isInside } from './bubblewrap-arguments.ts'

/** Where the kernel's memory controller has the control group of this process, and which of its two interfaces it speaks. */
export type MemoryController = {
  readonly version: 1 | 2
  readonly folder: string
  /** Whether `folder` is the topmost group this process can see. */
  readonly isTop: boolean
}

/** The memory controller of this process; null where none is mounted, or its group lies outside of what is mounted. */
export const findMemoryController = (): MemoryController | null => {
  try {
    return memoryControllerIn(readFileSync('/proc/self/cgroup', 'utf8'), readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch {
    return null
  }
}

/** The same, from the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`. A controller that version 1 has, version 2 lacks. */
export const memoryControllerIn = (groups: string, mounts: string): MemoryController | null => {
  const ofVersion1 = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(groups)?.[1]
  const version = ofVersion1 === undefined ? 2 : 1
  const group = ofVersion1 ?? /^0::(.*)$/m.exec(groups)?.[1]
  const mount = mounts
    .split('\n')
    .map(readMount)
    .find(version === 1 ? isMemoryMount : isUnifiedMount)
  if (group === undefined || mount === undefined) return null
  if (!isInside(group, mount.root) || group.split('/').includes('..')) return null
  const below = relative(mount.root, group)
  return { version, folder: join(mount.place, below), isTop: below === '' }
}

type Mount = { readonly root: string; readonly place: string; readonly type: string; readonly options: string }

/** The number of optional fields varies, so those behind the lonely dash are counted from it. */
const readMount = (line: string): Mount => {
  const fields = line.split(' ')
  const dash = fields.indexOf('-', 6)
  return {
    root: fields[3] ?? '',
    place: fields[4] ?? '',
    type: (dash < 0 ? undefined : fields[dash + 1]) ?? '',
    options: (dash < 0 ? undefined : fields[dash + 3]) ?? '',
  }
}

const isMemoryMount = ({ type, options }: Mount): boolean => type === 'cgroup' && options.split(',').includes('memory')
const isUnifiedMount = ({ type }: Mount): boolean => type === 'cgroup2'
