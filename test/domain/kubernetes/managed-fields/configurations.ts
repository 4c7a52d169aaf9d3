import * as fc from 'fast-check'
import type { Json } from '../../../../src/domain/kubernetes/managed-fields/typed-place.ts'
import type { Entries, Writer } from '../../../../src/domain/kubernetes/managed-fields/entries.ts'
import { type Applied, appliedObject } from '../../../../src/domain/kubernetes/managed-fields/applied-object.ts'
import { schema } from '../../../../src/domain/kubernetes/schema.ts'
import { E } from '../../../../src/prelude.ts'

export const ofJobs = { schema, kind: 'Job' }

export const writer = (manager: string, subresource = ''): Writer => ({
  manager,
  subresource,
  apiVersion: 'batch/v1',
  time: '2026-01-01T00:00:00Z',
})

type Stand = { readonly live: Json | null; readonly entries: Entries }

export const nobodys: Stand = { live: null, entries: [] }

export const apply = (manager: string, config: Json, { live, entries }: Stand, isForced = false) =>
  appliedObject(ofJobs, { entries, live, config, writer: writer(manager), allowed: null, isForced })

/** The object after an application that nobody objects to. */
export const applied = (manager: string, config: Json, stand: Stand, isForced = false): Stand => {
  const outcome = apply(manager, config, stand, isForced)
  if (E.isLeft(outcome)) throw new Error(outcome.left.map(({ path }) => path).join())
  return standOf(outcome.right)
}

export const standOf = ({ object, entries }: Applied): Stand => ({ live: object, entries })

const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })

const compacted = (value: object): Json =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))

/** Absent when there is nothing in it. */
const filled = (value: object): Json | undefined => {
  const kept = compacted(value)
  return Object.keys(kept).length === 0 ? undefined : kept
}

const names = ['a', 'b', 'c']
const values = fc.constantFrom('1', '2')

/** What a manager may say about a Job. With a prefix it is nothing that somebody with another one says. */
export const configurationsWith = (prefix: string): fc.Arbitrary<Json> => {
  const name = fc.constantFrom(...names.map((one) => `${prefix}${one}`))
  const alone = <A>(arbitrary: fc.Arbitrary<A>) => (prefix === '' ? optional(arbitrary) : fc.constant(undefined))
  const texts = fc.dictionary(name, values, { minKeys: 1 })
  const env = fc.uniqueArray(fc.record({ name, value: values }), { selector: (one) => one.name, minLength: 1 })
  const container = fc.record({ name, image: optional(values), env: optional(env) }).map(compacted)
  return fc
    .record({
      labels: optional(texts),
      annotations: optional(texts),
      finalizers: optional(fc.uniqueArray(name, { minLength: 1 })),
      suspend: alone(fc.boolean()),
      parallelism: alone(fc.nat(3)),
      nodeSelector: alone(texts),
      containers: optional(fc.uniqueArray(container, { selector: (one) => one['name'], minLength: 1 })),
    })
    .map(({ labels, annotations, finalizers, suspend, parallelism, ...pod }) =>
      plain({
        metadata: filled({ labels, annotations, finalizers }),
        spec: filled({ suspend, parallelism, template: filled({ spec: filled(pod) }) }),
      }),
    )
}

export const configurations = configurationsWith('')

/** As it would come out of JSON. */
const plain = (value: object): Json => JSON.parse(JSON.stringify(value))
