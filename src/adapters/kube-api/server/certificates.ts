import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** What a certificate says. Times in epoch milliseconds. */
export type CertificateTerms = {
  /** Whose it is, as a common name. */
  readonly subject: string
  readonly publicKey: KeyObject
  /** Who vouches for it; the same as the subject when it does so itself. */
  readonly issuer: string
  readonly issuerKeys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  readonly notBefore: number
  readonly notAfter: number
  /** Addresses and names of the server that has it; null: it vouches for others instead. */
  readonly names: ReadonlyArray<string> | null
}

/** An X.509 certificate over EC keys (P-256), signed with ECDSA and SHA-256, as PEM: RFC 5280, as far as a server of our own needs it. */
export const certificate = ({ issuerKeys, ...terms }: CertificateTerms): string => {
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    name(terms.issuer),
    sequence(time(terms.notBefore), time(terms.notAfter)),
    name(terms.subject),
    keyOf(terms.publicKey),
    tagged(
      3,
      sequence(
        ...(terms.names === null ? ofAuthority : ofServer(terms.names)),
        extension('2.5.29.14', false, octets(keyId(terms.publicKey))),
        extension('2.5.29.35', false, sequence(tlv(0x80, keyId(issuerKeys.publicKey)))),
      ),
    ),
  )
  const signature = sign('sha256', body, issuerKeys.privateKey)
  const text = sequence(body, algorithm, bits(0, signature)).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
}

/** A tag, the length of what follows, and that. */
const tlv = (tag: number, ...parts: ReadonlyArray<Buffer>): Buffer => {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content])
}

const lengthOf = (length: number): ReadonlyArray<number> => {
  if (length < 0x80) return [length]
  const digits = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return [0x80 | digits.length, ...digits]
}

const sequence = (...parts: ReadonlyArray<Buffer>): Buffer => tlv(0x30, ...parts)
/** Positive: the first bit of the content is 0. */
const integer = (content: Buffer): Buffer => tlv(0x02, content)
const octets = (content: Buffer): Buffer => tlv(0x04, content)
const bits = (unused: number, content: Buffer): Buffer => tlv(0x03, Buffer.from([unused]), content)
const yes = tlv(0x01, Buffer.from([0xff]))
const tagged = (number: number, content: Buffer): Buffer => tlv(0xa0 + number, content)

const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(inSevens)]))
}

/** Seven bits to a byte, the first bit set in all but the last. */
const inSevens = (value: number): ReadonlyArray<number> => {
  const bytes = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}

const name = (common: string): Buffer =>
  sequence(tlv(0x31, sequence(identifier('2.5.4.3'), tlv(0x0c, Buffer.from(common, 'utf8')))))

/** Years to 2049 have two digits, later ones four, and another tag. */
const time = (at: number): Buffer => {
  const text = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
  return text < '2050' ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text))
}

const algorithm = sequence(identifier('1.2.840.10045.4.3.2'))

const keyOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

/** By which a certificate finds that of its issuer; nothing rests on its strength. */
const keyId = (key: KeyObject): Buffer => createHash('sha256').update(keyOf(key)).digest().subarray(0, 20)

const extension = (id: string, isCritical: boolean, content: Buffer): Buffer =>
  sequence(identifier(id), ...(isCritical ? [yes] : []), octets(content))

/** Basic constraints and the use of its key: to sign certificates. */
const ofAuthority = [
  extension('2.5.29.19', true, sequence(yes)),
  extension('2.5.29.15', true, bits(1, Buffer.from([0x06]))),
]

/** To sign what a connection agrees on, as a server, under these names. */
const ofServer = (names: ReadonlyArray<string>): ReadonlyArray<Buffer> => [
  extension('2.5.29.19', true, sequence()),
  extension('2.5.29.15', true, bits(7, Buffer.from([0x80]))),
  extension('2.5.29.37', false, sequence(identifier('1.3.6.1.5.5.7.3.1'))),
  extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
]

const alternativeName = (text: string): Buffer => {
  switch (isIP(text)) {
    case 4:
      return tlv(0x87, Buffer.from(text.split('.').map(Number)))
    case 6:
      return tlv(0x87, addressBytes(text))
    default:
      return tlv(0x82, Buffer.from(text, 'ascii'))
  }
}

/** The sixteen bytes of an address whose zeros may be left out once. */
const addressBytes = (text: string): Buffer => {
  const [head = [], tail = []] = text.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const groups = text.includes('::') ? [...head, ...zeros, ...tail] : head
  return Buffer.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]))
}
