import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Resource } from './resource.ts'

/** Deletes Events that clients wrote an hour ago and have not counted up since, as Kubernetes does. The answer ends it. */
export const expireEvents = ({
  ledger,
  clock,
  events,
}: {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly events: Pick<Resource, 'remove'>
}): (() => void) => {
  const asked = { actor: { kind: 'saga' as const, name: 'ensure-expired-events-go' }, warn: () => {} }
  const look = async (): Promise<void> => {
    const since = clock.now() - keptMs
    for (const { state } of ledger.objects.list('events', null))
      if (state._tag === 'StoredObject' && state.changedAt <= since)
        await events.remove?.(state.namespace, state.name, {}, asked)()
  }
  let isDue = false
  const lookLater = (): void => {
    if (isDue || ledger.objects.list('events', null).length === 0) return
    isDue = true
    clock.scheduler.schedule(() => {
      isDue = false
      void look().then(lookLater)
    }, windowMs)
  }
  const subscription = ledger.objects.news$.subscribe(lookLater)
  lookLater()
  return () => subscription.unsubscribe()
}

const keptMs = 3_600_000

/** Between two looks. */
const windowMs = 60_000
