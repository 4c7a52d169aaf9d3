import { stringify } from 'yaml'

/** How a client finds a server and who it is there. */
export type Access = {
  readonly address: string
  /** PEM. */
  readonly authority: string
  readonly user: string
  readonly token: string
}

/** The name of cluster and context, unless another is wished. */
export const usualContext = 'jobledger'

/** What a kubeconfig lists for one server and one user. */
export const kubeconfigEntries = ({ address, authority, user, token }: Access, context: string) => ({
  clusters: {
    name: context,
    cluster: { server: address, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
  },
  users: { name: `${user}@${context}`, user: { token } },
  contexts: { name: context, context: { cluster: context, user: `${user}@${context}`, namespace: 'default' } },
})

/** A kubeconfig for one server and one user: what kubectl and other clients read. */
export const kubeconfig = (access: Access, context = usualContext): string => {
  const { clusters, users, contexts } = kubeconfigEntries(access, context)
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [clusters],
    users: [users],
    contexts: [contexts],
    'current-context': context,
  })
}
