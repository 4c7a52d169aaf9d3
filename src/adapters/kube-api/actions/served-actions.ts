import type { NamespacesResource } from '../../../application/api/namespaces.ts'
import type { Pods } from '../../../application/api/pods.ts'
import type { ContainerLogs } from '../../../application/ports/container-logs.ts'
import type { AccountTokens } from '../accounts/account-tokens.ts'
import type { ServedActions, ServedResources } from '../call.ts'
import { accountToken } from './account-token.ts'
import { namespaceFinalize } from './namespace-finalize.ts'
import { podBinding } from './pod-binding.ts'
import { podEviction } from './pod-eviction.ts'
import { podLog } from './pod-log.ts'

/** What can be done under the addresses of objects, besides reading and changing them. */
export const servedActions = ({
  resources,
  logs,
  accounts,
}: {
  readonly resources: ServedResources & { readonly namespaces: NamespacesResource; readonly pods: Pods }
  readonly logs: ContainerLogs | null
  readonly accounts: AccountTokens
}): ServedActions => ({
  'namespaces/finalize': namespaceFinalize(resources),
  'pods/binding': podBinding(resources),
  'pods/eviction': podEviction(resources),
  'pods/log': podLog({ pods: resources.pods, logs }),
  'serviceaccounts/token': accountToken({ accounts, resources }),
})
