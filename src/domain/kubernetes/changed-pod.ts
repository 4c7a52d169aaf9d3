import { canonicalForm } from './canonical-form.ts'
import { changedMetadata } from './changed-job.ts'
import { podSpecWithDefaults } from './pod-template-defaults.ts'
import { newPodSpec } from './pod-with-defaults.ts'
import type { Shape } from './schema.ts'

/**
 * What a client asks for that sends a Pod in place of `present`: metadata and spec as sent, with defaults, the rest as it is. A
 * priority that is left out stays.
 */
export const changedPod = (sent: Shape<'Pod'>, present: Shape<'Pod'>): Shape<'Pod'> => {
  const { priority, preemptionPolicy } = present.spec ?? {}
  return {
    ...present,
    metadata: changedMetadata(sent.metadata ?? {}, present.metadata ?? {}),
    spec: newPodSpec({
      ...(priority === undefined ? {} : { priority }),
      ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }),
      ...podSpecWithDefaults(canonicalForm('PodSpec')(sent.spec ?? {}) as Shape<'PodSpec'>),
    }),
  }
}
