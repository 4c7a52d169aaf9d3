import { free, visible } from '../../application/api/pod-lookup.ts'
import { livePods } from '../../domain/job/pod-columns.ts'
import type { PodObject } from '../../domain/kubernetes/pod-object.ts'
import { podObject } from '../../projections/pod-object.ts'
import type { Reading } from './cli-ports.ts'
import { isInScope, requirePod, type Scope } from './targets.ts'

/** Pods of Jobs, then those of nobody. */
export const podsIn = ({ ledger }: Reading, scope: Scope): ReadonlyArray<PodObject> => [
  ...ledger
    .all()
    .filter(isInScope(scope))
    .flatMap((view) =>
      view.state._tag === 'NoJob' ? [] : [...livePods(view.state.pods)].flatMap((pod) => podObject(view, pod) ?? []),
    ),
  ...ledger.freePods
    .list()
    .flatMap((view) => visible(view, scope.allNamespaces ? null : scope.namespace, ledger) ?? []),
]

/** The Pod of this name, whoever has it. */
export const requirePodObject = (reading: Reading, namespace: string, name: string): ReadonlyArray<PodObject> => {
  const alone = free(reading.ledger, namespace, name)
  if (alone !== null) return [alone.object]
  const { view, pod } = requirePod(reading, namespace, name)
  const object = podObject(view, pod)
  return object === null ? [] : [object]
}
