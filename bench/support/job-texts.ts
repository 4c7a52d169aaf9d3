export const jobsPath = '/apis/batch/v1/namespaces/default/jobs'

/** A Job as a client sends it, of one Pod unless it is suspended. */
export const jobText = (name: string, suspend = false): string =>
  JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { app: 'bench' } },
    spec: {
      ...(suspend ? { suspend } : {}),
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['true'] }] },
      },
    },
  })
