import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askHolder, askHolderToRead } from '../../../src/adapters/holder-socket/ask-holder.ts'
import { listenAsHolder } from '../../../src/adapters/holder-socket/listen-as-holder.ts'
import { onHolderGone } from '../../../src/adapters/holder-socket/on-holder-gone.ts'
import { socketPath } from '../../../src/adapters/holder-socket/socket-path.ts'
import type { HolderAnswer, HolderRequest } from '../../../src/application/holder/holder-request.ts'
import { E } from '../../../src/prelude.ts'
import { manifest } from '../../support/manifests.ts'

let folder: string
let stop: () => Promise<void> = async () => {}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holder-'))
})
afterEach(async () => {
  await stop()
  stop = async () => {}
  rmSync(folder, { recursive: true })
})

const listen = async (answer: (request: HolderRequest) => Promise<HolderAnswer>, where = folder) => {
  stop = await listenAsHolder(where, answer)
}

const deletion = {
  type: 'delete',
  namespace: 'default',
  name: 'pi',
  propagation: 'Background',
  user: 'me',
  agent: 'test',
} as const

test('a request is answered by the process that listens', async () => {
  const heard: HolderRequest[] = []
  await listen(async (request) => {
    heard.push(request)
    return { type: 'done', uid: 'u', changed: true }
  })
  expect(await askHolder(folder, deletion)).toStrictEqual(E.right({ type: 'done', uid: 'u', changed: true }))
  expect(heard).toStrictEqual([deletion])
  expect(statSync(socketPath(folder)).mode & 0o777).toBe(0o600)
})

test('a large manifest arrives as it was sent, whatever its letters', async () => {
  const text = 'größer als ein Stück 🥧 '.repeat(60_000)
  const request: HolderRequest = {
    type: 'run',
    manifest: manifest({}, 'pi', ['echo', text]),
    user: 'me',
    agent: 'test',
  }
  let heard: HolderRequest | null = null
  await listen(async (one) => {
    heard = one
    return { type: 'refused', reason: text }
  })
  expect(await askHolder(folder, request)).toStrictEqual(E.right({ type: 'refused', reason: text }))
  expect(heard).toStrictEqual(request)
})

test('where nobody listens there is nobody, also when a crash has left a socket behind', async () => {
  expect(await askHolder(folder, deletion)).toMatchObject({ left: { _tag: 'Nobody' } })
  writeFileSync(socketPath(folder), '')
  expect(await askHolder(folder, deletion)).toMatchObject({ left: { _tag: 'Nobody' } })
  await listen(async () => ({ type: 'done', uid: 'u', changed: false }))
  expect(E.isRight(await askHolder(folder, deletion))).toBe(true)
})

test('a holder that takes a request and hangs is silent', async () => {
  await listen(() => new Promise(() => {}))
  expect(await askHolder(folder, deletion, 50)).toStrictEqual(
    E.left({ _tag: 'Silent', reason: 'it has not answered for 0.05 seconds' }),
  )
})

test('a holder that ends before it answers is nobody', async () => {
  await listen(() => {
    void stop()
    return new Promise(() => {})
  })
  expect(await askHolder(folder, deletion)).toStrictEqual(
    E.left({ _tag: 'Nobody', reason: 'it ended before it answered' }),
  )
})

test('a request of another kind is refused', async () => {
  await listen(async () => ({ type: 'done', uid: 'u', changed: true }))
  const strange = { type: 'dance' } as unknown as HolderRequest
  expect(await askHolder(folder, strange)).toStrictEqual(
    E.right({ type: 'refused', reason: 'a request of another kind' }),
  )
})

test('a reading command is answered by another function, and refused where there is none', async () => {
  const request = { type: 'read' as const, log: 'esdb://a', words: ['get', 'jobs'], timeZone: 'UTC' }
  const printed = { type: 'printed' as const, out: 'NAME\n', err: '', exitCode: 0, position: '7' }
  const answer = async (): Promise<HolderAnswer> => ({ type: 'done', uid: 'u', changed: true })
  stop = await listenAsHolder(folder, answer, async (heard) =>
    heard.words.join(' ') === 'get jobs' ? printed : { type: 'refused', reason: 'other words' },
  )
  expect(await askHolderToRead(folder, request)).toStrictEqual(E.right(printed))
  await stop()
  await listen(answer)
  expect(await askHolderToRead(folder, request)).toStrictEqual(
    E.right({ type: 'refused', reason: 'a request of another kind' }),
  )
})

test('the end of a holder is told once, and at once where there is none', async () => {
  await listen(async () => ({ type: 'done', uid: 'u', changed: true }))
  let told = 0
  const gone = new Promise<void>((resolve) =>
    onHolderGone(folder, () => {
      told += 1
      resolve()
    }),
  )
  await askHolder(folder, deletion)
  expect(told).toBe(0)
  await stop()
  await gone
  expect(told).toBe(1)
  await new Promise<void>((resolve) => onHolderGone(folder, resolve))
})

test('a folder whose path is too long for a socket is reached too', async () => {
  const deep = join(folder, 'a'.repeat(100), 'b'.repeat(100))
  mkdirSync(deep, { recursive: true })
  await listen(async () => ({ type: 'done', uid: 'deep', changed: true }), deep)
  expect(await askHolder(deep, deletion)).toMatchObject({ right: { uid: 'deep' } })
})
