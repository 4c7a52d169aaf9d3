import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certificate } from '../../../../src/adapters/kube-api/server/certificates.ts'

const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const notBefore = Date.UTC(2026, 0, 2, 3, 4, 5)
const notAfter = Date.UTC(2055, 5, 6, 7, 8, 9)

const made = () => {
  const [issuerKeys, serverKeys] = [keys(), keys()]
  const common = { issuer: 'the authority', issuerKeys, notBefore, notAfter }
  return {
    issuerKeys,
    serverKeys,
    authority: new X509Certificate(
      certificate({ ...common, subject: 'the authority', publicKey: issuerKeys.publicKey, names: null }),
    ),
    server: new X509Certificate(
      certificate({
        ...common,
        subject: 'a server',
        publicKey: serverKeys.publicKey,
        names: ['localhost', '127.0.0.1', '::1', 'fd00::1:20', 'a.example'],
      }),
    ),
  }
}

describe('a certificate', () => {
  test('is signed by its issuer, and by nobody else', () => {
    const { authority, server, issuerKeys, serverKeys } = made()
    expect(authority.verify(issuerKeys.publicKey)).toBe(true)
    expect(server.verify(issuerKeys.publicKey)).toBe(true)
    expect(server.verify(serverKeys.publicKey)).toBe(false)
    expect(server.checkIssued(authority)).toBe(true)
    expect(authority.ca).toBe(true)
    expect(server.ca).toBe(false)
    expect(server.checkPrivateKey(serverKeys.privateKey)).toBe(true)
  })

  test('names its server by name and address', () => {
    const { server } = made()
    expect(server.subject).toBe('CN=a server')
    expect(server.checkHost('localhost', { subject: 'never' })).toBe('localhost')
    expect(server.checkHost('b.example', { subject: 'never' })).toBeUndefined()
    for (const address of ['127.0.0.1', '::1', 'fd00::1:20']) expect(server.checkIP(address)).toBe(address)
    expect(server.checkIP('127.0.0.2')).toBeUndefined()
    expect(server.keyUsage).toStrictEqual(['1.3.6.1.5.5.7.3.1'])
  })

  test('holds from one time to another, in this half of the century and the next', () => {
    const { server } = made()
    expect(server.validFromDate.getTime()).toBe(notBefore)
    expect(server.validToDate.getTime()).toBe(notAfter)
  })

  test('has a number of its own', () => {
    expect(made().server.serialNumber).not.toBe(made().server.serialNumber)
  })
})
