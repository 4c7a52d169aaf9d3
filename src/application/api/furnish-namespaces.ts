import { E } from '../../prelude.ts'
import type { Ledger } from '../log/ledger.ts'
import type { NamespacesResource } from './namespaces.ts'
import type { ApiObject, Resource } from './resource.ts'

export type FurnishNamespacesPorts = {
  readonly ledger: Ledger
  readonly namespaces: NamespacesResource
  readonly serviceAccounts: Resource
  readonly configMaps: Resource
  /** By which clients know the server, as PEM; null: there is none, and no ConfigMap tells of it. */
  readonly rootCertificate: string | null
}

/**
 * Gives every namespace, those to come too, what Kubernetes puts into it: the service account `default`, and the certificate of the server in
 * `kube-root-ca.crt`; again when somebody deletes them. The answer ends it.
 */
export const furnishNamespaces = async (ports: FurnishNamespacesPorts): Promise<() => void> => {
  const { ledger, namespaces, serviceAccounts, configMaps, rootCertificate } = ports
  const asked = { actor: { kind: 'saga' as const, name: 'ensure-namespaces-are-furnished' }, warn: () => {} }

  const put = async ({ get, create, change }: Resource, wanted: ApiObject & { readonly data?: unknown }) => {
    const { name, namespace = '' } = wanted.metadata
    if (get(namespace, name) === null) return void (await create?.(namespace, wanted, asked)())
    if (wanted.data === undefined) return
    await change?.({ namespace, name, part: 'main' }, (present) => E.right({ ...present, data: wanted.data }), asked)()
  }
  const furnish = async (namespace: string): Promise<void> => {
    if (namespaces.get('', namespace)?.status.phase !== 'Active') return
    const common = { apiVersion: 'v1', metadata: { namespace } }
    await put(serviceAccounts, { ...common, kind: 'ServiceAccount', metadata: { namespace, name: 'default' } })
    if (rootCertificate === null) return
    const metadata = { namespace, name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': description } }
    await put(configMaps, { ...common, kind: 'ConfigMap', metadata, data: { 'ca.crt': rootCertificate } })
  }

  /** A namespace that is there only because of what is in it stays from now on. */
  const record = async (name: string): Promise<void> => {
    if (ledger.namespaces.find('', name) !== null) return
    await namespaces.change?.({ namespace: '', name, part: 'main' }, E.right, asked)()
  }

  const subscription = ledger.steps$.subscribe(({ namespaces: made, objects, jobs, cronJobs }) => {
    for (const { view, recorded } of [...jobs, ...cronJobs])
      if ('namespace' in view.state && recorded.some(({ event }) => creations.has(event.type)))
        void record(view.state.namespace)
    for (const { uid: name, recorded } of made)
      if (recorded.some(({ event }) => event.type === 'NamespaceCreated')) void furnish(name)
    for (const { before, recorded } of objects)
      if (
        before.state._tag === 'StoredObject' &&
        isFurniture(before.state) &&
        recorded.at(-1)?.event.type === 'ObjectDeleted'
      )
        void furnish(before.state.namespace)
  })
  for (const name of standardNames)
    if (namespaces.get('', name) === null) await namespaces.create?.('', { metadata: { name } }, asked)()
  for (const { metadata } of namespaces.list(null)) {
    await record(metadata.name)
    await furnish(metadata.name)
  }
  return () => subscription.unsubscribe()
}

/** What every cluster has besides `default`. */
const standardNames = ['kube-node-lease', 'kube-public', 'kube-system']

const creations = new Set(['JobCreated', 'CronJobCreated'])

const isFurniture = ({ resource, name }: { readonly resource: string; readonly name: string }): boolean =>
  (resource === 'serviceaccounts' && name === 'default') || (resource === 'configmaps' && name === 'kube-root-ca.crt')

const description = 'Contains a CA bundle by which clients in this cluster know its API server.'
