import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readJobManifest, renderProblem } from '../../../src/adapters/manifests/read-manifest.ts'
import { E } from '../../../src/prelude.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'))
})
afterAll(() => rm(folder, { recursive: true }))

const file = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const problemsOf = async (path: string) => {
  const read = await readJobManifest(path)
  return E.isLeft(read) ? read.left.map((problem) => renderProblem(problem).replace(`${folder}/`, '')) : []
}

const job = JSON.stringify({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
})

test('a JSON file is read, also with a byte order mark', async () =>
  expect(await problemsOf(await file('job.json', `\ufeff${job}`))).toEqual([]))

test('a missing file', async () =>
  expect(await problemsOf(join(folder, 'nope.yaml'))).toEqual(['nope.yaml: does not exist']))

test('a directory', async () => {
  const read = await readJobManifest(folder)
  expect(read).toEqual(E.left([{ file: folder, reason: 'is a directory, not a manifest' }]))
})

test('an empty file', async () =>
  expect(await problemsOf(await file('empty.yaml', ''))).toEqual(['empty.yaml: is empty']))

test('bytes that are no text', async () =>
  expect(await problemsOf(await file('odd.yaml', Uint8Array.of(0xff, 0xfe, 0)))).toEqual([
    'odd.yaml: is not UTF-8 text',
  ]))

test('more than 3 MiB', async () =>
  expect(await problemsOf(await file('huge.yaml', '#'.repeat(3 * 1024 * 1024 + 1)))).toEqual([
    'huge.yaml: is larger than 3 MiB, the most that Kubernetes takes',
  ]))

test('an endless file is not read to its end', async () =>
  expect(await problemsOf('/dev/zero')).toEqual(['/dev/zero: is larger than 3 MiB, the most that Kubernetes takes']))

async function* piecesOf(text: string) {
  for (const letter of Buffer.from(text)) yield Uint8Array.of(letter)
}

test('a dash reads standard input, however it is cut into pieces', async () => {
  const read = await readJobManifest('-', { stdin: piecesOf(job.replace('"job"', '"job-é"')) })
  expect(E.isLeft(read) && read.left.map(renderProblem)[0]).toMatch(
    /^standard input:1: metadata.name: Invalid value: "job-é": /,
  )
  expect(E.isRight(await readJobManifest('-', { stdin: piecesOf(job) }))).toBe(true)
})
