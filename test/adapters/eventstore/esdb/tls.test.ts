import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEsdbEventStore } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { noStream } from '../../../../src/application/ports/event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { newEvents, right } from '../../../support/event-stores.ts'
import { newFolder } from '../../../support/sqlite-folders.ts'
import { startDouble } from './stores.ts'

test('TLS with an authority of our own and a password, and a server without its certificate is not talked to', async (context) => {
  if (spawnSync('openssl', ['version']).status !== 0)
    return context.skip('openssl is not installed: no certificate to test with')
  const folder = await newFolder()
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${keyFile} -out ${certificateFile}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  )
  const double = await startDouble({ tls: { key: readFileSync(keyFile), certificate: readFileSync(certificateFile) } })
  const address = double.connectionString.replace('esdb://', 'kurrentdb://jobledger:p%40ss@')
  const opened = await openEsdbEventStore(`${address}&tlsCAFile=${encodeURIComponent(certificateFile)}`)
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  await right(opened.right.append('a', noStream, newEvents(2)))
  await opened.right.close()
  expect(new Set(double.users())).toEqual(new Set(['jobledger:p@ss']))

  const stranger = await openEsdbEventStore(address, { deadlineMs: 300 })
  expect(stranger).toMatchObject(E.left({ _tag: 'Unavailable', message: expect.stringMatching(/certificate/) }))
})
