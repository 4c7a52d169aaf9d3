import { readFileSync } from 'node:fs'

/** Whether the process with this pid and start time (clock ticks since boot) is there and not merely a zombie. Linux only. */
export const isAlive = ({ pid, startTicks }: { readonly pid: number; readonly startTicks: number }): boolean => {
  const stat = statOf(pid)
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X' && stat.startTicks === startTicks
}

/** The command's name in parentheses may hold anything, so the fields are counted from its end. */
const statOf = (pid: number): { readonly state: string; readonly startTicks: number } | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTicks: Number(fields[19]) }
  } catch {
    return null
  }
}
