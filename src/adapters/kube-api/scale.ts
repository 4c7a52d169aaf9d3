import type { ApiObject } from '../../application/api/resource.ts'
import type { LabelSelector } from '../../domain/kubernetes/job-object.ts'
import { selectorText } from '../../projections/tables/selector-text.ts'
import { isObject, type JsonObject } from './body/decode-object.ts'

export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const

/** A Job as its number of replicas alone: `spec.parallelism` wanted, `status.active` there. */
export const scaleOf = (job: ApiObject & JsonObject): ApiObject & JsonObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = job.metadata
  const spec = partOf(job, 'spec')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: { replicas: spec['parallelism'] ?? 0 },
    status: { replicas: partOf(job, 'status')['active'] ?? 0, selector: textOf(spec['selector']) },
  }
}

/** The Job that a Scale wants. */
export const scaledTo = (job: JsonObject, scale: JsonObject): JsonObject => ({
  ...job,
  spec: { ...partOf(job, 'spec'), parallelism: replicasOf(scale) },
})

/** A Scale without a number wants none. */
export const replicasOf = (scale: JsonObject): number => {
  const { replicas } = partOf(scale, 'spec')
  return typeof replicas === 'number' ? replicas : 0
}

const partOf = (object: JsonObject, part: string): JsonObject => {
  const value = object[part]
  return isObject(value) ? value : {}
}

/** Nothing is selected by no selector. */
const textOf = (selector: unknown): string =>
  isObject(selector) ? selectorText(selector as LabelSelector).replace('<none>', '') : ''
