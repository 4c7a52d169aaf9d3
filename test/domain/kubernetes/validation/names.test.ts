import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as names from '../../../../src/domain/kubernetes/validation/names.ts'

type Check = (value: string) => ReadonlyArray<string>

const long = (length: number) => 'x'.repeat(length)

test.each<[rule: string, check: Check, good: ReadonlyArray<string>]>([
  ['[N-1]', names.qualifiedName, ['a', 'A.b_c-1', 'example.com/a', long(63), `${long(63)}.com/a`]],
  ['[N-4]', names.labelValue, ['', 'a', 'My_value.1', long(63)]],
  ['[N-6]', names.dnsSubdomain, ['a', 'a-b.c', '1', `${long(253)}`]],
  ['[N-7]', names.dnsLabel, ['a', 'a-1', long(63)]],
  ['[N-9]', names.portName, ['http', 'a1', '1a-b']],
  ['[N-10]', names.environmentName, ['A', '1 b', 'a.b-c', '~']],
  ['[N-11]', names.configKey, ['a', '.a', 'A_b-c.d', '_']],
  ['[N-12]', names.relativePath, ['', 'a', 'a/b', 'a..b']],
  ['[1.13]', names.ipAddress, ['10.9.8.7', '::', '::1', '2001:db8::ffff', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4']],
])('%s right values pass', (_, check, good) => expect(good.flatMap(check)).toEqual([]))

test.each<[rule: string, check: Check, bad: string, said: ReadonlyArray<RegExp>]>([
  ['[N-1] blank', names.qualifiedName, 'a b', [/^name part must consist of alphanumeric characters/]],
  ['[N-1] ends in a dash', names.qualifiedName, 'a-', [/^name part must consist/]],
  ['[N-2] empty', names.qualifiedName, '', [/^name part must be non-empty$/, /^name part must consist/]],
  ['[N-2] no prefix', names.qualifiedName, '/a', [/^prefix part must be non-empty$/]],
  ['[N-2] bad prefix', names.qualifiedName, 'A/a', [/^prefix part a lowercase RFC 1123 subdomain/]],
  ['[N-2] long name', names.qualifiedName, long(64), [/^name part must be no more than 63 bytes$/]],
  ['[N-2] long prefix', names.qualifiedName, `${long(254)}/a`, [/^prefix part must be no more than 253 bytes$/]],
  ['[N-3] two slashes', names.qualifiedName, 'a/b/c', [/^a valid label key must .* optional DNS subdomain prefix/]],
  ['[N-4] blank', names.labelValue, 'a b', [/^a valid label must be an empty string or consist/]],
  ['[N-5] long', names.labelValue, long(64), [/^must be no more than 63 bytes$/]],
  ['[N-6] upper case', names.dnsSubdomain, 'A', [/^a lowercase RFC 1123 subdomain/]],
  ['[N-6] empty part', names.dnsSubdomain, 'a..b', [/^a lowercase RFC 1123 subdomain/]],
  ['[N-6] long', names.dnsSubdomain, long(254), [/^must be no more than 253 characters$/]],
  ['[N-7] dot', names.dnsLabel, 'a.b', [/^must not contain dots$/]],
  ['[N-7] dots and more', names.dnsLabel, 'a.B', [/^a lowercase RFC 1123 label/]],
  ['[N-7] long', names.dnsLabel, long(64), [/^must be no more than 63 characters$/]],
  ['[N-9] all at once', names.portName, '-1--2-', [/at least one letter/, /consecutive hyphens/, /begin or end/]],
  ['[N-9] long', names.portName, long(16), [/no more than 15 characters/]],
  ['[N-10] equals sign', names.environmentName, 'A=B', [/printable ASCII characters other than '='/]],
  ['[N-11] slash', names.configKey, 'a/b', [/^a valid config key/]],
  ['[N-12] a file with a name of the node', names.filePath, '..data/a', [/^must not start with '\.\.'$/]],
  ['[N-12] a file further up, told once', names.filePath, '../a', [/^must not contain '\.\.'$/]],
  ['[N-12] absolute', names.relativePath, '/a', [/^must be a relative path$/]],
  ['[N-12] steps back', names.relativePath, 'a/../b', [/^must not contain '..'$/]],
  ['[1.13] not an address', names.ipAddress, '1.2.3', [/valid IP address/]],
  ['[1.13] too many groups', names.ipAddress, '1:2:3:4:5:6:7:8:9', [/valid IP address/]],
])('%s', (_, check, bad, said) => {
  const sentences = check(bad)
  expect(sentences).toHaveLength(said.length)
  said.forEach((pattern, index) => {
    expect(sentences[index]).toMatch(pattern)
  })
})

test('lengths are counted in bytes, as they are in UTF-8', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ud83d', '\ude00') }), (text) => {
      expect(names.byteLength(text)).toBe(new TextEncoder().encode(text).length)
    }),
  ))

test('very long names are judged at once', () => {
  const bad = `${'a-'.repeat(500_000)}!`
  for (const check of [names.qualifiedName, names.labelValue, names.dnsSubdomain, names.dnsLabel, names.portName])
    expect(check(bad).length).toBeGreaterThan(0)
})

/** Names of all lengths, of few signs so that many are right. */
const anyName = fc.oneof(
  fc.stringMatching(/^[aA0._/-]{0,9}$/),
  fc.stringMatching(/^[aA0._/-]{0,7}$/).map((text) => text.repeat(13)),
)
const part = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'

test.each<[rule: string, check: Check, grammar: RegExp]>([
  ['[N-1]', names.qualifiedName, new RegExp(`^(?=([^/]{1,253}/)?[^/]+$)(${subdomain}/)?${part}$`)],
  ['[N-4]', names.labelValue, new RegExp(`^(${part})?$`)],
  ['[N-6]', names.dnsSubdomain, new RegExp(`^(?=.{1,253}$)${subdomain}$`)],
  ['[N-7]', names.dnsLabel, /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/],
])('%s a name is right just when the grammar makes it', (_, check, grammar) =>
  fc.assert(
    fc.property(anyName, (name) => (check(name).length === 0) === grammar.test(name)),
    { numRuns: 2000 },
  ),
)
