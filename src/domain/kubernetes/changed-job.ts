import { canonicalForm } from './canonical-form.ts'
import type { Shape } from './schema.ts'
import { userMetadata, withDefaults } from './with-defaults.ts'

/**
 * What a client asks for that sends a Job in place of `present` [D-6]: metadata and spec as sent, with defaults, everything else
 * as it is. Defaulting runs here too: a Job without labels takes those of its template [D-4]. The generation is the caller's
 * to raise.
 */
export const changedJob = (sent: Shape<'Job'>, present: Shape<'Job'>): Shape<'Job'> => {
  const { metadata, spec = {} } = withDefaults(sent)
  const labels = spec.template?.metadata?.labels
  return {
    ...present,
    metadata: changedMetadata(
      { ...sent.metadata, ...(metadata?.labels === undefined && labels !== undefined ? { labels } : {}) },
      present.metadata ?? {},
    ),
    spec,
  }
}

/** The same for a Job sent to `/status`: its status, and of its metadata what is the user's; the spec stays [D-6]. */
export const changedJobStatus = (sent: Shape<'Job'>, present: Shape<'Job'>): Shape<'Job'> => ({
  ...present,
  metadata: changedMetadata(sent.metadata ?? {}, present.metadata ?? {}),
  status: statusWithTimes(canonicalForm('JobStatus')(sent.status ?? {}) as Shape<'JobStatus'>),
})

/** The times of a condition are written as null when they were not said. */
const statusWithTimes = (status: Shape<'JobStatus'>): Shape<'JobStatus'> =>
  status.conditions === undefined
    ? status
    : { ...status, conditions: status.conditions.map((condition) => ({ ...noTimes, ...condition })) }

const noTimes = {
  type: '',
  status: '',
  lastProbeTime: null,
  lastTransitionTime: null,
} as unknown as Shape<'JobCondition'>

/**
 * Metadata after a change: labels, annotations, finalizers, owners as sent, the server's own fields as they are, and the managers of
 * fields unless others are told. Another uid and the wish to be deleted are kept as sent, for the validation to refuse.
 */
export const changedMetadata = (sent: Shape<'ObjectMeta'>, present: Shape<'ObjectMeta'>): Shape<'ObjectMeta'> => {
  const {
    generateName: _,
    labels: _l,
    annotations: _a,
    finalizers: _f,
    ownerReferences: _o,
    managedFields,
    ...owned
  } = present
  const deletionTimestamp = present.deletionTimestamp ?? sent.deletionTimestamp
  return {
    ...userMetadata(canonicalForm('ObjectMeta')(sent) as Shape<'ObjectMeta'>),
    ...(sent.managedFields === undefined && managedFields !== undefined ? { managedFields } : {}),
    ...owned,
    ...(sent.uid ? { uid: sent.uid } : {}),
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
  }
}
