import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { jsonAnswer } from '../../../../src/adapters/kube-api/answer.ts'
import { frontDesk } from '../../../../src/adapters/kube-api/front-desk.ts'
import { type Check, healthAnswer } from '../../../../src/adapters/kube-api/health.ts'
import { usualLimits } from '../../../../src/adapters/kube-api/server/limits.ts'
import { requestMeter } from '../../../../src/adapters/kube-api/server/request-meter.ts'
import { prometheusText } from '../../../../src/adapters/prometheus/prometheus-text.ts'
import { ask, open, serving, told } from '../server/serving.ts'

const check = (name: string, reason: string | null): Check => ({ name, problem: async () => reason })

describe('API-2: how the server is', () => {
  const asked = async (address: string, reason: string | null = null) => {
    const { pathname: path, searchParams: query } = new URL(address, 'http://here')
    const answer = await healthAnswer(
      { live: [], ready: [check('log', reason), check('shutdown', null)] },
      { path, query },
    )
    return answer === null ? null : [answer.status, answer.body]
  }

  test('API-2: ok in a word, or check by check', async () => {
    for (const page of ['healthz', 'livez', 'readyz']) expect(await asked(`/${page}`)).toStrictEqual([200, 'ok'])
    expect(await asked('/readyz/')).toStrictEqual([200, 'ok'])
    expect(await asked('/livez?verbose')).toStrictEqual([200, '[+]ping ok\nlivez check passed\n'])
    expect(await asked('/readyz?verbose')).toStrictEqual([
      200,
      '[+]ping ok\n[+]log ok\n[+]shutdown ok\nreadyz check passed\n',
    ])
  })

  test('API-2: not ready, with the reason, and alive nevertheless', async () => {
    const reason = 'the log does not\nanswer'
    const page = '[+]ping ok\n[-]log failed: the log does not answer\n[+]shutdown ok\nreadyz check failed\n'
    for (const address of ['/readyz', '/readyz?verbose'])
      expect(await asked(address, reason)).toStrictEqual([500, page])
    expect(await asked('/livez', reason)).toStrictEqual([200, 'ok'])
    expect(await asked('/readyz/log', reason)).toStrictEqual([
      500,
      '[-]log failed: the log does not answer\nreadyz check failed\n',
    ])
    expect(await asked('/readyz/shutdown', reason)).toStrictEqual([200, 'ok'])
    expect(await asked('/readyz?exclude=log', reason)).toStrictEqual([200, 'ok'])
    for (const path of ['/readyz/other', '/readyz/log/more', '/livez/log', '/']) expect(await asked(path)).toBeNull()
  })

  test('API-2: a server that has not read its log says so, and what it is asked can be asked again', async () => {
    const desk = frontDesk('another jobledger may hold the log')
    const served = await serving({ handle: desk.handle })
    expect((await ask(served, '/livez', { token: null })).body['text']).toBe('ok')
    desk.say('the log is being read')
    const ready = await ask(served, '/readyz', { token: null })
    expect([ready.code, ready.body['text']]).toStrictEqual([
      500,
      '[+]ping ok\n[-]started failed: the log is being read\nreadyz check failed\n',
    ])
    const early = await ask(served, '/api/v1/pods', { method: 'POST', body: '{}' })
    expect(early.body).toMatchObject({ code: 503, reason: 'ServiceUnavailable' })
    expect(early.headers['retry-after']).toBe('1')
    desk.open(async () => jsonAnswer(200, { now: 'open' }))
    expect((await ask(served, '/api/v1/pods')).body).toStrictEqual({ now: 'open' })
  })

  test('API-2: a server that ends lets answers under way come to their end, ends watches, and takes nothing new', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<() => void>()
    const served = await serving({
      plainPort: 0,
      handle: ({ path }) => {
        if (path !== '/slow') return Promise.resolve({ ...jsonAnswer(200, {}), body: '', stream: () => () => {} })
        return new Promise((resolve) => begin(() => resolve(jsonAnswer(200, { late: true }))))
      },
    })
    const watch = await open(served, '/watch')
    const slow = ask(served, '/slow')
    const finish = await begun
    const closing = served.close()
    finish()
    expect((await slow).body).toStrictEqual({ late: true })
    for await (const piece of watch) expect.unreachable(`the watch has nothing to tell: ${String(piece)}`)
    await closing
    await expect(ask(served, '/api')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('API-2: what comes too slowly, is too large, or cannot be read', () => {
  const host = 'Host: localhost\r\n'

  test.each<[what: string, bytes: string, code: number]>([
    ['no HTTP', 'what is this\r\n\r\n', 400],
    ['bytes', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['no Host', 'GET /api HTTP/1.1\r\nConnection: close\r\n\r\n', 403],
    ['two Hosts', `GET /api HTTP/1.1\r\n${host}Host: evil.example\r\nConnection: close\r\n\r\n`, 400],
    ['a verb that does not exist', `BREW /api HTTP/1.1\r\n${host}\r\n`, 400],
    ['an address that is not a path', `GET http://localhost/api HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['a star', `OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['a tunnel', `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`, 405],
    ['an expectation', `POST /api HTTP/1.1\r\n${host}Expect: wonders\r\nConnection: close\r\n\r\n`, 417],
    ['two lengths', `POST /api HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ['length and chunks', `POST /api HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['a header without a name', `GET /api HTTP/1.1\r\n${host}: x\r\n\r\n`, 400],
    ['a folded header', `GET /api HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`, 400],
    ['long headers', `GET /api HTTP/1.1\r\n${host}A: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['a long address', `GET /${'x'.repeat(70_000)} HTTP/1.1\r\n${host}\r\n`, 431],
    ['a bad chunk', `POST /api HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  ])('API-2: %s: a Status', async (_, bytes, code) => {
    const served = await serving({ plainPort: 0 })
    const [head = '', body = ''] = (await told(served.plainAddress ?? '', bytes)).split('\r\n\r\n')
    expect(head).toContain(`HTTP/1.1 ${code} `)
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', status: 'Failure', code })
  })

  test('API-2: who writes a letter now and then is let go, and keeps nobody else from being answered', async () => {
    const limits = { ...usualLimits, headersMs: 300, requestMs: 600, handshakeMs: 300 }
    const served = await serving({ plainPort: 0, limits })
    const port = Number(new URL(served.plainAddress ?? '').port)
    const slow = Array.from(
      { length: 20 },
      () =>
        new Promise<string>((resolve) => {
          let text = ''
          const socket = connect(port, '127.0.0.1')
          const drip = setInterval(() => socket.write('G'), 100)
          socket.on('error', () => {})
          socket.on('data', (piece) => (text += piece.toString()))
          socket.on('close', () => {
            clearInterval(drip)
            resolve(text)
          })
          socket.write(`GET /api HTTP/1.1\r\n${host}X: `)
        }),
    )
    expect((await ask(served, '/api', {}, true)).code).toBe(200)
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^HTTP\/1.1 408 .*"reason":"Timeout"/s)
    const body = told(
      served.plainAddress ?? '',
      `POST /api HTTP/1.1\r\n${host}Authorization: Bearer ${served.token}\r\nContent-Length: 9\r\n\r\n{`,
    )
    expect(await body).toMatch(/^HTTP\/1.1 408 /)
    const silent = told(served.address, '')
    expect(await silent).not.toContain('{')
  })

  test('API-2: a connection is kept for as long as Go clients use it again', async () => {
    const served = await serving()
    const { headers } = await ask(served, '/api', { headers: { connection: 'keep-alive' } })
    const [, seconds = '0'] = /timeout=(\d+)/.exec(`${headers['keep-alive']}`) ?? []
    expect(Number(seconds)).toBeGreaterThanOrEqual(90)
    expect(usualLimits.connections).toBeGreaterThanOrEqual(4096)
  })
})

describe('API-1: without TLS', () => {
  test('API-1: nobody is asked for a token only where that is wished, and a wrong one is refused even there', async () => {
    const served = await serving({ plainPort: 0, anonymousMay: true })
    expect((await ask(served, '/api', { token: null }, true)).body['user']).toBe('system:anonymous')
    expect((await ask(served, '/api', { token: 'wrong' }, true)).code).toBe(401)
    expect((await ask(served, '/api', {}, true)).body['user']).toBe('ada')
    expect((await ask(served, '/api', { token: null })).code).toBe(401)
  })
})

describe('API-23: what is counted', () => {
  test('API-23: requests by verb, resource and code, and what goes on', async () => {
    const meter = requestMeter(Date.now)
    const served = await serving({ meter })
    await ask(served, '/apis/batch/v1/namespaces/default/jobs')
    await ask(served, '/apis/batch/v1/namespaces/default/jobs')
    await ask(served, '/api/v1/namespaces/default/pods/a/log', { token: 'wrong' })
    await ask(served, '/api/v1/namespaces/default/made-up-by-a-client/a', { method: 'DELETE' })
    const watch = await open(served, '/api/v1/watch')
    const text = () => prometheusText(meter.families())
    expect(text()).toContain(
      'apiserver_request_total{verb="LIST",group="batch",resource="jobs",subresource="",code="200"} 2\n',
    )
    expect(text()).toContain(
      'apiserver_request_total{verb="GET",group="",resource="pods",subresource="log",code="401"} 1\n',
    )
    expect(text()).toContain(
      'apiserver_request_total{verb="DELETE",group="",resource="",subresource="",code="200"} 1\n',
    )
    expect(text()).toContain('# TYPE apiserver_longrunning_requests gauge\napiserver_longrunning_requests 1\n')
    expect(text()).toContain('apiserver_request_duration_seconds_count{verb="LIST"} 2\n')
    expect(text()).not.toContain('made-up')
    watch.destroy()
    await vi.waitFor(() => expect(text()).toContain('apiserver_longrunning_requests 0\n'))
  })
})
