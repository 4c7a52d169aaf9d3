import type { ProcessIdentity } from '../../../application/ports/pod-runtime.ts'
import { familyOf, isSameProcess, listProcesses } from './process-table.ts'
import { type Belongs, familyOfRoot, marked, sweeper } from './sweeper.ts'

/**
 * Kills each process that is still the very one, with all that hangs on it, and whatever bears the mark of its Pod; resolves
 * when none is left, throws when that takes longer than ten seconds. Marks of Pods this run itself has (`isOurs`) are left
 * alone: a record of another process must not hit them.
 */
export const fence = async (
  processes: ReadonlyArray<ProcessIdentity>,
  { bootId, isOurs }: { readonly bootId: string; readonly isOurs: (podUid: string) => boolean },
): Promise<void> => {
  const ofThisBoot = processes.filter((identity) => identity.bootId === bootId)
  const podUids = new Set(ofThisBoot.map(({ podUid }) => podUid).filter((uid) => !isOurs(uid)))
  await killAll(ofThisBoot, [...podUids])
}

/** The same for processes known to be of this boot, and for all marks of these Pods. */
export const killAll = async (
  processes: ReadonlyArray<{ readonly pid: number; readonly startTicks: number }>,
  podUids: ReadonlyArray<string>,
): Promise<void> => {
  if (processes.length === 0 && podUids.length === 0) return
  const all = listProcesses()
  const roots = processes.filter(isSameProcess).map(({ pid }) => pid)
  const doomed = new Map(
    roots.flatMap((root) => familyOf(root, all)).map(({ pid, startTicks }) => [pid, startTicks] as const),
  )
  const tests: ReadonlyArray<Belongs> = [
    ({ pid, startTicks }) => doomed.get(pid) === startTicks,
    ...roots.map(familyOfRoot),
    ...podUids.map((uid) => marked({ JOBLEDGER_POD_UID: uid })),
  ]
  await sweeper()((process, table) => tests.some((belongs) => belongs(process, table)))
}
