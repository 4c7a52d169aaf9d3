import type { OpenFailure, Reading } from '../adapters/cli/cli-ports.ts'
import { catchUp, newLedger } from '../application/log/ledger.ts'
import { E } from '../prelude.ts'
import type { LogPlace } from './log-place.ts'
import { die } from './this-process.ts'

/** The log as it is, for those who only read. */
export const openReading = async (place: LogPlace, dataDir: string): Promise<E.Either<OpenFailure, Reading>> => {
  const store = await place.openToRead(dataDir)
  if (E.isLeft(store)) return place.refused(store.left)
  const ledger = newLedger()
  const caught = await catchUp(store.right, ledger)
  if (E.isLeft(caught)) return E.left({ _tag: 'Refused', reason: caught.left })
  let stop = (): void => {}
  return E.right({
    ledger,
    store: store.right,
    follow: () => {
      const following = store.right
        .subscribeAll(ledger.position())
        .subscribe({ next: (events) => ledger.apply(events), error: (cause) => die(String(cause)) })
      stop = () => following.unsubscribe()
    },
    close: async () => {
      stop()
      await store.right.close()
    },
  })
}
