import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { isObject, type JsonObject } from '../../src/adapters/kube-api/body/decode-object.ts'
import { jsonPatch, type Operation } from '../../src/adapters/kube-api/patches/json-patch.ts'
import { strategicMergePatch } from '../../src/adapters/kube-api/patches/strategic-merge-patch.ts'
import { applyMergePatch } from '../../src/domain/merge-patch.ts'
import { E } from '../../src/prelude.ts'
import { kubectlsHere, missing } from './kubectls.ts'

const folder = mkdtempSync(join(tmpdir(), 'jobledger-patches-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What kubectl makes of an object without any server; null when it refuses. */
const byKubectl = async (path: string, type: string, object: JsonObject, patch: unknown): Promise<unknown> => {
  const file = join(folder, 'object.json')
  writeFileSync(file, JSON.stringify(object))
  const words = ['patch', '--local', '-f', file, '--type', type, '-p', JSON.stringify(patch), '-o', 'json']
  try {
    const { stdout } = await promisify(execFile)(path, words, { env: { HOME: folder } })
    return JSON.parse(stdout)
  } catch {
    return null
  }
}

/** What we make of it. */
const byUs = (type: string, object: JsonObject, patch: unknown): unknown => {
  if (type === 'merge') return applyMergePatch(object, patch)
  const patched =
    type === 'json'
      ? jsonPatch(object, patch as ReadonlyArray<Operation>)
      : strategicMergePatch('Pod', object, isObject(patch) ? patch : {})
  return E.isRight(patched) ? patched.right : null
}

/** What is null in a new element is left out at the latest when an API server reads the object. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  )
}

const pod = (metadata: object, spec: object): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pod', ...metadata },
  spec,
})

const names = fc.constantFrom('a', 'b', 'c', 'd')
const value = fc.constantFrom('1', '2')
const some = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })
const listBy = (key: string, element: fc.Arbitrary<object>, minLength = 0) =>
  fc.uniqueArray(element, { selector: (one) => JSON.stringify(one[key as keyof typeof one]), minLength, maxLength: 4 })

/** An element as it is in an object, and as it may be in a patch of it. */
const elements = (isPatch: boolean) => {
  const deletion = fc.record({ name: names, $patch: fc.constant('delete') })
  const variable = fc.record({ name: names, value })
  const env = (isKnown: boolean) =>
    listBy('name', isPatch && isKnown ? fc.oneof({ weight: 3, arbitrary: variable }, deletion) : variable)
  const port = fc.record({ containerPort: fc.constantFrom(80, 81), name: value })
  const containerCalled = (name: string) =>
    fc.record({
      name: fc.constant(name),
      image: some(isPatch ? fc.option(value) : value),
      env: some(env(name === always)),
      ports: some(listBy('containerPort', port)),
      args: some(fc.array(value, { maxLength: 2 })),
    })
  const container = fc.oneof(...['a', 'b', 'c', 'd'].map(containerCalled))
  return isPatch
    ? listBy('name', fc.oneof({ weight: 4, arbitrary: container }, deletion))
    : fc
        .tuple(containerCalled(always), listBy('name', container))
        .map(([first, others]) => [first, ...others.filter((one) => !('name' in one) || one.name !== always)])
}

/** A container that every object has: in one that is new, kubectl does not look for directives. */
const always = 'a'

const texts = (isPatch: boolean) =>
  fc.dictionary(names, isPatch ? fc.oneof({ weight: 3, arbitrary: value }, fc.constant(null)) : value, { maxKeys: 3 })

const objects = (isPatch: boolean) =>
  fc
    .record({
      labels: some(texts(isPatch)),
      finalizers: some(fc.uniqueArray(names, { maxLength: 3 })),
      containers: isPatch ? some(elements(true)) : elements(false),
      nodeSelector: some(texts(isPatch)),
      tolerations: some(fc.array(fc.record({ key: names }), { maxLength: 2 })),
      $setElementOrder: isPatch ? some(fc.uniqueArray(names, { minLength: 2 })) : fc.constant(undefined),
    })
    .map(({ labels, finalizers, $setElementOrder, ...spec }) => {
      const order = $setElementOrder?.map((name) => ({ name }))
      const ordered = order === undefined ? {} : { '$setElementOrder/containers': order }
      return JSON.parse(JSON.stringify({ metadata: { labels, finalizers }, spec: { ...spec, ...ordered } }))
    })

const operations = fc.array(
  fc.oneof(
    fc.record({
      op: fc.constantFrom('add', 'replace', 'test'),
      path: fc.constantFrom(
        '/metadata/labels/a',
        '/metadata/labels',
        '/spec/containers/0',
        '/spec/containers/-',
        '/spec/x~1y',
      ),
      value: fc.constantFrom<unknown>('1', { name: 'new' }),
    }),
    fc.record({
      op: fc.constant('remove'),
      path: fc.constantFrom('/metadata/labels/a', '/spec/containers/0', '/spec/containers/7'),
    }),
    fc.record({
      op: fc.constantFrom('move', 'copy'),
      from: fc.constantFrom('/metadata/labels', '/spec/containers/0', '/spec/nowhere'),
      path: fc.constantFrom('/metadata/annotations', '/spec/containers/1', '/spec/containers/-'),
    }),
  ),
  { minLength: 1, maxLength: 3 },
)

const newest = kubectlsHere().slice(0, 1)

/** Each starts a process. */
const runs = 25

test.for(newest.length === 0 ? missing([]).slice(0, 1) : [])('patches are not compared: %s', (why, { skip }) =>
  skip(why),
)

describe.each(newest)('what kubectl $version makes of an object by itself', ({ path }) => {
  test.each([
    ['strategic', objects(true)],
    ['merge', objects(true)],
    ['json', operations],
  ] as const)(
    'is what a %s patch makes here',
    async (type, patches) => {
      const drawn: fc.Arbitrary<unknown> = patches
      await fc.assert(
        fc.asyncProperty(objects(false), drawn, async ({ metadata, spec }, patch) => {
          const object = pod(metadata, spec)
          expect(withoutNulls(byUs(type, object, patch))).toStrictEqual(
            withoutNulls(await byKubectl(path, type, object, patch)),
          )
        }),
        { numRuns: runs },
      )
    },
    60_000,
  )
})
