import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { containerLog } from '../../../../src/adapters/runtimes/sandbox/container-log.ts'
import type { ContainerLogOptions } from '../../../../src/application/ports/container-logs.ts'
import { nanoTime, parseLogLine } from '../../../../src/adapters/runtimes/sandbox/log-line.ts'
import { logWriter } from '../../../../src/adapters/runtimes/sandbox/log-writer.ts'
import { logFileOf } from '../../../../src/adapters/runtimes/sandbox/paths.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync('/tmp/jobledger-logs-')
  file = logFileOf(folder, 'uid', 'main', 0)
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = async (options?: ContainerLogOptions): Promise<string> => (await readBytes(options)).toString()

const readBytes = async (options?: ContainerLogOptions): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  const run = { podUid: 'uid', container: 'main', restart: 0 }
  for await (const piece of containerLog(folder, run, options)) pieces.push(piece)
  return Buffer.concat(pieces)
}

test.each([
  ['2026-01-02T03:04:05.000000001Z stdout F hello  world ', 'stdout', true, 'hello  world '],
  ['2026-01-02T03:04:05.000000001Z stderr P ', 'stderr', false, ''],
])('the record "%s" is read', (record, stream, full, text) => {
  expect(parseLogLine(record)).toStrictEqual({ time: '2026-01-02T03:04:05.000000001Z', stream, full, text })
})

test.each(['', 'x', '2026 stdout', '2026 stdin F x', '2026 stdout X x'])('"%s" is no record', (record) => {
  expect(parseLogLine(record)).toBeUndefined()
})

test('times have nine digits of a second', () => {
  expect(nanoTime(Date.UTC(2026, 0, 2) + 3.25)).toBe('2026-01-02T00:00:00.003250000Z')
})

describe('the writer', () => {
  const written = () => readFileSync(file, 'utf8').replace(/^\S+Z /gm, '')

  test('writes a record a line, an unfinished one at the end, and knows length and digest', async () => {
    const log = logWriter(file, 10_000, () => {})
    log.take('stdout', Buffer.from('one\ntw'))
    log.take('stderr', Buffer.from('bad\n'))
    log.take('stdout', Buffer.from('o\n\nlast'))
    const { logBytes, logSha256 } = await log.finish()
    expect(written()).toBe('stdout F one\nstderr F bad\nstdout F two\nstdout F \nstdout P last\n')
    expect(logBytes).toBe(readFileSync(file).length)
    expect(logSha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'))
  })

  test('cuts lines that are too long into parts, which read as one', async () => {
    const log = logWriter(file, 100_000, () => {})
    const long = 'x'.repeat(40_000)
    log.take('stdout', Buffer.from(long.slice(0, 30_000)))
    log.take('stdout', Buffer.from(`${long.slice(30_000)}\n`))
    await log.finish()
    expect(written().match(/stdout [FP]/g)).toStrictEqual(['stdout P', 'stdout P', 'stdout F'])
    expect(await read()).toBe(`${long}\n`)
  })

  test('drops what goes beyond the limit and says so once', async () => {
    const log = logWriter(file, 1_000, () => {})
    for (let i = 0; i < 100; i++) log.take('stdout', Buffer.from(`line ${i}\n`))
    const { logBytes } = await log.finish()
    const lines = written().trimEnd().split('\n')
    expect(lines.at(-1)).toMatch('reached its limit of 1000 bytes')
    expect(lines.filter((line) => line.includes('limit'))).toHaveLength(1)
    expect(lines.at(-2)).toBe(`stdout F line ${lines.length - 2}`)
    expect(logBytes).toBeLessThan(1_300)
  })

  test('makes no file for a container that is silent', async () => {
    const log = logWriter(file, 1_000, () => {})
    expect(await log.finish()).toStrictEqual({ logBytes: 0, logSha256: createHash('sha256').digest('hex') })
    expect(await read()).toBe('')
  })

  test('asks for a pause while much waits for the disk, then for more', async () => {
    let drained = 0
    const log = logWriter(file, 1e9, () => drained++)
    log.take('stdout', Buffer.from('first, which begins a write\n'))
    expect(log.take('stdout', Buffer.alloc(2_000_000, 'y\n'))).toBe(false)
    await log.finish()
    expect(drained).toBe(1)
  })

  test('carries on without a log when the disk refuses', async () => {
    mkdirSync(file, { recursive: true })
    const log = logWriter(file, 1_000, () => {})
    expect(log.take('stdout', Buffer.from('lost\n'))).toBe(true)
    expect(await log.finish()).toMatchObject({ logBytes: 0 })
  })
})

describe('the reader', () => {
  const record = (second: number, text: string) => `2026-01-01T00:00:0${second}.500000000Z stdout F ${text}\n`
  beforeEach(() => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, record(1, 'one') + record(2, 'zwei ä') + record(3, 'three'))
  })

  test.each<[what: string, options: ContainerLogOptions, text: string]>([
    ['everything', {}, 'one\nzwei ä\nthree\n'],
    ['with times', { timestamps: true, tailLines: 1 }, '2026-01-01T00:00:03.500000000Z three\n'],
    ['the last two', { tailLines: 2 }, 'zwei ä\nthree\n'],
    ['more than there are', { tailLines: 9 }, 'one\nzwei ä\nthree\n'],
    ['none', { tailLines: 0 }, ''],
    ['since a time', { sinceTime: Date.UTC(2026, 0, 1, 0, 0, 2, 500) }, 'zwei ä\nthree\n'],
    ['some bytes', { limitBytes: 6 }, 'one\nzw'],
    ['no bytes', { limitBytes: 0 }, ''],
  ])('gives %s', async (_, options, text) => expect(await read(options)).toBe(text))

  test('gives bytes that are no text as they are', async () => {
    writeFileSync(file, Buffer.concat([Buffer.from(record(1, '').slice(0, -1)), Buffer.from([0xff, 0x00, 0xc3, 10])]))
    expect([...(await readBytes())]).toStrictEqual([0xff, 0x00, 0xc3, 10])
  })

  test('tells the time of a long line once', async () => {
    writeFileSync(file, record(1, 'begin ').replace(' F ', ' P ') + record(2, 'end'))
    expect(await read({ timestamps: true })).toBe('2026-01-01T00:00:01.500000000Z begin end\n')
  })

  test('finds the tail of a log of many pieces', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => record(1, `line ${i} ${'.'.repeat(40)}`)).join('')
    writeFileSync(file, many)
    expect((await read({ tailLines: 2_500 })).split('\n')[0]).toMatch(/^line 2500 /)
    expect((await read()).split('\n')).toHaveLength(5_001)
  })

  test('does not show a record that is cut off', async () => {
    appendFileSync(file, '2026-01-01T00:00:04.500000000Z std')
    expect(await read()).toBe('one\nzwei ä\nthree\n')
  })

  test('follows until the container is over, also from before the first record', async () => {
    rmSync(dirname(file), { recursive: true })
    let over = false
    const reading = read({ follow: true, isOver: () => over })
    await new Promise((resolve) => setTimeout(resolve, 80))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, record(1, 'first').slice(0, 20))
    await new Promise((resolve) => setTimeout(resolve, 80))
    appendFileSync(file, record(1, 'first').slice(20))
    await new Promise((resolve) => setTimeout(resolve, 80))
    appendFileSync(file, record(2, 'second'))
    over = true
    expect(await reading).toBe('first\nsecond\n')
  })

  test('follows until it is told to stop', async () => {
    const reading = read({ follow: true, signal: AbortSignal.timeout(100) })
    expect(await reading).toBe('one\nzwei ä\nthree\n')
  })
})

test('no name of a Pod or container leads out of the folder of logs', () => {
  expect(logFileOf('/d', '../..', '..', 0)).toBe('/d/logs/%2e%2e%2f%2e%2e/%2e%2e/0.log')
  expect(join('/d', logFileOf('', 'a-b', 'c', 1))).toBe('/d/logs/a-b/c/1.log')
})
