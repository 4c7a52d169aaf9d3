import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { addressOf } from '../../../../src/adapters/eventstore/esdb/address.ts'
import { E } from '../../../../src/prelude.ts'

type Service = {
  readonly image: string
  readonly profiles?: ReadonlyArray<string>
  readonly healthcheck?: unknown
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly volumes?: ReadonlyArray<string>
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const services = Object.entries(compose.services)

test.each(services)('%s has a pinned version, known volumes, and needs services of its profile alone', (_, service) => {
  expect(service.image).toMatch(/:\d+\.\d+\.\d+/)
  for (const volume of service.volumes ?? [])
    if (!volume.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
  for (const name of Object.keys(service.depends_on ?? {}))
    expect(compose.services[name]?.profiles).toEqual(service.profiles)
})

test('one node starts by default, three by profile, each with a health check', () => {
  const nodes = services.filter(([, { image }]) => image.includes('eventstore/eventstore:'))
  expect(nodes.map(([name, { profiles }]) => [name, profiles])).toEqual([
    ['eventstore', undefined],
    ['node1', ['cluster']],
    ['node2', ['cluster']],
    ['node3', ['cluster']],
  ])
  for (const [, { healthcheck }] of nodes) expect(healthcheck).toBeDefined()
})

test('jobledger has connection strings it understands', () => {
  const stores = services.flatMap(([, { environment }]) => environment?.['JOBLEDGER_STORE'] ?? [])
  expect(stores).toHaveLength(2)
  for (const store of stores) expect(E.isRight(addressOf(store))).toBe(true)
})

test('docker compose understands the file', (context) => {
  if (spawnSync('docker', ['compose', 'version']).status !== 0)
    return context.skip('this machine has no docker compose: the file is checked as YAML alone')
  const checked = spawnSync('docker', ['compose', '--profile', 'cluster', 'config', '--quiet'], { encoding: 'utf8' })
  expect(checked).toMatchObject({ status: 0, stderr: '' })
})
