import type { Shape } from '../../domain/kubernetes/schema.ts'

/** A Job as its user would have written it, and the paths of the fields that were left out for that. */
export type UserJob = { readonly job: Shape<'Job'>; readonly leftOut: ReadonlyArray<string> }

/**
 * Takes out of a Job that was read from a cluster (`kubectl get job -o yaml`) what its server had added: identity, status, and the
 * generated selector with its labels, which no other Job may carry. A Job without a trace of a server stays as it is.
 */
export const withoutServerFields = (job: Shape<'Job'>): UserJob => {
  const uid = serverUid(job)
  if (uid === null) return { job: unmanaged(job), leftOut: [] }
  const { metadata = {}, spec = {}, status } = job
  const isManual = spec.manualSelector === true
  const selector = isManual || spec.selector === undefined ? [] : ['spec.selector']
  const own = isManual ? kept(metadata.labels) : withoutGenerated('metadata.labels', metadata.labels, uid)
  const template = spec.template ?? {}
  const pods = isManual
    ? kept(template.metadata?.labels)
    : withoutGenerated('spec.template.metadata.labels', template.metadata?.labels, uid)
  const { selector: _, ...terms } = spec
  return {
    job: {
      ...job,
      metadata: withLabels(unmanaged(job).metadata ?? {}, own.labels),
      spec: {
        ...(isManual ? spec : terms),
        template:
          template.metadata === undefined
            ? template
            : { ...template, metadata: withLabels(template.metadata, pods.labels) },
      },
    },
    leftOut: [
      ...identity.filter((name) => isGiven(metadata[name])).map((name) => `metadata.${name}`),
      ...selector,
      ...own.leftOut,
      ...pods.leftOut,
      ...(isGiven(status) ? ['status'] : []),
    ],
  }
}

/** Without the list of who manages which field: on a command line the one who runs it does. */
export const unmanaged = <A extends { readonly metadata?: Shape<'ObjectMeta'> }>(object: A): A => {
  if (object.metadata?.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

type Labels = Readonly<Record<string, string>> | undefined

const identity = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'] as const

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** The uid that a server gave the Job, also where only its generated selector is left of it. */
const serverUid = ({ metadata, spec }: Shape<'Job'>): string | null => {
  if (metadata?.uid) return metadata.uid
  if (spec?.manualSelector === true) return null
  const { matchLabels = {} } = spec?.selector ?? {}
  const uid = uidLabels.map((key) => (Object.hasOwn(matchLabels, key) ? matchLabels[key] : undefined)).find(isGiven)
  return uid ?? null
}

const uidLabels = ['batch.kubernetes.io/controller-uid', 'controller-uid']
const nameLabels = ['batch.kubernetes.io/job-name', 'job-name']

const kept = (labels: Labels) => ({ labels, leftOut: [] })

const withoutGenerated = (at: string, labels: Labels, uid: string) => {
  const isGenerated = ([key, value]: readonly [string, string]): boolean =>
    nameLabels.includes(key) || (uidLabels.includes(key) && value === uid)
  const entries = Object.entries(labels ?? {})
  return {
    labels: labels && Object.fromEntries(entries.filter((entry) => !isGenerated(entry))),
    leftOut: entries.some(isGenerated) ? [`the generated ${at}`] : [],
  }
}

const withLabels = ({ labels: _, ...metadata }: Shape<'ObjectMeta'>, labels: Labels): Shape<'ObjectMeta'> =>
  labels === undefined ? metadata : { ...metadata, labels }
