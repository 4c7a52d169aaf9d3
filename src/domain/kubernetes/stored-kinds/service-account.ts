import type { StoredKind } from './stored-kind.ts'

/** As whom a Pod acts. */
export const serviceAccount: StoredKind = {
  resource: 'serviceaccounts',
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  validate: () => [],
}
