import { stringify } from 'yaml'

/** A kubeconfig for one server and one user: what kubectl and other clients read. */
export const kubeconfig = (access: {
  readonly address: string
  /** PEM. */
  readonly authority: string
  readonly user: string
  readonly token: string
}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'jobledger',
        cluster: {
          server: access.address,
          'certificate-authority-data': Buffer.from(access.authority).toString('base64'),
        },
      },
    ],
    users: [{ name: access.user, user: { token: access.token } }],
    contexts: [{ name: 'jobledger', context: { cluster: 'jobledger', user: access.user, namespace: 'default' } }],
    'current-context': 'jobledger',
  })
