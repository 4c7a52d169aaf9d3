import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { kubectlsHere, runKubectl } from './kubectls.ts'

const here = kubectlsHere()

test.for(here.length === 0 ? ['there is no kubectl here'] : [])('nobody is asked: %s', (why, { skip }) => skip(why))

const map = (name: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app: 'it' } } })

describe('kubectl apply --prune', { timeout: 120_000 }, () => {
  test.for(here.slice(0, 1))(
    '$version deletes what the manifests do not have any more',
    async (kubectl, { jobledger, expect, onTestFinished }) => {
      const { server, kubeconfig } = await serving(jobledger, '--runtime', 'external')
      onTestFinished(() => server.signal('SIGINT'))
      const file = join(jobledger.folder, 'maps.yaml')
      const applied = async (...names: ReadonlyArray<string>) => {
        writeFileSync(file, names.map(map).join('\n---\n'))
        const words = ['apply', '--prune', '--selector=app=it', '--namespace=default', '-f', file]
        return (await runKubectl(kubectl, words, { kubeconfig, home: jobledger.folder })).out
      }
      expect(await applied('a', 'b')).toBe('configmap/a created\nconfigmap/b created\n')
      expect(await applied('b')).toBe('configmap/b unchanged\nconfigmap/a pruned\n')
    },
  )
})
