import type { StoredObjectEvent } from '../../domain/stored-object/events.ts'
import { referenceOf } from '../../domain/stored-object/sealed-form.ts'
import type { Ledger } from '../log/ledger.ts'
import type { SecretVault } from '../ports/secret-vault.ts'

/**
 * Heals what a crash has left between the log and the vault. To be made before the ledger catches up, and called when it has: what nobody holds any more, or
 * was about to and never did, is forgotten; what is held is confirmed. What this log never knew is somebody else's.
 */
export const secretSweep = (
  ledger: Ledger,
  vault: Pick<SecretVault, 'confirm' | 'forget' | 'kept'>,
): (() => Promise<void>) => {
  const named = new Set<string>()
  const subscription = ledger.objects.news$.subscribe((news) => {
    for (const { recorded } of news)
      for (const { event } of recorded) {
        const reference = referenceIn(event)
        if (reference !== null) named.add(reference)
      }
  })
  return async () => {
    subscription.unsubscribe()
    const held = new Set(
      ledger.objects
        .all()
        .flatMap(({ state }) => (state._tag === 'StoredObject' && !state.isDeleted ? [referenceOf(state.form)] : [])),
    )
    for (const { reference, isConfirmed } of vault.kept())
      if (held.has(reference)) await vault.confirm(reference)
      else if (named.has(reference) || !isConfirmed) await vault.forget(reference)
  }
}

/** A patch may name a part of it only, when the reference stays: then it was named before. */
const referenceIn = (event: StoredObjectEvent): string | null => {
  if (event.type === 'ObjectCreated') return referenceOf(event.form)
  if (event.type !== 'ObjectChanged') return null
  const { sealed } = event.patch
  const reference = typeof sealed === 'object' && sealed !== null && 'reference' in sealed ? sealed.reference : null
  return typeof reference === 'string' ? reference : null
}
