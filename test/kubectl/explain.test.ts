import { describe } from 'vitest'
import { fieldType, type ScalarName, schema } from '../../src/domain/kubernetes/schema.ts'
import { test } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { kubectlsHere, minorOf, runKubectl } from './kubectls.ts'

const here = kubectlsHere()
/** The newest, and the one that reads documents in protobuf only. */
const chosen = here.filter((one, place) => place === 0 || minorOf(one) < 27)

test.for(here.length === 0 ? ['there is no kubectl here'] : [])('nothing is explained: %s', (why, { skip }) =>
  skip(why),
)

/** How kubectl names the types of fields: since 1.27 with the names of definitions, before as what they are in JSON. */
const shownTypes: Readonly<Record<ScalarName, readonly [now: string, before: string]>> = {
  string: ['string', 'string'],
  boolean: ['boolean', 'boolean'],
  int32: ['integer', 'integer'],
  int64: ['integer', 'integer'],
  quantity: ['Quantity', 'string'],
  intOrString: ['IntOrString', 'string'],
  time: ['string', 'string'],
  microTime: ['string', 'string'],
  bytes: ['string', 'string'],
  any: ['FieldsV1', 'map[string]'],
}

const shownType = (notation: string, isOld: boolean): string => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return shownTypes[type.name][isOld ? 1 : 0]
    case 'List':
      return `[]${shownType(type.item, isOld)}`
    case 'Map':
      return `map[string]${shownType(type.value, isOld)}`
    case 'Object':
      return isOld ? 'Object' : type.name.replace(/^Events(?=Event)/, '')
  }
}

/** All fields under a definition as a tree in text, each by its depth. */
const fieldsBelow = (definition: string, isOld: boolean, depth = 0): ReadonlyArray<string> =>
  Object.entries(schema[definition]?.fields ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([field, notation]) => {
      const isRequired = !isOld && schema[definition]?.required.includes(field)
      const inner = notation.replace(/^(\[\]|map\[string\])+/, '')
      return [
        `${'.'.repeat(depth)}${field} <${shownType(notation, isOld)}>${isRequired ? ' -required-' : ''}`,
        ...fieldsBelow(inner, isOld, depth + 1),
      ]
    })

/** The same as kubectl prints it; `indent` is how far a field stands behind the one around it. */
const fieldsPrinted = (text: string, indent: number): ReadonlyArray<string> =>
  text
    .slice(text.indexOf('FIELDS:'))
    .split('\n')
    .flatMap((line) => {
      const [, space, field, type, required = ''] = /^( +)(\S+)\t<(.*?)>( -required-)?/.exec(line) ?? []
      return space === undefined ? [] : [`${'.'.repeat(space.length / indent - 1)}${field} <${type}>${required}`]
    })

describe.each(chosen)('kubectl $version', (kubectl) => {
  test('explains every field of a Job, a CronJob and a Pod', { timeout: 60_000 }, async ({ jobledger, expect }) => {
    const { kubeconfig } = await serving(jobledger)
    const isOld = minorOf(kubectl) < 27
    for (const [resource, kind] of [
      ['job', 'Job'],
      ['cronjob', 'CronJob'],
      ['pod', 'Pod'],
    ] as const) {
      const surroundings = { kubeconfig, home: jobledger.folder }
      const { out, err } = await runKubectl(kubectl, ['explain', resource, '--recursive'], surroundings)
      expect(err).toBe('')
      expect(fieldsPrinted(out, isOld ? 3 : 2)).toEqual(fieldsBelow(kind, isOld))
    }
  })

  test('says what a field is about', { timeout: 60_000 }, async ({ jobledger, expect }) => {
    const { kubeconfig } = await serving(jobledger)
    const surroundings = { kubeconfig, home: jobledger.folder }
    const explained = (path: string) => runKubectl(kubectl, ['explain', path], surroundings)
    expect((await explained('job.spec.suspend')).out.replaceAll(/\s+/g, ' ')).toContain(
      'True: no Pod runs, and those that do are deleted, until it is false again.',
    )
    expect((await explained('cronjob')).out).toContain('Starts Jobs by the clock.')
  })

  test('is told of unknown fields before or after it has sent them', { timeout: 60_000 }, async ({
    jobledger,
    expect,
  }) => {
    const { kubeconfig } = await serving(jobledger)
    const surroundings = { kubeconfig, home: jobledger.folder }
    const manifest = jobledger.manifest('typo', 'true', { paralelism: 2 })
    const { code, err } = await runKubectl(kubectl, ['create', '-f', manifest], surroundings)
    expect(code).toBe(1)
    expect(err).toContain(minorOf(kubectl) < 27 ? 'unknown field "paralelism"' : 'unknown field "spec.paralelism"')
  })

  test('creates by its own commands, of which newer ones send protobuf', { timeout: 60_000 }, async ({
    jobledger,
    expect,
  }) => {
    const { kubeconfig } = await serving(jobledger)
    const run = (...words: ReadonlyArray<string>) => runKubectl(kubectl, words, { kubeconfig, home: jobledger.folder })
    const said = [
      await run('create', 'job', 'one', '--image=busybox', '--', 'true'),
      await run('create', 'cronjob', 'daily', '--image=busybox', '--schedule=@daily', '--', 'true'),
      await run('create', 'namespace', 'home'),
      await run('create', 'configmap', 'words', '--from-literal=a=b'),
      await run('auth', 'can-i', 'create', 'jobs'),
    ]
    expect(said.map(({ out, err }) => out + err)).toEqual([
      'job.batch/one created\n',
      expect.stringMatching(/^cronjob\.batch\/daily created\n/),
      'namespace/home created\n',
      'configmap/words created\n',
      'yes\n',
    ])
  })
})
