import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'
import { askRaw, type RawAnswer } from './ask-raw.ts'
import { diceOf } from './dice.ts'
import { referenceErrorOf } from './reference-errors.ts'
import { type FuzzRequest, requestMaker, withToken } from './requests.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 1)
const from = Number(process.env['FUZZ_FROM'] ?? 0)
const count = Number(process.env['FUZZ_REQUESTS'] ?? 10_000)
const atOnce = 24

const corpusFolder = join(import.meta.dirname, 'corpus')
/** As files in lines; on the wire the lines of the head end otherwise. */
const corpus: ReadonlyMap<string, Buffer> = new Map(
  readdirSync(corpusFolder)
    .toSorted()
    .map((name) => [name, onTheWire(readFileSync(join(corpusFolder, name)))]),
)

function onTheWire(file: Buffer): Buffer {
  const end = file.indexOf('\n\n')
  if (end < 0) return file
  return Buffer.concat([
    Buffer.from(`${file.subarray(0, end).toString('latin1').replaceAll('\n', '\r\n')}\r\n\r\n`, 'latin1'),
    file.subarray(end + 2),
  ])
}

/** What is wrong with an answer, or null. */
const problemWith = ({ bytes, isRefused = false }: FuzzRequest, answer: RawAnswer): string | null => {
  const { code, head, body } = answer
  if (code === 0) return 'no answer'
  if (isRefused && code !== 400 && code !== 422) return 'not refused'
  if (code >= 500 && referenceErrorOf(answer) === null) return `a ${code} of our own`
  if (code < 400 || bytes.subarray(0, 5).toString() === 'HEAD ') return null
  if (code === 404 && body === '404 page not found\n') return null
  if (!/\r\ncontent-type: application\/json/i.test(head)) return 'no Status'
  return isStatus(body, code) ? null : 'no Status'
}

const isStatus = (body: string, wanted: number): boolean => {
  try {
    const { kind, code, message } = JSON.parse(body) as Readonly<Record<string, unknown>>
    return kind === 'Status' && code === wanted && typeof message === 'string'
  } catch {
    return false
  }
}

/** Kilobytes. */
const residentOf = async ({ ask }: Serving): Promise<number> =>
  Number(/^process_resident_memory_bytes (\d+)$/m.exec(await (await ask('/metrics')).text())?.[1]) / 1024

/** Asks everything, some at once, and collects what went wrong. */
const askAll = async (served: Serving, requests: Iterable<readonly [replay: string, request: FuzzRequest]>) => {
  const port = Number(new URL(served.plain).port)
  const wrong: string[] = []
  const codes = new Map<number, number>()
  const left = requests[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const [replay, request] = next.value
      const answer = await askRaw(port, request.bytes, request.mayBeCut).catch((problem: unknown) => String(problem))
      const problem = typeof answer === 'string' ? answer : problemWith(request, answer)
      if (typeof answer !== 'string') codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1)
      if (problem === null) continue
      const asked = request.bytes.toString('latin1').replace(served.token, '{{token}}').slice(0, 1500)
      const said = typeof answer === 'string' ? '' : `${answer.head}\n${answer.body.slice(0, 600)}`
      wrong.push(`${problem}: ${request.from}, ${replay}\n${JSON.stringify(asked)}\n${said}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { wrong: wrong.slice(0, 5), codes }
}

const isStillWell = async ({ ask, server }: Serving): Promise<boolean> =>
  (await ask('/readyz')).ok &&
  (await ask('/apis/batch/v1/jobs')).ok &&
  (await ask('/api/v1/pods')).ok &&
  !server.said.err.includes('the API could not')

describe('malformed requests', { timeout: 120_000 }, () => {
  test('from the files, each: no error of the server, a Status for each refusal', async ({ jobledger, expect }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    const requests = [...corpus].map(([name, bytes]): [string, FuzzRequest] => [
      name,
      { from: name, bytes: withToken(bytes, served.token), mayBeCut: true },
    ])
    expect((await askAll(served, requests)).wrong).toStrictEqual([])
    expect(await isStillWell(served)).toBe(true)
  })

  test(`${count} made from the seed ${seed}: the same, and memory does not grow`, async ({ jobledger, expect }) => {
    const served = await serving(jobledger, '--runtime', 'external')
    const make = requestMaker(served.token, corpus)
    const requests = function* (begin: number, end: number): Iterable<[string, FuzzRequest]> {
      for (let place = begin; place < end; place += 1)
        yield [`FUZZ_SEED=${seed} FUZZ_FROM=${place} FUZZ_REQUESTS=1`, make(place, diceOf(seed * 1_000_003 + place))]
    }
    const warm = from + Math.floor(count / 4)
    const first = await askAll(served, requests(from, warm))
    const before = await residentOf(served)
    const second = await askAll(served, requests(warm, from + count))
    const grown = (await residentOf(served)) - before
    expect([...first.wrong, ...second.wrong]).toStrictEqual([])
    expect(await isStillWell(served)).toBe(true)
    expect(grown).toBeLessThan(200_000)
    if (count >= 1000)
      for (const code of [200, 201, 400, 404, 405, 415, 422]) expect(second.codes.get(code)).toBeGreaterThan(0)
  })
})
