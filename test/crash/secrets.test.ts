import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSecretVault } from '../../src/adapters/secret-vault/open-secret-vault.ts'
import { test } from '../support/jobledger.ts'
import { right } from '../support/event-stores.ts'
import { serving } from '../support/serving.ts'

test('values of Secrets that a crash has left without a Secret are gone at the next start, and no others', async ({
  jobledger,
  expect,
}) => {
  const first = await serving(jobledger, '--runtime', 'external')
  const write = (method: string, path: string, body?: object) =>
    first.ask(`/api/v1/namespaces/default/secrets${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  for (const name of ['kept', 'deleted'])
    expect((await write('POST', '', { metadata: { name }, stringData: { of: name } })).status).toBe(201)
  const folder = join(jobledger.dataDir, 'secrets')
  const saved = join(jobledger.folder, 'saved')
  mkdirSync(saved)
  const before = readdirSync(folder)
  for (const name of before) copyFileSync(join(folder, name), join(saved, name))
  expect((await write('DELETE', '/deleted')).status).toBe(200)
  const after = readdirSync(folder)
  expect(after).toHaveLength(2)
  first.server.signal('SIGKILL')
  await first.server.ended

  for (const name of before) copyFileSync(join(saved, name), join(folder, name))
  await right(() => openSecretVault(jobledger.dataDir).keep('nobody', 'a text', {}))
  expect(readdirSync(folder)).toHaveLength(4)
  const second = await serving(jobledger, '--runtime', 'external')
  expect(readdirSync(folder).toSorted()).toStrictEqual(after.toSorted())
  const { data } = (await (await second.ask('/api/v1/namespaces/default/secrets/kept')).json()) as { data: object }
  expect(data).toStrictEqual({ of: Buffer.from('kept').toString('base64') })
})
