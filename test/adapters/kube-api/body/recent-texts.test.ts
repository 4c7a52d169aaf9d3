import { expect, test } from 'vitest'
import { decodeObject } from '../../../../src/adapters/kube-api/body/decode-object.ts'
import { recentTexts } from '../../../../src/adapters/kube-api/body/recent-texts.ts'
import { E } from '../../../../src/prelude.ts'

const job = { group: 'batch', version: 'v1', kind: 'Job' }

/** A Job with this text as its spec. */
const jobOf = (name: string, spec: string): string => `{"metadata":{"name":"${name}"},"spec":${spec},"kind":"Job"}`

const decoded = (name: string, spec: string) => {
  const read = decodeObject(job, jobOf(name, spec))
  if (E.isLeft(read)) throw new Error(read.left)
  return read.right
}

test('the spec of the Job before is the spec of the next one that says the same', () => {
  const spec = '{"parallelism":3,"template":{"spec":{"containers":[{"name":"a}b"}]}}}'
  const [first, second] = [decoded('a', spec), decoded('b', ` ${spec} `)]
  expect(second.value).toStrictEqual({ metadata: { name: 'b' }, spec: JSON.parse(spec), kind: 'Job' })
  expect(second.value['spec']).toBe(first.value['spec'])
  expect(() => Object.assign(first.value['spec'] ?? {}, { parallelism: 4 })).toThrow(TypeError)
})

test('a spec that goes on otherwise is another one', () => {
  decoded('a', '{"parallelism":5}')
  expect(decoded('b', '{"parallelism":5,"completions":5}').value['spec']).toStrictEqual({
    parallelism: 5,
    completions: 5,
  })
  expect(decodeObject(job, jobOf('c', '{"parallelism":5}}'))).toStrictEqual(
    E.left(expect.stringContaining('after top-level value')),
  )
})

test.each([
  ['{"parallelism":1,"paralelism":2}', ['unknown field "spec.paralelism"']],
  ['{"parallelism":1,"parallelism":2}', ['duplicate field "spec.parallelism"']],
])('a mistake is told every time: %s', (spec, findings) => {
  expect(decoded('a', spec).findings).toStrictEqual(findings)
  expect(decoded('b', spec).findings).toStrictEqual(findings)
})

test('what is wrong elsewhere is told beside a spec that came before', () => {
  const spec = '{"parallelism":7}'
  decoded('a', spec)
  expect(decodeObject(job, `{"metadata":{"nam":"b"},"spec":${spec}}`)).toMatchObject(
    E.right({ value: { spec: { parallelism: 7 } }, findings: ['unknown field "metadata.nam"'] }),
  )
})

test('only the latest sixteen are held, those that come again the longest', () => {
  const texts = recentTexts()
  for (let place = 0; place < 16; place += 1) texts.keep({ text: `{"a":${place}}`, value: place })
  expect(texts.find('{"a":0}', 0)?.value).toBe(0)
  texts.keep({ text: '{"a":16}', value: 16 })
  expect(texts.find('x {"a":0}', 2)?.value).toBe(0)
  expect(texts.find('{"a":1}', 0)).toBeNull()
})
