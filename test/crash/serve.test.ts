import { Agent, type IncomingMessage, request } from 'node:http'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const killsInAll = 3
const clients = 16
const watchers = 50
const underLoadMs = 700

/** What was heard of a watch, as `type name version`, over all its connections; it goes on behind what it heard last. */
type Heard = { readonly lines: string[]; version: string }

const agent = new Agent({ keepAlive: true })

const asking = ({ plain, token }: Serving, method: string, path: string, body?: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    request(`${plain}${path}`, { method, headers, agent: path.includes('watch=') ? false : agent }, resolve)
      .once('error', reject)
      .end(body)
  })

const textOf = async (response: IncomingMessage): Promise<string> => {
  const pieces: Uint8Array[] = []
  for await (const piece of response) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces).toString()
}

/** Creates one Job after the other until the server is gone; what was acknowledged is noted, by name. */
const createUntilGone = async (served: Serving, nameOf: () => string, acknowledged: Map<string, string>) => {
  for (;;) {
    const name = nameOf()
    const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } }
    try {
      const response = await asking(served, 'POST', jobs, JSON.stringify({ metadata: { name }, spec }))
      const text = await textOf(response)
      if (response.statusCode !== 201) throw new Error(text)
      acknowledged.set(name, JSON.parse(text).metadata.uid)
    } catch (problem) {
      if (problem instanceof Error && 'code' in problem) return
      throw problem
    }
  }
}

/** Hears what is told until the connection ends, however that comes, or there was enough. */
const watchUntilGone = async (served: Serving, heard: Heard, isEnough = (_: string) => false): Promise<void> => {
  let rest = ''
  try {
    const response = await asking(served, 'GET', `${jobs}?watch=1&resourceVersion=${heard.version}`)
    for await (const piece of response) {
      const lines = `${rest}${String(piece)}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [, type] = /"type":"(\w+)"/.exec(line) ?? []
        const [, name] = /"name":"([^"]+)"/.exec(line) ?? []
        const [, version = ''] = /"resourceVersion":"(\d+)"/.exec(line) ?? []
        heard.lines.push(`${type} ${name} ${version}`)
        heard.version = version
      }
      if (isEnough(heard.version)) return void response.destroy()
    }
  } catch (problem) {
    if (!(problem instanceof Error && 'code' in problem)) throw problem
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a server that is killed under load', { timeout: 60_000 }, () => {
  test('API-16: keeps every Job that it acknowledged, and every watch goes on where it was cut, without a hole', async ({
    jobledger,
    expect,
  }) => {
    const acknowledged = new Map<string, string>()
    const heard = Array.from({ length: watchers }, (): Heard => ({ lines: [], version: '1' }))
    let names = 0
    const nameOf = (): string => {
      names += 1
      return `job-${names}`
    }
    for (let kills = 0; kills < killsInAll; kills += 1) {
      const served = await serving(jobledger, '--runtime', 'simulated')
      const load = [
        ...heard.map((one) => watchUntilGone(served, one)),
        ...Array.from({ length: clients }, () => createUntilGone(served, nameOf, acknowledged)),
      ]
      await sleep(underLoadMs)
      served.server.signal('SIGKILL')
      await served.server.ended
      await Promise.all(load)
    }
    expect(acknowledged.size).toBeGreaterThan(clients * killsInAll)

    const served = await serving(jobledger, '--runtime', 'simulated')
    const { items } = JSON.parse(await textOf(await asking(served, 'GET', jobs)))
    const there = items.map(({ metadata }: { readonly metadata: { readonly name: string; readonly uid: string } }) => [
      metadata.name,
      metadata.uid,
    ])
    const uids = new Map<string, string>(there)
    expect(uids.size).toBe(there.length)
    expect([...acknowledged].filter(([name, uid]) => uids.get(name) !== uid)).toStrictEqual([])

    await asking(served, 'POST', jobs, JSON.stringify(last)).then(textOf)
    const end = JSON.parse(await textOf(await asking(served, 'GET', `${jobs}/last`))).metadata.resourceVersion
    const whole: Heard = { lines: [], version: '1' }
    const isEnough = (version: string): boolean => Number(version) >= Number(end)
    await Promise.all([whole, ...heard].map((one) => watchUntilGone(served, one, isEnough)))
    const upToEnd = ({ lines }: Heard): string =>
      lines.filter((line) => Number(line.split(' ')[2]) <= Number(end)).join('\n')
    expect(whole.lines.length).toBeGreaterThan(acknowledged.size)
    expect(heard.filter((one) => upToEnd(one) !== upToEnd(whole))).toHaveLength(0)
    agent.destroy()
    served.server.signal('SIGINT')
    await served.server.ended
  })
})

/** Nothing more happens to it. */
const last = {
  metadata: { name: 'last' },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } },
}
