import type { Application } from '../start-application.ts'
import { storedKinds } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import { emptyNamespaces } from './empty-namespaces.ts'
import { expireEvents } from './expire-events.ts'
import { furnishNamespaces } from './furnish-namespaces.ts'
import type { apiResources } from './resources.ts'
import { storedObjectsResource } from './stored-objects.ts'

/**
 * What a server of the API does by itself: namespaces get what belongs into each, and those that are deleted are emptied; clients find
 * the service through which they came. Resolves when what was missing is there; the answer ends it.
 */
export const keepHouse = async (
  { ledger, clock, entropy, objectWriter: writer, vault }: Application,
  resources: ReturnType<typeof apiResources>,
  { rootCertificate }: { readonly rootCertificate: string | null },
): Promise<() => void> => {
  const { namespaces, cronjobs, jobs, pods, configmaps, leases, secrets, serviceaccounts, services } = resources
  const events = storedObjectsResource({ ledger, clock, entropy, writer, vault }, storedKinds.events)
  const contents = [cronjobs, jobs, pods, events, configmaps, leases, secrets, serviceaccounts, services]
  const stopFurnishing = await furnishNamespaces({
    ledger,
    namespaces,
    serviceAccounts: serviceaccounts,
    configMaps: configmaps,
    rootCertificate,
  })
  const asked = { actor: { kind: 'saga' as const, name: 'ensure-the-server-is-found' }, warn: () => {} }
  if (services.get('default', 'kubernetes') === null) await services.create?.('default', kubernetesService, asked)()
  const stopEmptying = emptyNamespaces({ ledger, clock, namespaces, contents })
  const stopExpiring = expireEvents({ ledger, clock, events })
  return () => {
    stopExpiring()
    stopFurnishing()
    stopEmptying()
  }
}

const kubernetesService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
  },
}
