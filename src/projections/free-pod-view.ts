import type { FreePodEvent } from '../domain/free-pod/events.ts'
import { evolveFreePod, type FreePodState, noFreePod } from '../domain/free-pod/free-pod.ts'
import type { PodObject, PodStatus } from '../domain/kubernetes/pod-object.ts'
import { applyMergePatch } from '../domain/merge-patch.ts'
import type { RecordedEvent } from './recorded.ts'
import { kubernetesTime } from './time.ts'

/** A Pod that no Job controls: how it stands, and its form. */
export type FreePodView = {
  readonly state: FreePodState
  readonly form: PodObject | null
  /** Of its last event: its resourceVersion. */
  readonly position: bigint
  /** Of the last event of the stream; -1 before the first. */
  readonly revision: number
}

export const emptyFreePodView: FreePodView = { state: noFreePod, form: null, position: 0n, revision: -1 }

export const foldFreePodView = (view: FreePodView, batch: ReadonlyArray<RecordedEvent<FreePodEvent>>): FreePodView => {
  let { form } = view
  for (const { event } of batch)
    if (event.type === 'FreePodFormRecorded') form = event.form as PodObject
    else if (event.type === 'FreePodChanged') form = applyMergePatch(form, event.patch) as PodObject
    else if (event.type === 'FreePodStatusRecorded' && form !== null)
      form = { ...form, status: event.status as PodStatus }
  const state = evolveFreePod(
    view.state,
    batch.map(({ event }) => event),
  )
  const { position, revision } = batch.at(-1) ?? view
  return { state, form, position, revision }
}

/** The Pod as the API shows it; null when it is gone, or a Job has taken it over. */
export const freePodObject = ({ state, form, position }: FreePodView): PodObject | null => {
  if (state._tag === 'NoFreePod' || form === null || state.isRemoved) return null
  const { deletion } = state
  return {
    ...form,
    metadata: {
      ...form.metadata,
      resourceVersion: `${position}`,
      ...(deletion === null
        ? {}
        : {
            generation: (form.metadata.generation ?? 1) + 1,
            deletionTimestamp: kubernetesTime(deletion.at + deletion.graceSeconds * 1000),
            deletionGracePeriodSeconds: deletion.graceSeconds,
          }),
    },
  }
}
