import { missingAnnotation } from '../../domain/stored-object/sealed-form.ts'
import type { Ledger } from '../log/ledger.ts'

/** What to tell when Secrets of the log have values that are not here; null: all are. `folder`: where they should be. */
export const missingValues = ({ objects }: Ledger, folder: string): string | null => {
  const missing = objects
    .list('secrets', null)
    .filter((view) => objects.shown(view)?.metadata.annotations?.[missingAnnotation] !== undefined)
  if (missing.length === 0) return null
  const what = missing.length === 1 ? 'the values of 1 Secret are' : `the values of ${missing.length} Secrets are`
  return `${what} not in ${folder}, or its key is missing there: they are kept outside of the log, where they were written; they are shown without values`
}
