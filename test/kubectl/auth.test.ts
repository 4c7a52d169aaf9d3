import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test, userName } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { kubectlsHere, minorOf, runKubectl } from './kubectls.ts'

const here = kubectlsHere()
/** The newest, which asks in protobuf; the first that knows whoami; and the oldest. */
const chosen = here.filter((one, place) => place === 0 || minorOf(one) === 27 || place === here.length - 1)

test.for(here.length === 0 ? ['there is no kubectl here'] : [])('nobody is asked: %s', (why, { skip }) => skip(why))

describe('kubectl auth', { timeout: 120_000 }, () => {
  test.for(chosen)(
    '$version tells who somebody is and what that user may do',
    async (kubectl, { jobledger, expect }) => {
      const file = join(jobledger.folder, 'users.csv')
      writeFileSync(file, 'the-token-of-grace,grace,7,"dev,read-only"\n', { mode: 0o600 })
      const served = await serving(jobledger, '--runtime', 'external', '--token-file', file)
      const ofGrace = join(jobledger.folder, 'grace.kubeconfig')
      writeFileSync(ofGrace, await jobledger.ask('kubeconfig', '--user', 'grace', '--token-file', file), {
        mode: 0o600,
      })
      expect(readFileSync(ofGrace, 'utf8')).toContain(served.address)
      const ask = async (kubeconfig: string, ...words: ReadonlyArray<string>) => {
        const { out, err } = await runKubectl(kubectl, words, { kubeconfig, home: jobledger.folder })
        return (out + err).trim()
      }

      const may = (kubeconfig: string, ...words: ReadonlyArray<string>) => ask(kubeconfig, 'auth', 'can-i', ...words)
      expect(await may(served.kubeconfig, 'delete', 'jobs')).toBe('yes')
      expect(await may(ofGrace, 'get', 'pods', '--subresource=log')).toBe('yes')
      expect(await may(ofGrace, 'delete', 'jobs')).toMatch(/^no$/m)
      expect(await may(ofGrace, 'list', 'secrets')).toMatch(/^no$/m)
      expect(await may(ofGrace, '--list')).toMatch(/^jobs\.batch +\[\] +\[\] +\[get list watch\]$/m)
      expect(await may(served.kubeconfig, '--list')).toMatch(/^\*\.\* +\[\] +\[\] +\[\*\]$/m)
      expect(await ask(ofGrace, 'delete', 'job', 'x')).toBe(
        'Error from server (Forbidden): jobs.batch "x" is forbidden: User "grace" cannot delete resource "jobs" in API group "batch" in the namespace "default"',
      )
      expect(await may(served.kubeconfig, 'delete', 'jobs', '--as', 'grace')).toContain(
        `users "grace" is forbidden: User "${userName}" cannot impersonate resource "users" in API group "" at the cluster scope`,
      )
      if (minorOf(kubectl) < 27) return
      expect(await ask(ofGrace, 'auth', 'whoami')).toMatch(
        /^Username +grace\nUID +7\nGroups +\[dev read-only system:authenticated\]$/m,
      )
      expect(await ask(served.kubeconfig, 'auth', 'whoami')).toMatch(new RegExp(`^Username +${userName}$`, 'm'))
    },
  )
})
