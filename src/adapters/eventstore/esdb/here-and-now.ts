import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Holder } from './lease-record.ts'

/** Which process this is, and in which space of process numbers: the machine since its last start, and the container on it. */
export const hereAndNow = (): Omit<Holder, 'session'> => ({
  host: hostname(),
  place: [hostname(), read('/proc/sys/kernel/random/boot_id'), link('/proc/self/ns/pid')].join(' '),
  pid: process.pid,
})

/** Whether a holder ran where this process runs and is there no more. Of a holder elsewhere nothing is known. */
export const isGone = ({ place, pid }: Holder): boolean => {
  const here = hereAndNow()
  if (place !== here.place) return false
  if (pid === here.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH'
  }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

const link = (file: string): string => {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
