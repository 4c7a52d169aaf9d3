import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { refusalsOf } from '../refusals-of.ts'

test.each<[rule: string, metadata: Shape<'ObjectMeta'>, said: ReadonlyArray<RegExp>]>([
  ['[N-6] bad name', { name: 'Not_A_Name' }, [/^metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123/]],
  ['[1.3] no name', { name: '' }, [/^metadata.name: Required value: name or generateName is required$/]],
  ['[1.3] a generateName will do', { name: '', generateName: 'x-' }, []],
  [
    '[1.3] bad generateName',
    { name: '', generateName: 'X-' },
    [/^metadata.generateName: Invalid value: "X-": a lower/],
  ],
  [
    '[N-5] a name longer than a label value, twice',
    { name: 'x'.repeat(64) },
    [/^spec.template.labels: .*no more than 63 bytes$/, /^spec.template.labels: .*no more than 63 bytes$/],
  ],
  [
    '[1.3] bad labels',
    { labels: { 'a b': 'c', d: '-e' } },
    [/^metadata.labels: Invalid value: "a b": name part/, /^metadata.labels: Invalid value: "-e": a valid label/],
  ],
  ['[N-2] annotation keys are lower-cased first', { annotations: { 'Example.COM/a': 'any thing!' } }, []],
  ['[N-1] bad annotation', { annotations: { 'bad key!': '' } }, [/^metadata.annotations: Invalid value: "bad key!"/]],
  [
    '[1.3] annotations too long',
    { annotations: { a: 'x'.repeat(262_144) } },
    [/^metadata.annotations: Too long: may not be more than 262144 bytes$/],
  ],
  [
    '[1.3] finalizer without a domain',
    { finalizers: ['orphan', 'example.com/a', 'mine'] },
    [/^metadata.finalizers\[2\]: Invalid value: "mine": name is neither a standard finalizer name nor/],
  ],
  [
    '[1.3] incomplete ownerReference',
    { ownerReferences: [{}] },
    [
      /^metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty$/,
      /^metadata.ownerReferences.kind: Invalid value: "": must not be empty$/,
      /^metadata.ownerReferences.name: /,
      /^metadata.ownerReferences.uid: /,
    ],
  ],
  [
    '[1.3] finalizers that contradict each other',
    { finalizers: ['orphan', 'foregroundDeletion'] },
    [
      /^metadata.finalizers: Invalid value: \["orphan","foregroundDeletion"\]: finalizer orphan and foregroundDeletion cannot/,
    ],
  ],
  [
    '[1.3] two controllers',
    { ownerReferences: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'K', name, uid: name, controller: true })) },
    [/: Only one reference can have Controller set to true. Found "true" in references for K\/a and K\/b$/],
  ],
  ['[N-7] bad namespace', { namespace: 'A' }, [/^metadata.namespace: Invalid value: "A": a lowercase RFC 1123 label/]],
])('%s', (_, metadata, said) => {
  const sentences = refusalsOf({ metadata })
  expect(sentences).toHaveLength(said.length)
  said.forEach((pattern, index) => {
    expect(sentences[index]).toMatch(pattern)
  })
})

test('[1.3] labels and annotations of the template are told without `metadata`, and again for a Job that takes them', () =>
  expect(refusalsOf({ template: { labels: { 'bad key!': 'x' }, annotations: { 'a/b/c': '' } } })).toEqual([
    expect.stringMatching(/^metadata.labels: Invalid value: "bad key!"/),
    expect.stringMatching(/^spec.template.labels: Invalid value: "bad key!"/),
    expect.stringMatching(/^spec.template.annotations: Invalid value: "a\/b\/c": a valid label key/),
  ]))
