import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe } from 'vitest'
import WebSocket from 'ws'
import { test } from '../../../support/jobledger.ts'
import { type Serving, serving } from '../../../support/serving.ts'

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const bearer = (token: string): string =>
  `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`

const job = (name: string) =>
  Buffer.from(
    JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } },
      },
    }),
  )

type Message = {
  readonly type: string
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } }
}

/** What a WebSocket was told, from its beginning; the token is among its protocols, or (there are none) in a header. */
const opened = async ({ plain, token }: Serving, path: string, protocols: ReadonlyArray<string>) => {
  const headers = protocols.length === 0 ? { authorization: `Bearer ${token}` } : {}
  const socket = new WebSocket(`${plain.replace('http', 'ws')}${path}`, [...protocols], { headers })
  const messages: Message[] = []
  let isText = true
  socket.on('message', (data, isBinary) => {
    isText = isText && !isBinary
    messages.push(JSON.parse(Buffer.from(data as Buffer).toString()))
  })
  await once(socket, 'open')
  const told = () => messages.map(({ type, object }) => `${type} ${object.metadata.name}`)
  return { socket, messages, isText: () => isText, told }
}

/** How an attempt to open one is answered. */
const refused = async ({ plain }: Serving, path: string, protocols: ReadonlyArray<string>) => {
  const socket = new WebSocket(`${plain.replace('http', 'ws')}${path}`, [...protocols])
  const [, response] = await once(socket, 'unexpected-response')
  let text = ''
  for await (const piece of response) text += String(piece)
  return { code: response.statusCode, body: JSON.parse(text) }
}

describe('a WebSocket', { timeout: 60_000 }, () => {
  test('API-20: tells a watch, each event a message of text, with the token among its protocols', async ({
    jobledger,
    expect,
    onTestFinished,
  }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    const { ask, token } = served
    onTestFinished(() => served.server.signal('SIGINT'))
    await ask(jobs, { method: 'POST', body: job('a') })
    const watch = await opened(served, `${jobs}?watch=1`, ['base64.binary.k8s.io', bearer(token)])
    expect(watch.socket.protocol).toBe('base64.binary.k8s.io')
    await ask(jobs, { method: 'POST', body: job('b') })
    await expect.poll(() => watch.told().at(-1)).toBe('MODIFIED b')
    expect(watch.told().slice(0, 1)).toStrictEqual(['ADDED a'])
    expect(watch.isText()).toBe(true)

    const version = watch.messages[0]?.object.metadata.resourceVersion
    const resumed = await opened(served, `${jobs}?watch=1&resourceVersion=${version}`, [])
    expect(resumed.socket.protocol).toBe('')
    await expect.poll(() => resumed.told()).toStrictEqual(watch.told().slice(1))
  })

  test('API-20: is closed as it should be when its time is over, and when the server ends', async ({
    jobledger,
    expect,
  }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    const protocols = ['base64.binary.k8s.io', bearer(served.token)]
    const short = await opened(served, `${jobs}?watch=1&timeoutSeconds=1`, protocols)
    expect((await once(short.socket, 'close'))[0]).toBe(1000)
    const long = await opened(served, `${jobs}?watch=1`, protocols)
    const closed = once(long.socket, 'close')
    served.server.signal('SIGINT')
    expect((await closed)[0]).toBe(1000)
    expect(await served.server.ended).toMatchObject({ code: 0 })
  })

  test('API-20: is refused by a Status: without a token, with a token alone, and where nothing goes on', async ({
    jobledger,
    expect,
    onTestFinished,
  }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    onTestFinished(() => served.server.signal('SIGINT'))
    const watch = `${jobs}?watch=1`
    const withToken = ['base64.binary.k8s.io', bearer(served.token)]
    expect((await refused(served, watch, ['base64.binary.k8s.io'])).code).toBe(401)
    expect((await refused(served, watch, [bearer(served.token)])).code).toBe(401)
    expect(await refused(served, jobs, withToken)).toMatchObject({ code: 400, body: { kind: 'Status' } })
    expect((await refused(served, `${watch}&resourceVersion=x`, withToken)).code).toBe(500)
  })

  test('is not what another upgrade becomes', async ({ jobledger, expect, onTestFinished }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    onTestFinished(() => served.server.signal('SIGINT'))
    const headers = { authorization: `Bearer ${served.token}`, connection: 'Upgrade', upgrade: 'h2c' }
    const asked = request(`${served.plain}${jobs}`, { headers }).end()
    const [response] = await once(asked, 'response')
    response.resume()
    expect(response.statusCode).toBe(200)
  })
  test.for([
    ['a WebSocket', `GET ${jobs}?watch=1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`],
    ['a tunnel', 'CONNECT localhost:80 HTTP/1.1\r\n'],
  ] as const)(
    '%s whose client cuts the connection at once harms nobody',
    async ([, head], { jobledger, expect, onTestFinished }) => {
      const served = await serving(jobledger, '--runtime', 'external')
      onTestFinished(() => served.server.signal('SIGINT'))
      for (let tries = 0; tries < 50; tries += 1) {
        const socket = connect(Number(new URL(served.plain).port), '127.0.0.1')
        await once(socket, 'connect')
        await new Promise((written) => socket.write(`${head}Host: localhost\r\n\r\n`, written))
        socket.resetAndDestroy()
      }
      expect((await served.ask('/livez')).status).toBe(200)
    },
  )
})
