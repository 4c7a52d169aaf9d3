import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import { apiHandler } from '../../../src/adapters/kube-api/handler.ts'
import { E } from '../../../src/prelude.ts'
import { resourceDouble } from '../../support/resource-double.ts'
import { countingEntropy } from '../../support/world.ts'

export const merge = 'application/merge-patch+json'
export const json = 'application/json-patch+json'

/** An API over doubles, with one namespace called `ns`. */
export const api = async () => {
  const jobs = resourceDouble()
  const namespaces = resourceDouble()
  const handle = apiHandler({
    resources: { jobs, pods: resourceDouble(), namespaces },
    entropy: countingEntropy(),
    position: jobs.position,
    now: () => Date.UTC(2026, 0, 1, 1),
    readYaml: (text) => (text === 'broken' ? E.left('it is broken') : E.right({ metadata: { name: text.trim() } })),
  })
  const call = async (
    method: string,
    address: string,
    { body, type = 'application/json', accept = '', tag }: Asking = {},
  ) => {
    const { pathname, searchParams } = new URL(address, 'http://here')
    const answer = await handle({
      method,
      path: pathname,
      query: searchParams,
      headers: {
        accept,
        ...(tag === undefined ? {} : { 'if-none-match': tag }),
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      body: new TextEncoder().encode(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
      user: administrator('ada'),
    })
    return {
      code: answer.status,
      body: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body,
      warnings: answer.headers.filter(([name]) => name === 'Warning').map(([, value]) => value),
      headers: new Map(answer.headers),
    }
  }
  await call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'ns' } } })
  return call
}

type Asking = { readonly body?: unknown; readonly type?: string; readonly accept?: string; readonly tag?: string }

export const jobsOf = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`
export const jobs = jobsOf('ns')
export const job = (name?: string, spec: Readonly<Record<string, unknown>> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: name === undefined ? {} : { name },
  spec,
})

/** A Status as Kubernetes writes it. */
export const status = (code: number, reason: string, message: string, details?: unknown) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details === undefined ? {} : { details }),
  code,
})

/** An API with a Job called `job`. */
export const withJob = async (metadata: object = {}, spec: object = {}) => {
  const call = await api()
  await call('POST', jobs, { body: { ...job(), metadata: { name: 'job', ...metadata }, spec } })
  return call
}
