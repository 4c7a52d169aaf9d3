/**
 * What the API server adds to a new Job [L-1, D-4]: its uid, the four generated labels of the Pod template (a label already
 * there is kept), the selector of that uid, and for a Job without labels those of its template. With `manualSelector` labels
 * and selector are the user's own [L-3].
 */
export const prepareJob = <J extends Preparable>(job: J, uid: string): J => {
  const template = withGeneratedLabels(job, uid)
  const ownLabels = job.metadata?.labels ?? {}
  const labels = Object.keys(ownLabels).length > 0 ? ownLabels : (template?.metadata?.labels ?? {})
  const { labels: _, ...metadata } = job.metadata ?? {}
  return {
    ...job,
    metadata: { ...metadata, uid, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: { ...job.spec, template, ...(isManual(job) ? {} : { selector: generatedSelector(job, uid) }) },
  }
}

/** The labels by which a Job's Pods are known, the prefixed ones first and then those of older releases. */
export const generatedLabels = (name: string, uid: string) => ({
  'batch.kubernetes.io/controller-uid': uid,
  'batch.kubernetes.io/job-name': name,
  'controller-uid': uid,
  'job-name': name,
})

type Labels = Readonly<Record<string, string>>

type Preparable = {
  readonly metadata?: { readonly name?: string; readonly labels?: Labels }
  readonly spec?: {
    readonly manualSelector?: boolean
    readonly selector?: { readonly matchLabels?: Labels }
    readonly template?: { readonly metadata?: { readonly labels?: Labels } }
  }
}

const isManual = (job: Preparable): boolean => job.spec?.manualSelector === true

const withGeneratedLabels = (job: Preparable, uid: string) => {
  const template = job.spec?.template ?? {}
  if (isManual(job)) return template
  const labels = { ...generatedLabels(job.metadata?.name ?? '', uid), ...template.metadata?.labels }
  return { ...template, metadata: { ...template.metadata, labels } }
}

const generatedSelector = (job: Preparable, uid: string) => ({
  ...job.spec?.selector,
  matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...job.spec?.selector?.matchLabels },
})
