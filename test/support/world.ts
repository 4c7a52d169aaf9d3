import { createHash } from 'node:crypto'
import { catchUp, newLedger } from '../../src/application/log/ledger.ts'
import type { Clock } from '../../src/application/ports/clock.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import type { PodRuntime } from '../../src/application/ports/pod-runtime.ts'
import { startApplication } from '../../src/application/start-application.ts'
import { isFinished } from '../../src/domain/job/job.ts'
import type { JobView } from '../../src/projections/job-view.ts'

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** UUIDs that count up, so that a test's log is the same each time. */
export const countingEntropy = (from = 0) => {
  let count = from
  return {
    digest,
    uuid: () => {
      count += 1
      return `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`
    },
  }
}

export const user = { kind: 'user' as const, name: 'ada', agent: 'test' }

/** The whole application over a store, a runtime and a clock, as `main` would wire it. */
export const world = async (parts: {
  readonly store: EventStore
  readonly runtime: PodRuntime
  readonly clock: Clock
  readonly podBackoffBaseMs?: number
  /** UUIDs begin behind this number: a second process over the same log must not give the first one's again. */
  readonly uuidsFrom?: number
}) => {
  const { store, runtime, clock, podBackoffBaseMs = 10_000, uuidsFrom = 0 } = parts
  const entropy = countingEntropy(uuidsFrom)
  const ledger = newLedger()
  await catchUp(store, ledger)
  const fatal: string[] = []
  const notices: string[] = []
  const app = startApplication({
    store,
    ledger,
    runtime,
    clock,
    entropy,
    localZone: 'UTC',
    podBackoffBaseMs,
    movesPods: false,
    onFatal: (reason) => fatal.push(reason),
    onNotice: (text) => notices.push(text),
  })
  return {
    ...app,
    fatal,
    notices,
    /** Resolves with the Job's view once it holds. */
    until: (uid: string, holds: (view: JobView) => boolean): Promise<JobView> =>
      new Promise((resolve) => {
        const look = () => {
          const view = ledger.getByUid(uid)
          if (view === null || !holds(view)) return
          subscription.unsubscribe()
          resolve(view)
        }
        const subscription = ledger.news$.subscribe(look)
        look()
      }),
  }
}

export const finished = ({ state }: JobView): boolean => state._tag === 'Job' && isFinished(state)
