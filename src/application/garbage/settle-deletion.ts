import { finalizersAfter } from '../../domain/kubernetes/deletion-finalizers.ts'
import { E } from '../../prelude.ts'
import type { Ledger } from '../log/ledger.ts'
import { askedByCollector, type OwnedResources } from './dependents.ts'

/** Takes the finalizer off a kept object with which it has waited for its dependents. */
export const settleDeletion = async (ledger: Ledger, resources: OwnedResources, uid: string): Promise<void> => {
  const state = ledger.objects.getByUid(uid)?.state
  if (state?._tag !== 'StoredObject') return
  const { resource, namespace, name } = state
  await resources[resource]?.change?.(
    { namespace, name, part: 'main' },
    (present) => {
      if (present.metadata.uid !== uid) return E.left({ _tag: 'NotFound' })
      const { finalizers = [], ...metadata } = present.metadata
      const left = finalizersAfter(finalizers, 'Background')
      return E.right({ ...present, metadata: { ...metadata, ...(left.length === 0 ? {} : { finalizers: left }) } })
    },
    askedByCollector,
  )()
}
