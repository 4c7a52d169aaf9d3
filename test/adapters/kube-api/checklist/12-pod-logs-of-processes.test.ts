import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { describe } from 'vitest'
import { type CommandLine, test } from '../../../support/jobledger.ts'
import { type Serving, serving } from '../../../support/serving.ts'
import { until } from '../../../cli/until.ts'

type Pods = {
  readonly items: ReadonlyArray<{
    readonly metadata: { readonly name: string }
    readonly status: { readonly phase: string }
  }>
}

/** The name of the Job's only Pod, when it is in one of these phases. */
const podOf = async ({ ask }: Serving, job: string, ...phases: ReadonlyArray<string>): Promise<string> => {
  let name = ''
  await until(`a Pod of ${job} is ${phases.join(' or ')}`, async () => {
    const { items } = (await (
      await ask(`/api/v1/namespaces/default/pods?labelSelector=job-name=${job}`)
    ).json()) as Pods
    name = items.find(({ status }) => phases.includes(status.phase))?.metadata.name ?? ''
    return name !== ''
  })
  return `/api/v1/namespaces/default/pods/${name}/log`
}

const create = async (jobledger: CommandLine, { ask }: Serving, name: string, script: string) =>
  ask('/apis/batch/v1/namespaces/default/jobs', {
    method: 'POST',
    body: readFileSync(jobledger.manifest(name, script)),
  })

describe('API-12: the log of a process', { timeout: 60_000 }, () => {
  test('API-12: is followed from its headers to the end of the container, and is there afterwards', async ({
    jobledger,
    expect,
  }) => {
    const served = await serving(jobledger)
    await create(jobledger, served, 'talker', 'sleep 1; echo one; echo two >&2; sleep 0.5; printf three')
    const log = await podOf(served, 'talker', 'Running')
    const response = await served.ask(`${log}?follow=true`)
    expect([response.status, response.headers.get('content-type')]).toStrictEqual([200, 'text/plain'])
    const pieces: string[] = []
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) pieces.push(decoder.decode(piece, { stream: true }))
    expect(pieces.join('')).toBe('one\ntwo\nthree')
    expect(pieces.length).toBeGreaterThan(1)
    await podOf(served, 'talker', 'Succeeded')
    const read = async (query: string) => (await served.ask(`${log}?${query}`)).text()
    expect(await read('')).toBe('one\ntwo\nthree')
    expect(await read('tailLines=2')).toBe('two\nthree')
    expect(await read('tailLines=2&limitBytes=5')).toBe('two\nt')
    expect(await read('timestamps=true&tailLines=1')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three$/)
    expect(await read('sinceTime=2999-01-01T00:00:00Z')).toBe('')
    expect(await read('sinceSeconds=3600')).toBe('one\ntwo\nthree')
  })

  test('API-12: of nine megabytes arrives whole, also where others ask and then read nothing', async ({
    jobledger,
    expect,
  }) => {
    const served = await serving(jobledger)
    await create(jobledger, served, 'flood', 'yes $(printf %01000d 0) | head -c 9000000')
    const log = await podOf(served, 'flood', 'Succeeded')
    const others = Array.from({ length: 8 }, () => {
      const asked = request(`${served.plain}${log}`, { headers: { authorization: `Bearer ${served.token}` } })
      asked.on('response', (response) => response.pause())
      asked.on('error', () => {})
      asked.end()
      return asked
    })
    expect((await (await served.ask(log)).text()).length).toBe(9_000_000)
    for (const other of others) other.destroy()
  })
})
