import type { Shape } from './schema.ts'
import { dnsLabel } from './validation/names.ts'
import { podTemplateWarnings } from './validation/pod-template-warnings.ts'

/** What the server warns of when a Job is created [1.3]; none of it refuses. A name that is still to be generated is not judged. */
export const jobWarnings = ({ metadata, spec = {} }: Shape<'Job'>): ReadonlyArray<string> => [
  ...(metadata?.name ? nameWarnings(metadata.name) : []),
  ...jobSpecWarnings('spec', spec),
]

/** The same for a change, which only a new generation makes worth a warning. */
export const jobUpdateWarnings = ({ spec = {} }: Shape<'Job'>, isNewGeneration: boolean): ReadonlyArray<string> =>
  isNewGeneration ? jobSpecWarnings('spec', spec) : []

/** Of the spec of a Job at a path, `spec.jobTemplate.spec` in a CronJob. */
export const jobSpecWarnings = (at: string, spec: Shape<'JobSpec'>): ReadonlyArray<string> => {
  const { completionMode, completions = 0, parallelism = 0, template = {} } = spec
  return [
    ...(completionMode === 'Indexed' && completions > 100_000 && parallelism > 10_000
      ? [`${at}: ${manyIndexesText}`]
      : []),
    ...podTemplateWarnings(`${at}.template`, template),
  ]
}

/** Of a name that Pods will be called after. */
export const nameWarnings = (name: string): ReadonlyArray<string> => {
  const reasons = dnsLabel(name)
  return reasons.length === 0
    ? []
    : [
        `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${reasons.join(' ')}]`,
      ]
}

const manyIndexesText =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail'
