import { asking } from './asking.ts'

export const jobs = '/apis/batch/v1/namespaces/ns/jobs'
export const maps = '/api/v1/namespaces/ns/configmaps'

export type Entry = {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly time: string
  readonly fieldsV1: Readonly<Record<string, unknown>>
}

/** An API to whose objects configurations are applied. */
export const applying = async (...parts: Parameters<typeof asking>) => {
  const world = await asking(...parts)
  const apply = (manager: string, path: string, config: unknown, query = '') =>
    world.ask('PATCH', `${path}?fieldManager=${manager}${query}`, config, { type: 'application/apply-patch+yaml' })
  /** Who manages the object at a path, and what. */
  const managersOf = async (path: string): Promise<ReadonlyArray<Entry>> =>
    (await world.ask('GET', path)).body.metadata.managedFields ?? []
  return { ...world, apply, managersOf }
}

/** A configuration of a Job that nobody works for. */
export const job = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job', ...metadata },
  spec,
})

export const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } }

export const wholeJob = (spec: object = {}, metadata: object = {}) =>
  job({ managedBy: 'example.com/nobody', suspend: true, template, ...spec }, metadata)

export const map = (data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'map', ...metadata },
  data,
})
