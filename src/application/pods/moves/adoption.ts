import type { FreePod } from '../../../domain/free-pod/free-pod.ts'
import type { AdoptPod } from '../../../domain/job/commands.ts'
import { containerNames } from '../../../domain/job/job-terms.ts'
import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { podReport, type ReportedStatus } from '../../../domain/kubernetes/pod-report.ts'
import type { FreePodView } from '../../../projections/free-pod-view.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { observationsOf } from '../../../projections/observations-of.ts'
import { trackingFinalizer } from '../../../projections/pod-object.ts'

/** By what a Job takes a Pod of no Job. The finalizer of Jobs is not part of the form: that the Job tracks the Pod says as much. */
export const adoption = (pod: FreePodView, state: FreePod, { manifest }: JobView): AdoptPod | null => {
  const { form, life, containers } = pod
  if (form === null || manifest === null) return null
  const { uid, name, hasNode, node, place } = state
  const { resourceVersion: _, finalizers = [], ...rest } = form.metadata
  const kept = finalizers.filter((finalizer) => finalizer !== trackingFinalizer)
  const hasFinalizers = kept.length > 0
  const metadata = { ...rest, ...(hasFinalizers && { finalizers: kept }) }
  const adopted = {
    type: 'AdoptPod' as const,
    uid,
    name,
    index: indexOf(form),
    hasNode,
    hasFinalizers,
    createdAt: Date.parse(form.metadata.creationTimestamp ?? '') || 0,
  }
  if (node !== null)
    return {
      ...adopted,
      form: { metadata, spec: form.spec },
      run: { node, place, observations: observationsOf(life, containers) },
    }
  return {
    ...adopted,
    form: { metadata, spec: form.spec, status: form.status },
    report: podReport(form.status as ReportedStatus, containerNames(manifest.spec)),
  }
}

/** [4.2] Null: none that can be read. */
const indexOf = ({ metadata }: PodObject): number | null => {
  const text = metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? ''
  return /^\d+$/.test(text) ? Number(text) : null
}
