import { describe, expect, test } from 'vitest'
import { attemptOf } from '../../../../src/adapters/kube-api/access/attempt-of.ts'
import { administrator } from '../../../../src/adapters/kube-api/access/user.ts'
import { guard, type Knock } from '../../../../src/adapters/kube-api/server/guard.ts'
import { E } from '../../../../src/prelude.ts'

const admitted = guard({
  users: { byToken: (token) => (token === 'known' ? administrator('ada') : null), byName: () => null },
  names: ['192.0.2.7'],
  anonymousMay: true,
})

const admit = (knock: Omit<Knock, 'attempt'>) =>
  admitted({ ...knock, attempt: attemptOf(knock.method, knock.path, knock.query) })

/** The code of the refusal; 200 when there is none. */
const codeFor = (headers: Readonly<Record<string, string>>, over: Partial<Knock> = {}): number => {
  const user = admit({
    method: 'GET',
    path: '/api/v1/pods',
    query: new URLSearchParams(),
    headers: { host: 'localhost:6443', authorization: 'Bearer known', ...headers },
    localAddress: '::ffff:192.0.2.8',
    scheme: 'https',
    ...over,
  })
  return E.isRight(user) ? 200 : (user.left.code ?? 0)
}

const good = ['localhost', '127.0.0.1', '[::1]', '192.0.2.7', '192.0.2.8', 'LocalHost']

/** Names that look like ours, or may have pointed here for a moment. */
const strangers = [
  'evil.example',
  'rebind.network',
  '7f000001.c0a80001.rbndr.us',
  '127.0.0.1.nip.io',
  'localhost.localdomain',
  'localtest.me',
  'lvh.me',
  '0',
  '0.0.0.0',
  '127.1',
  '127.0.1',
  '127.0.0.2',
  '127.0.0.1.',
  '127.0.0.01',
  '127.000.000.001',
  '0127.0.0.1',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '017700000001',
  '10.0.0.1',
  '192.168.0.1',
  '169.254.169.254',
  'localhost.',
  '.localhost',
  'localhost..',
  'local host',
  'localhost\t',
  'lоcalhost',
  'ｌocalhost',
  'localhost\u200b',
  'xn--lcalhost-q4f',
  'localhost%00',
  'localhost%2eevil.example',
  '%6cocalhost',
  'localhost\\',
  'localhost/',
  'localhost/api',
  'localhost?',
  'localhost#',
  'localhost,evil.example',
  'localhost;evil.example',
  'localhost evil.example',
  'localhost:6443,evil.example',
  'user@localhost',
  'user:pass@localhost',
  'localhost@evil.example',
  'localhost:80@evil.example',
  'evil.example@localhost',
  'http://localhost',
  'https://localhost:6443',
  '//localhost',
  'localhost:',
  'localhost:x',
  'localhost:-1',
  'localhost:+80',
  'localhost:080000',
  'localhost:65536',
  'localhost:99999',
  'localhost: 80',
  'localhost:80:80',
  'localhost:80.',
  'localhost::1',
  'localhost.evil.example',
  'evil-localhost',
  'localhost-evil',
  'mylocalhost',
  'localhos',
  '[localhost]',
  '[127.0.0.1]',
  '::1',
  '::1:6443',
  '[::1',
  '::1]',
  '[[::1]]',
  '[::1]]',
  '[::1]x',
  '[::1].',
  '[::1]:',
  '[::1]:x',
  '[::1%lo]',
  '[::1%25lo]',
  '[::1%251]',
  '[::2]',
  '[::]',
  '[::0]',
  '[0:0:0:0:0:0:0:1]',
  '[::01]',
  '[0::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[fe80::1]',
  '[fd00::1]',
  '[2001:db8::1]',
  '[v1.localhost]',
  '',
  ' ',
  '.',
  ':',
  ':6443',
  '[]',
  '[]:6443',
  '*',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
]

const hosts = [
  ...strangers,
  ...strangers.filter((name) => !/:\D*\d*$/.test(name)).map((name) => `${name}:6443`),
  ...strangers.filter((name) => /^[a-z]/i.test(name)).map((name) => name.toUpperCase()),
].filter((host) => !good.map((name) => name.toLowerCase()).includes(host.toLowerCase()))

const origins = [
  'null',
  '',
  'https://evil.example',
  'https://localhost',
  'https://localhost:6444',
  'https://localhost:6443/',
  'https://localhost:6443.evil.example',
  'https://localhost:6443@evil.example',
  'https://user@localhost:6443',
  'http://localhost:6443',
  'https://127.0.0.1:6443',
  'https://[::1]:6443',
  'https://LOCALHOST:6443',
  'HTTPS://localhost:6443',
  'wss://localhost:6443',
  'file://',
  'chrome-extension://abcdef',
  'moz-extension://abcdef',
  'https://localhost:6443 https://evil.example',
  'https://localhost:6443, https://evil.example',
  '*',
  'localhost:6443',
  '//localhost:6443',
  'https:localhost:6443',
  'https://localhost:06443',
]

describe('API-1: names and origins', () => {
  test('API-1: no name but ours is answered, however it is written', () => {
    expect(new Set(hosts).size).toBeGreaterThan(200)
    expect(hosts.filter((host) => codeFor({ host }) !== 403)).toStrictEqual([])
  })

  test('API-1: how the server is, and those without a token, are asked under our names too', () => {
    for (const path of ['/healthz', '/version'])
      expect(hosts.filter((host) => codeFor({ host, authorization: '' }, { path }) !== 403)).toStrictEqual([])
  })

  test('API-1: our names are answered at every port, since a port can be forwarded', () => {
    for (const host of good)
      for (const port of ['', ':6443', ':1', ':65535']) expect(codeFor({ host: `${host}${port}` })).toBe(200)
  })

  test('API-1: no page of another origin is answered', () => {
    expect(origins.filter((origin) => codeFor({ origin }) !== 403)).toStrictEqual([])
    expect(codeFor({ origin: 'https://localhost:6443' })).toBe(200)
    expect(codeFor({ origin: 'http://localhost:6443' }, { scheme: 'http' })).toBe(200)
  })

  test('API-1: a browser that tells where its page comes from tells of ours', () => {
    for (const site of ['cross-site', 'same-site', '', 'unknown', 'Same-Origin'])
      expect(codeFor({ 'sec-fetch-site': site })).toBe(403)
    for (const site of ['same-origin', 'none']) expect(codeFor({ 'sec-fetch-site': site })).toBe(200)
  })
})

describe('API-1: tokens', () => {
  test.each([
    'Bearer wrong',
    'Bearer ',
    'Bearer',
    'bearer',
    '',
    'known',
    'Basic a25vd24=',
    'Bearer known known',
    'Bearer known,Bearer known',
    'Bearer\tknown',
    'Token known',
    'Bearer Known',
    'Bearer know',
    'Bearer known=',
    'Bearer "known"',
  ])('API-1: %j is nobody, even where somebody may ask without a token', (authorization) => {
    expect(codeFor({ authorization })).toBe(401)
    expect(codeFor({ authorization }, { scheme: 'http' })).toBe(401)
    expect(codeFor({ authorization }, { path: '/healthz' })).toBe(401)
  })

  test.each(['token', 'access_token', 'bearer', 'authorization', 'Authorization', 'api_key'])(
    'API-1: %s in the address is no token',
    (name) => {
      const user = admit({
        method: 'GET',
        path: '/api/v1/pods',
        query: new URLSearchParams({ [name]: 'known' }),
        headers: { host: 'localhost' },
        localAddress: '127.0.0.1',
        scheme: 'https',
      })
      expect(E.isLeft(user) && user.left.code).toBe(401)
    },
  )

  test('API-20: a WebSocket shows its token among its protocols, beside another one', () => {
    const prefix = 'base64url.bearer.authorization.k8s.io.'
    const token = `${prefix}${Buffer.from('known').toString('base64url')}`
    const codeOf = (protocols: string, upgrade = 'websocket') => {
      const user = admit({
        method: 'GET',
        path: '/api/v1/pods',
        query: new URLSearchParams({ watch: '1' }),
        headers: { host: 'localhost', upgrade, 'sec-websocket-protocol': protocols },
        localAddress: '127.0.0.1',
        scheme: 'https',
      })
      return E.isRight(user) ? 200 : user.left.code
    }
    expect(codeOf(`${token}, base64.binary.k8s.io`)).toBe(200)
    expect(codeOf(`v4.channel.k8s.io,${token}`, 'WebSocket')).toBe(200)
    for (const protocols of [
      token,
      `${token},${token},a`,
      `${prefix},a`,
      `${token}=,a`,
      `${prefix}d3Jvbmc,a`,
      `${prefix}a25vd24/,a`,
      'a,b',
      '',
    ])
      expect(codeOf(protocols)).toBe(401)
    expect(codeOf(`${token},a`, 'h2c')).toBe(401)
  })
})
