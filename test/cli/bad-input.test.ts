import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'

/** A right manifest of twelve lines, with one thing changed. */
const job = (from = '', to = '') =>
  `apiVersion: batch/v1
kind: Job
metadata:
  name: bad
spec:
  parallelism: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox:1.28
`.replace(from, to)

const aJob = 'expected a Job (apiVersion: batch/v1, kind: Job)'

/** What is written into `bad.yaml`, and the end of the message behind the name of the file. */
const table: ReadonlyArray<readonly [what: string, content: string | Uint8Array, message: string | RegExp]> = [
  [
    'an unknown field',
    job('parallelism', 'paralelism'),
    ':6: spec.paralelism: unknown field, did you mean "parallelism"?',
  ],
  [
    'a wrong type',
    job('parallelism: 1', 'parallelism: many'),
    ':6: spec.parallelism: must be an integer from -2147483648 to 2147483647, not "many"',
  ],
  [
    'a text where a list belongs',
    job('image:', 'command: sh -c true\n          image:'),
    ':12: spec.template.spec.containers[0].command: must be a list, not "sh -c true"',
  ],
  [
    'an invalid value',
    job('parallelism: 1', 'parallelism: -1'),
    ':6: spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'an unsupported value',
    job('Never', 'Always'),
    ':9: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'a name that is none',
    job('name: bad', 'name: Bad_Name'),
    /^:4: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of/,
  ],
  [
    'no name',
    job('  name: bad', '  labels: {}'),
    ':3: metadata.name: Required value: name or generateName is required',
  ],
  [
    'no template',
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: bad}\nspec: {}\n',
    ':4: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'several documents',
    `${job()}---\n${job()}`,
    ':14: a second document starts here, only one Job can be read at a time',
  ],
  ['broken YAML', job('metadata:', 'metadata: ['), /^:\d+: not valid YAML: .+/],
  ['a tab as indentation', job('  parallelism', '\tparallelism'), /^:6: not valid YAML: .+/],
  ['an empty file', '', ': is empty'],
  ['a file of comments', '# nothing\n---\n# more\n', ': is empty'],
  ['a text', 'just words\n', `:1: is not a Kubernetes object: ${aJob}`],
  ['a binary file', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0]), ': is not UTF-8 text'],
  ['a Pod', job('kind: Job', 'kind: Pod'), `:2: kind: "Pod" is not supported: ${aJob}`],
  ['a CronJob', job('kind: Job', 'kind: CronJob'), /^:2: kind: "CronJob" is not supported/],
  ['an old version', job('batch/v1', 'batch/v1beta1'), `:1: apiVersion: "batch/v1beta1" is not supported: ${aJob}`],
  ['nesting without end', `${'['.repeat(200_000)}`, /^(:1)?: is nested too deeply to be read$/],
  [
    'nesting that is closed',
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    /^(:1)?: is nested too deeply to be read$/,
  ],
  [
    'a key given twice',
    job('  parallelism: 1', '  parallelism: 1\n  parallelism: 2'),
    ':7: the key "parallelism" is given twice',
  ],
  ['__proto__', job('  parallelism: 1', '  __proto__: {parallelism: 9}'), ':6: the key "__proto__" is not allowed'],
  ['constructor', job('  parallelism: 1', '  constructor: {prototype: {}}'), ':6: spec.constructor: unknown field'],
  ['aliases that multiply', billion(), /^:\d+: aliases stand for more than 10000 values$/],
  ['a file that is too large', `#${'x'.repeat(3 << 20)}`, ': is larger than 3 MiB, the most that Kubernetes takes'],
]

function billion(): string {
  const lines = Array.from({ length: 8 }, (_, depth) => {
    const item = depth === 0 ? 'x' : `*a${depth - 1}`
    return `a${depth}: &a${depth} [${Array(8).fill(item).join(', ')}]`
  })
  return `${lines.join('\n')}\n`
}

describe.concurrent('jobledger run refuses, with exit code 1 and nothing recorded,', { timeout: 60_000 }, () => {
  test.for(table)('%s', async ([, content, message], { jobledger, expect }) => {
    const file = join(jobledger.folder, 'bad.yaml')
    writeFileSync(file, content)
    const { code, out, err } = await jobledger.run('run', '-f', file)
    expect({ code, out }).toStrictEqual({ code: 1, out: '' })
    const [first = '', ...more] = err.trimEnd().split('\n')
    expect(first.startsWith(`error: ${file}:`)).toBe(true)
    const said = first.slice(`error: ${file}`.length)
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
    for (const line of more) expect(line.startsWith(`error: ${file}:`)).toBe(true)
    expect(existsSync(jobledger.dataDir)).toBe(false)
  })

  test('a missing file, a directory and a file that may not be read', async ({ jobledger, expect }) => {
    const { folder } = jobledger
    mkdirSync(join(folder, 'manifests'))
    expect(await jobledger.run('run', '-f', `${folder}/nope.yaml`)).toMatchObject({
      code: 1,
      out: '',
      err: `error: ${folder}/nope.yaml: does not exist\n`,
    })
    expect(await jobledger.run('run', '-f', `${folder}/manifests`)).toMatchObject({
      code: 1,
      out: '',
      err: `error: ${folder}/manifests: is a directory, not a manifest\n`,
    })
    const { ended } = jobledger.start(['run', '-f', '-'], { stdin: 'kind: Pod\n' })
    expect(await ended).toMatchObject({
      code: 1,
      out: '',
      err: `error: standard input:1: kind: "Pod" is not supported: ${aJob}\n`,
    })
    expect(existsSync(jobledger.dataDir)).toBe(false)
  })

  test('all that is wrong at once, in the order of the lines, and nothing that steers the terminal', async ({
    jobledger,
    expect,
  }) => {
    const file = join(jobledger.folder, 'bad.yaml')
    writeFileSync(file, job('parallelism: 1', 'backoffLimit: -1\n  "\\e[2J": x').replace('image', 'imgae'))
    const { code, err } = await jobledger.run('run', '-f', file)
    expect(code).toBe(1)
    expect(err.replaceAll(file, '').split('\n')).toStrictEqual([
      'error: :6: spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0',
      'error: :7: spec.\\u001b[2J: unknown field',
      expect.stringMatching(/^error: :1[23]: spec\.template\.spec\.containers\[0\]\./),
      expect.stringMatching(/^error: :1[23]: spec\.template\.spec\.containers\[0\]\./),
      '',
    ])
  })

  test('a bad manifest beside a good log leaves the log as it is', async ({ jobledger, expect }) => {
    expect(await jobledger.run('run', '-f', jobledger.manifest('good', 'true'))).toMatchObject({ code: 0 })
    const before = await jobledger.ask('history', 'job/good')
    const file = join(jobledger.folder, 'bad.yaml')
    writeFileSync(file, job('name: bad', 'name: good').replace('parallelism: 1', 'parallelism: -1'))
    expect(await jobledger.run('run', '-f', file, '--replace')).toMatchObject({ code: 1 })
    expect(await jobledger.ask('history', 'job/good')).toBe(before)
  })
})
