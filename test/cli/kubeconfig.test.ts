import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { parse } from 'yaml'
import { test } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'

describe('jobledger kubeconfig', { timeout: 60_000 }, () => {
  test('tells how to find the server, and puts it where kubectl looks', async ({ jobledger, expect }) => {
    expect(await jobledger.run('kubeconfig')).toMatchObject({
      code: 1,
      out: '',
      err: `error: nothing was served from ${jobledger.dataDir} yet: jobledger serve\n`,
    })
    const { address, token } = await serving(jobledger, '--runtime', 'simulated')
    const config = parse(await jobledger.ask('kubeconfig', '--context', 'here'))
    expect(config['current-context']).toBe('here')
    expect(config.clusters[0].cluster.server).toBe(address)
    expect(config.users[0].user.token).toBe(token)

    const path = join(jobledger.folder, 'config')
    const merged = await jobledger.start(['kubeconfig', '--merge'], { env: { KUBECONFIG: path } }).ended
    expect(merged).toMatchObject({
      code: 0,
      out: 'kubectl --context jobledger get jobs\n',
      err: `context "jobledger" is in ${path}\n`,
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toContain(token)
  })

  test('says in a line what is wrong', async ({ jobledger, expect }) => {
    const lines: ReadonlyArray<readonly [words: ReadonlyArray<string>, line: string]> = [
      [
        ['kubeconfig', '--user', 'grace'],
        '--user and --token-file belong together: the file has the token of the user',
      ],
      [['kubeconfig', '--context', 'a b'], '--context: letters, digits and . _ @ - make a name'],
      [['serve', '--anonymous'], '--anonymous needs --insecure-http PORT: over TLS a token is always wanted'],
      [['serve', '--port', '0', '--token-file', '/nowhere'], 'there is no /nowhere'],
    ]
    for (const [words, line] of lines)
      expect(await jobledger.run(...words)).toMatchObject({ code: 1, err: `error: ${line}\n` })
    const file = join(jobledger.folder, 'users.csv')
    writeFileSync(file, 'the-token-of-grace,grace,1\nx\n', { mode: 0o600 })
    const bad = await jobledger.run('serve', '--port', '0', '--token-file', file)
    expect(bad.err).toBe(`error: ${file}: line 2: token,name,uid and maybe "groups" are wanted\n`)
  })
})

describe('jobledger serve with a file of users', { timeout: 60_000 }, () => {
  test('names each of them in the log, and lets a folder be served once', async ({ jobledger, expect }) => {
    const file = join(jobledger.folder, 'users.csv')
    writeFileSync(file, 'the-token-of-linus,linus,2\nthe-token-of-grace,grace,1,read-only\n', { mode: 0o600 })
    const { ask, kubeconfig } = await serving(jobledger, '--runtime', 'external', '--token-file', file)
    const body = readFileSync(jobledger.manifest('hello', 'true', { suspend: true }), 'utf8')
    const create = (name: string) =>
      ask('/apis/batch/v1/namespaces/default/jobs', {
        method: 'POST',
        body,
        headers: { authorization: `Bearer the-token-of-${name}`, 'content-type': 'application/json' },
      })
    expect((await create('grace')).status).toBe(403)
    expect((await create('linus')).status).toBe(201)
    expect(await jobledger.ask('history', 'job/hello')).toMatch(/ linus .*created|created.* linus/i)
    const before = readFileSync(kubeconfig, 'utf8')
    const second = await jobledger.run('serve', '--port', '0')
    expect([second.code, second.out]).toStrictEqual([1, ''])
    expect(second.err).toMatch(/^error: .*\n$/)
    expect(readFileSync(kubeconfig, 'utf8')).toBe(before)
  })
})
