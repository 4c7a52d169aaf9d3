import { once } from 'node:events'
import { createServer } from 'node:net'
import { BatchV1Api, KubeConfig, makeInformer, type V1Job } from '@kubernetes/client-node'
import { describe } from 'vitest'
import { type CommandLine, test } from '../../../support/jobledger.ts'
import { type Serving, serving } from '../../../support/serving.ts'

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

const job = (name: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } },
})

/** The official client's informer about the Jobs of a namespace. It starts again after an error, as its documentation says. */
const informing = ({ kubeconfig }: Pick<Serving, 'kubeconfig'>) => {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const api = config.makeApiClient(BatchV1Api)
  const namespace = 'default'
  const informer = makeInformer(config, `/apis/batch/v1/namespaces/${namespace}/jobs`, () =>
    api.listNamespacedJob({ namespace }),
  )
  const told: string[] = []
  for (const verb of ['add', 'update', 'delete'] as const)
    informer.on(verb, ({ metadata }: V1Job) => void told.push(`${verb} ${metadata?.name}`))
  let isOver = false
  informer.on('error', () => {
    setTimeout(() => {
      if (!isOver) void informer.start().catch(() => null)
    }, 100)
  })
  const stop = async (): Promise<void> => {
    isOver = true
    await informer.stop()
  }
  return { api, namespace, informer, told, stop }
}

describe('an informer of the official client for Node', { timeout: 60_000 }, () => {
  test('API-16: knows what the server knows, also after the server was killed and changed while it looked away', async ({
    jobledger,
    expect,
    onTestFinished,
  }) => {
    const port = String(await freePort())
    const restarted = (commandLine: CommandLine) => serving(commandLine, '--runtime', 'external', '--port', port)
    const first = await restarted(jobledger)
    const { api, namespace, informer, told, stop } = informing(first)
    onTestFinished(stop)
    await informer.start()
    for (const name of ['a', 'b', 'c']) await api.createNamespacedJob({ namespace, body: job(name) })
    await api.deleteNamespacedJob({ namespace, name: 'a', propagationPolicy: 'Background' })
    await expect.poll(() => told).toContain('delete a')
    expect(told.filter((line) => line.startsWith('add'))).toStrictEqual(['add a', 'add b', 'add c'])

    first.server.signal('SIGKILL')
    await first.server.ended
    const second = await restarted(jobledger)
    await api.createNamespacedJob({ namespace, body: job('d') })
    await api.deleteNamespacedJob({ namespace, name: 'b', propagationPolicy: 'Background' })
    await expect
      .poll(
        () =>
          informer
            .list()
            .map(({ metadata }) => metadata?.name ?? '')
            .toSorted((a, b) => (a < b ? -1 : 1)),
        { timeout: 20_000 },
      )
      .toStrictEqual(['c', 'd'])
    await expect.poll(() => told, { timeout: 5000 }).toContain('delete b')
    expect(told.filter((line) => line === 'add c' || line === 'add d')).toStrictEqual(['add c', 'add d'])
    await stop()
    second.server.signal('SIGINT')
    expect(await second.server.ended).toMatchObject({ code: 0 })
  })
})
