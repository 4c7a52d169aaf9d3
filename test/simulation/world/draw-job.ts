import type { JobManifest } from '../../../src/domain/kubernetes/job-object.ts'
import { manifest } from '../../support/manifests.ts'
import type { Random } from './random.ts'

type Spec = JobManifest['spec']
type FailureRules = NonNullable<Spec['podFailurePolicy']>['rules']

/** The world that the Job is for. */
export type JobSetting = {
  readonly movesPods: boolean
  readonly podsRunElsewhere: boolean
  /** Its user will give up indexes that are completed. */
  readonly isElastic: boolean
}

/** A Job as a user may ask for it, over all of batch/v1 that has rules for Pods. */
export const drawJob = (
  random: Random,
  name: string,
  { movesPods, podsRunElsewhere, isElastic }: JobSetting,
): JobManifest => {
  const { below, chance, pick, weighted } = random
  const isIndexed = isElastic || chance(0.5)
  const isPerIndex = isIndexed && chance(0.45)
  const isQueue = !isIndexed && chance(0.35)
  const hasFailurePolicy = chance(0.35)
  const restartPolicy = !isPerIndex && !hasFailurePolicy && chance(0.3) ? 'OnFailure' : 'Never'
  const completions = weighted([
    [isElastic ? 0 : 1, 0],
    [20, 1 + below(6)],
    [3, 7 + below(10)],
  ])
  const containers = chance(0.2) ? ['main', 'side'] : ['main']
  const graceSeconds = weighted([
    [5, undefined],
    [1, 0],
    [2, 5],
  ])
  const base = manifest({}, name)
  const isChoosy = movesPods && chance(0.3)
  const spec: Spec = {
    ...base.spec,
    completionMode: isIndexed ? 'Indexed' : 'NonIndexed',
    parallelism: weighted([
      [1, 0],
      [12, 1 + below(5)],
    ]),
    completions,
    suspend: chance(0.12),
    backoffLimit: isPerIndex
      ? weighted([
          [4, 2147483647],
          [1, below(6)],
        ])
      : weighted([
          [2, 0],
          [5, 1 + below(4)],
          [4, 6],
          [2, 40],
        ]),
    podReplacementPolicy: hasFailurePolicy || chance(0.4) ? 'Failed' : 'TerminatingOrFailed',
    ...(isChoosy && { manualSelector: true, selector: { matchLabels: { app: 'web' } } }),
    template: {
      ...(isChoosy && { metadata: { labels: { app: 'web' } } }),
      spec: {
        containers: containers.map((container) => ({ name: container, image: 'busybox', command: ['true'] })),
        restartPolicy,
        ...(chance(0.15) && { initContainers: [{ name: 'first', image: 'busybox', command: ['true'] }] }),
        ...(graceSeconds !== undefined && { terminationGracePeriodSeconds: graceSeconds }),
        ...(podsRunElsewhere && chance(0.6) && { nodeName: 'node-1' }),
      },
    },
    ...(chance(0.25) && { activeDeadlineSeconds: pick([1, 20, 60, 300, 5000]) }),
    ...(chance(0.3) && { ttlSecondsAfterFinished: pick([0, 0, 5, 100, 100_000]) }),
    ...(isPerIndex && {
      backoffLimitPerIndex: below(3),
      ...(chance(0.4) && { maxFailedIndexes: Math.min(below(4), completions) }),
    }),
    ...(hasFailurePolicy && { podFailurePolicy: { rules: drawFailureRules(random, isPerIndex, containers) } }),
    ...(isIndexed && completions > 0 && chance(0.35) && { successPolicy: drawSuccessPolicy(random, completions) }),
    ...(chance(0.03) && { managedBy: 'example.com/other' }),
  }
  const { completions: _, ...queue } = spec
  const finalizers = chance(0.06) ? { finalizers: ['example.com/keep'] } : {}
  return { ...base, metadata: { ...base.metadata, ...finalizers }, spec: isQueue ? queue : spec }
}

const drawFailureRules = (
  { below, chance, pick }: Random,
  isPerIndex: boolean,
  containers: ReadonlyArray<string>,
): FailureRules =>
  Array.from({ length: 1 + below(3) }, () => {
    const action = pick(
      isPerIndex
        ? (['Ignore', 'FailIndex', 'FailIndex', 'Count', 'FailJob'] as const)
        : (['Ignore', 'Ignore', 'Count', 'FailJob'] as const),
    )
    if (chance(0.35))
      return { action, onPodConditions: [{ type: 'DisruptionTarget', status: chance(0.85) ? 'True' : 'False' }] }
    const operator = chance(0.75) ? ('In' as const) : ('NotIn' as const)
    const values = [...new Set([pick([1, 3, 7]), pick([3, 42, 137])])].toSorted((a, b) => a - b)
    return { action, onExitCodes: { operator, values, ...(chance(0.3) && { containerName: pick(containers) }) } }
  })

const drawSuccessPolicy = ({ below, chance }: Random, completions: number): NonNullable<Spec['successPolicy']> => ({
  rules: Array.from({ length: 1 + below(2) }, () => {
    const first = below(completions)
    const last = first + below(completions - first)
    const listed = last - first + 1
    const succeededIndexes = last === first ? `${first}` : `${first}-${last}`
    if (chance(0.4)) return { succeededCount: 1 + below(completions) }
    return { succeededIndexes, ...(chance(0.5) && { succeededCount: 1 + below(listed) }) }
  }),
})
