import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { kubectlsHere, minorOf, runKubectl } from './kubectls.ts'

const here = kubectlsHere().filter((one) => minorOf(one) >= 24)
/** The newest and the oldest of those that can ask for a token. */
const chosen = here.filter((_, place) => place === 0 || place === here.length - 1)

test.for(here.length === 0 ? ['there is no kubectl from 1.24 on here'] : [])('nobody is asked: %s', (why, { skip }) =>
  skip(why),
)

describe('kubectl create token', { timeout: 120_000 }, () => {
  test.for(chosen)(
    'API-18: $version gets a token of a service account, and asks with it, also when the server has begun anew',
    async (kubectl, { jobledger, expect }) => {
      const file = join(jobledger.folder, 'users.csv')
      writeFileSync(file, 'the-token-of-grace,grace,7,read-only\n', { mode: 0o600 })
      const words = ['--runtime', 'external', '--token-file', file]
      const first = await serving(jobledger, ...words)
      const home = jobledger.folder
      const ask = (kubeconfig: string, ...asked: ReadonlyArray<string>) =>
        runKubectl(kubectl, asked, { kubeconfig, home })
      const ofGrace = join(home, 'grace.kubeconfig')
      const printed = await jobledger.ask('kubeconfig', '--user', 'grace', '--token-file', file)
      writeFileSync(ofGrace, printed, { mode: 0o600 })

      expect((await ask(first.kubeconfig, 'create', 'serviceaccount', 'robot')).code).toBe(0)
      const { out, err } = await ask(first.kubeconfig, 'create', 'token', 'robot', '--duration', '2h')
      expect(err).toBe('')
      const token = out.trim()
      expect(token.split('.')).toHaveLength(3)
      expect((await ask(ofGrace, 'create', 'token', 'robot')).err).toContain(
        'serviceaccounts "robot" is forbidden: User "grace" cannot create resource "serviceaccounts/token" in API group "" in the namespace "default"',
      )
      const codeAt = async (plain: string, shown = token): Promise<number> =>
        (await fetch(`${plain}/api/v1/namespaces/default/pods`, { headers: { authorization: `Bearer ${shown}` } }))
          .status
      expect(await codeAt(first.plain)).toBe(200)
      expect(await codeAt(first.plain, `${token}x`)).toBe(401)
      expect((await ask(first.kubeconfig, '--token', token, 'get', 'jobs')).err).toContain('No resources found')
      expect(statSync(join(jobledger.dataDir, 'api', 'service-accounts.key')).mode & 0o777).toBe(0o600)

      first.server.signal('SIGTERM')
      await first.server.ended
      const second = await serving(jobledger, ...words)
      expect(await codeAt(second.plain)).toBe(200)
      expect((await ask(second.kubeconfig, 'delete', 'serviceaccount', 'robot')).code).toBe(0)
      expect(await codeAt(second.plain)).toBe(401)
    },
  )
})
