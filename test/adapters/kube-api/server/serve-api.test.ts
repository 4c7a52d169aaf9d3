import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { ownAudience } from '../../../../src/adapters/kube-api/access/user.ts'
import { ask, folderOfTest, open, serving, told } from './serving.ts'

describe('the server of the API', () => {
  test('answers over TLS by a certificate of its own, to those who show a token', async () => {
    const served = await serving()
    const { code, body } = await ask(served, '/api/v1/pods?limit=5', { method: 'POST', body: 'abc' })
    expect(code).toBe(200)
    expect(body).toStrictEqual({ method: 'POST', path: '/api/v1/pods', query: [['limit', '5']], size: 3, user: 'ada' })
  })

  test.each([null, 'wrong', ''])('does not know a user of the token %j', async (token) => {
    const served = await serving()
    const { code, body } = await ask(served, '/api/v1/pods', { token })
    expect(code).toBe(401)
    expect(body).toStrictEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    })
  })

  test('tells everybody how it is, but not those who show a wrong token', async () => {
    const served = await serving()
    for (const path of ['/healthz', '/livez', '/readyz'])
      expect((await ask(served, path, { token: null })).code).toBe(200)
    expect((await ask(served, '/livez', { token: 'wrong' })).code).toBe(401)
  })

  test('answers to names of its own alone, and to no page of another origin', async () => {
    const served = await serving()
    const { port } = new URL(served.address)
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      expect((await ask(served, '/api', { headers: { host } })).code).toBe(200)
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      'localhost:',
      '[::2]',
    ])
      expect((await ask(served, '/healthz', { headers: { host } })).code).toBe(403)
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', `http://127.0.0.1:${port}`])
      expect((await ask(served, '/api', { headers: { origin } })).code).toBe(403)
    expect((await ask(served, '/api', { headers: { origin: served.address } })).code).toBe(200)
  })

  test('lets users of the read-only role read, and change nothing', async () => {
    const folder = folderOfTest()
    const tokenFile = join(folder, 'users.csv')
    writeFileSync(tokenFile, 'the-token-of-grace,grace,1,read-only\n', { mode: 0o600 })
    const served = await serving({ tokenFile })
    const token = 'the-token-of-grace'
    expect((await ask(served, '/apis/batch/v1/jobs', { token })).body['user']).toBe('grace')
    const jobs = '/apis/batch/v1/namespaces/default/jobs'
    const { code, body } = await ask(served, jobs, { token, method: 'POST', body: '{}' })
    expect(code).toBe(403)
    expect(body['message']).toBe(
      'jobs.batch is forbidden: User "grace" cannot create resource "jobs" in API group "batch" in the namespace "default"',
    )
    expect((await ask(served, `${jobs}/pi`, { token, method: 'DELETE' })).body['message']).toContain('cannot delete')
    chmodSync(tokenFile, 0o644)
    await expect(serving({ tokenFile })).rejects.toThrow(`others can read ${tokenFile}`)
  })

  test.each([
    [{ 'Impersonate-User': 'grace' }, 'users "grace"', 'users', 'at the cluster scope'],
    [
      { 'Impersonate-User': 'system:serviceaccount:ns:robot' },
      'serviceaccounts "robot"',
      'serviceaccounts',
      'in the namespace "ns"',
    ],
    [{ 'Impersonate-Group': 'system:masters' }, 'groups "system:masters"', 'groups', 'at the cluster scope'],
    [{ 'Impersonate-Extra-Reason': 'none' }, 'groups', 'groups', 'at the cluster scope'],
  ])('does nothing for somebody who wants to be taken for somebody else: %j', async (headers, whom, kind, where) => {
    const served = await serving({ plainPort: 0, anonymousMay: true })
    const refused = async (who: string, asking: object, isPlain: boolean) =>
      expect(await ask(served, '/api/v1/pods', { headers, ...asking }, isPlain)).toMatchObject({
        code: 403,
        body: {
          message: `${whom} is forbidden: User "${who}" cannot impersonate resource "${kind}" in API group "" ${where}`,
        },
      })
    await refused('ada', {}, false)
    await refused('system:anonymous', { token: null }, true)
  })

  test('keeps its secrets from others, and through a restart', async () => {
    const first = await serving()
    await first.close()
    const second = await serving({ dataFolder: first.dataFolder })
    expect(second.token).toBe(first.token)
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32)
    expect(second.ca).toStrictEqual(first.ca)
    expect((await ask(second, '/api')).code).toBe(200)
    const kubeconfig = second.writeKubeconfig()
    const modes = ['api/token', 'api/ca.key', 'kubeconfig'].map((file) => statSync(join(first.dataFolder, file)).mode)
    expect(modes.map((mode) => mode & 0o777)).toStrictEqual([0o600, 0o600, 0o600])
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'))
    expect(clusters[0].cluster.server).toBe(second.address)
    expect(users[0]).toStrictEqual({ name: 'ada@jobledger', user: { token: first.token } })
  })

  test('reads no more of a body than can be taken, and no more of headers than is sensible', async () => {
    const served = await serving()
    const { body } = await ask(served, '/api', { method: 'POST', body: Buffer.alloc(5 << 20) })
    expect(body['size']).toBe((3 << 20) + 1)
    expect((await ask(served, '/api', { headers: { 'x-long': 'x'.repeat(80_000) } })).code).toBe(431)
  })

  test('answers without TLS only where that is asked for, and then too to those alone who show a token', async () => {
    const served = await serving({ plainPort: 0 })
    expect(served.plainAddress).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await ask(served, '/api', {}, true)).code).toBe(200)
    expect((await ask(served, '/api', { token: null }, true)).code).toBe(401)
    expect((await serving()).plainAddress).toBeNull()
  })

  test('says so when a request is no HTTP', async () => {
    const served = await serving({ plainPort: 0 })
    const answer = await told(served.plainAddress ?? '', 'what is this\r\n\r\n')
    expect(answer).toContain('HTTP/1.1 400')
    expect(answer).toContain('"kind":"Status"')
  })

  test('lets go of who speaks no TLS, or does not trust its certificate', async () => {
    const served = await serving()
    const answer = await told(served.address, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(answer).not.toContain('{')
    await expect(open({ ...served, ca: Buffer.from('') }, '/api')).rejects.toThrow(/certificate/)
    expect((await ask(served, '/api')).code).toBe(200)
  })

  test('outlives an answer that cannot be sent', async () => {
    const onProblem = vi.fn<(text: string) => void>()
    const served = await serving({
      onProblem,
      handle: async ({ path }) => ({ status: 200, headers: [['X-Path', decodeURIComponent(path)]], body: '' }),
    })
    await expect(ask(served, '/%0A')).rejects.toThrow(/hang up|ECONNRESET/)
    expect(onProblem).toHaveBeenCalledTimes(1)
    expect((await ask(served, '/api')).code).toBe(200)
  })

  test('answers a bug by a Status, and goes on', async () => {
    const onProblem = vi.fn<(text: string) => void>()
    const served = await serving({ onProblem })
    const { code, body } = await ask(served, '/bug')
    expect([code, body['kind']]).toStrictEqual([500, 'Status'])
    expect(onProblem).toHaveBeenCalledWith(expect.stringContaining('a bug'))
    expect((await ask(served, '/api')).code).toBe(200)
  })

  test('lets a service account in as soon as it is known which there are, and until then tells its clients to ask again', async () => {
    const served = await serving()
    const wish = { namespace: 'ns', name: 'robot', uid: '7', audiences: [ownAudience], seconds: 600, bound: null }
    const { token } = served.accounts.issue(wish)
    const early = await ask(served, '/api', { token })
    expect([early.code, early.headers['retry-after']]).toStrictEqual([503, '1'])
    expect((await ask(served, '/api', { token: `${token}x` })).code).toBe(401)
    served.accounts.open((_, namespace, name) => (namespace === 'ns' && name === 'robot' ? '7' : null))
    expect((await ask(served, '/api', { token })).body).toMatchObject({ user: 'system:serviceaccount:ns:robot' })
    served.accounts.open(() => null)
    expect((await ask(served, '/api', { token })).code).toBe(401)
  })

  test('sends the headers of a stream at once, then each piece when it is there, and ends all streams when it closes', async () => {
    const served = await serving()
    const response = await open(served, '/watch')
    expect(response.statusCode).toBe(200)
    const pieces: string[] = []
    response.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
    const ended = new Promise((resolve) => response.once('end', resolve))
    served.readers[0]?.write('one\n')
    await vi.waitFor(() => expect(pieces).toStrictEqual(['one\n']))
    served.readers[0]?.write('two\n')
    await vi.waitFor(() => expect(pieces).toStrictEqual(['one\n', 'two\n']))
    expect(served.gone).not.toHaveBeenCalled()
    await served.close()
    await ended
    expect(served.gone).toHaveBeenCalled()
  })

  test('knows how much a slow reader has not taken, cuts it, and hears when a reader goes', async () => {
    const served = await serving()
    const slow = await open(served, '/watch')
    slow.on('error', () => {})
    slow.pause()
    const [reader] = served.readers
    for (let count = 0; count < 40; count += 1) reader?.write('x'.repeat(1 << 20))
    expect(reader?.waiting()).toBeGreaterThan(16 << 20)
    reader?.drop()
    await vi.waitFor(() => expect(served.gone).toHaveBeenCalledTimes(1))
    const quick = await open(served, '/watch')
    quick.on('error', () => {})
    quick.destroy()
    await vi.waitFor(() => expect(served.gone).toHaveBeenCalledTimes(2))
    await served.readers[1]?.drained()
  })
})
