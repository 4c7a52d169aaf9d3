import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe } from 'vitest'
import { type CommandLine, repository, test } from '../support/jobledger.ts'
import { until } from './until.ts'

/** Gives the child a terminal of WIDTH columns (60) for its standard error, and hands on what is written there and to standard output. */
const pseudoTerminal = `
import fcntl, os, pty, struct, subprocess, sys, termios
main, side = pty.openpty()
fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(os.environ.get('WIDTH', '60')), 0, 0))
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=1, stderr=side)
os.close(side)
while True:
    try:
        data = os.read(main, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(2, data)
sys.exit(child.wait())
`

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0
const noPython = 'python3 is not here to make a pseudo terminal'

const onTerminal = async (
  { dataDir, folder }: CommandLine,
  words: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
) => {
  const program = [process.execPath, join(repository, 'bin/jobledger.js'), ...words]
  const child = spawn('python3', ['-c', pseudoTerminal, ...program], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      JOBLEDGER_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return said(child)
}

const said = async (child: ChildProcessByStdio<null, Readable, Readable>) => {
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text))
  const [code] = await once(child, 'close')
  return { code, ...texts }
}

/** What a terminal shows in the end: the view is redrawn by going up some lines and erasing from there. */
const shown = (text: string): ReadonlyArray<string> => {
  const lines: string[] = ['']
  for (const piece of text.replaceAll('\r\n', '\n').split(/(\u001b\[\d+A\u001b\[J|\n)/)) {
    const [, up] = /^\u001b\[(\d+)A/.exec(piece) ?? []
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Number(up) + 1, '')
    else if (piece === '\n') lines.push('')
    else lines[lines.length - 1] += stripVTControlCharacters(piece)
  }
  return lines.filter((line) => line !== '').map((line) => line.replace(/\d+s/, 'Ns'))
}

const colour = /\u001b\[[0-9;]*m/
const cursor = /\u001b\[\d*[A-Z]/

describe.concurrent('on a terminal', { timeout: 60_000 }, () => {
  test('run redraws its progress in place, within the width, and logs stay free of it', async ({
    jobledger,
    expect,
    skip,
  }) => {
    skip(!hasPython, noPython)
    const file = jobledger.manifest('drawn', 'echo hello', { completions: 3, completionMode: 'Indexed' })
    const { code, out, err } = await onTerminal(jobledger, ['run', '-f', file])
    expect(code).toBe(0)
    expect(out).toMatch(/^(\[drawn-\d-\w{5}\] hello\n){3}$/)
    expect(err).toMatch(cursor)
    expect(err).toMatch(colour)
    const lines = shown(err)
    expect(lines).toStrictEqual([
      'job/drawn  Complete  Ns',
      '[██████████]  3/3 succeeded',
      '0 ███',
      'job/drawn is Complete: Reached expected number of succeeded pods',
    ])
    for (const line of err.replaceAll('\r', '').split('\n').slice(0, -2))
      expect([...stripVTControlCharacters(line)].length).toBeLessThanOrEqual(60)
  })

  test('NO_COLOR takes the colour away, and a plain language the blocks', async ({ jobledger, expect, skip }) => {
    skip(!hasPython, noPython)
    const file = jobledger.manifest('grey', 'exit 1', { backoffLimit: 0, completions: 1 })
    const { code, err } = await onTerminal(jobledger, ['run', '-f', file], { NO_COLOR: '1', LC_ALL: 'C' })
    expect(code).toBe(1)
    expect(err).not.toMatch(colour)
    expect(err).toMatch(cursor)
    expect(err.replace(/[\u001b\r\n]/g, '')).toMatch(/^[ -~]*$/)
    expect(shown(err)).toStrictEqual([
      expect.stringMatching(/^pod\/grey-\w{5} {2}failed: exit code 1$/),
      'job/grey  Failed  Ns  BackoffLimitExceeded: Job has reached',
      '[----------]  0/1 succeeded, 1 failed',
      'job/grey has Failed: BackoffLimitExceeded: Job has reached the specified backoff limit',
    ])
  })

  test('that does not know its width is taken for one of 80 columns', async ({ jobledger, expect, skip }) => {
    skip(!hasPython, noPython)
    const file = jobledger.manifest('wide', 'echo hello')
    const { code, err } = await onTerminal(jobledger, ['run', '-f', file], { WIDTH: '0' })
    expect(code).toBe(0)
    expect(shown(err)).toContain('job/wide  Complete  Ns')
  })

  test('that can only go on is written to line by line', async ({ jobledger, expect, skip }) => {
    skip(!hasPython, noPython)
    const file = jobledger.manifest('dumb', 'echo hello')
    const { code, err } = await onTerminal(jobledger, ['run', '-f', file], { TERM: 'dumb' })
    expect(code).toBe(0)
    expect(err).not.toContain('\u001b')
    expect(shown(err)).toContain('job/dumb  Complete, 1/1 succeeded  Ns')
  })

  test('the time goes on while nothing happens', async ({ jobledger, expect, skip }) => {
    skip(!hasPython, noPython)
    const file = jobledger.manifest('slow', 'sleep 2.5')
    const { code, err } = await onTerminal(jobledger, ['run', '-f', file], { NO_COLOR: '1' })
    expect(code).toBe(0)
    expect(err).toMatch(/Running {2}1s[\s\S]*Running {2}2s/)
  })
})

/** A command whose standard output goes to `head -n 1`. */
const inPipe = (place: CommandLine, words: string) => inShell(place, `${words} | head -n 1`)

const inShell = ({ folder, dataDir }: CommandLine, words: string) => {
  const script = `"$0" "$1" ${words}`
  const child = spawn('sh', ['-c', script, process.execPath, join(repository, 'bin/jobledger.js')], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, JOBLEDGER_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return said(child)
}

describe.concurrent('in a pipe', { timeout: 60_000 }, () => {
  test('there is neither colour nor cursor, also when a container prints them', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('loud', `printf '\\033[31mred\\033[2J\\n'`)
    const run = jobledger.start(['run', '-f', file], { env: { FORCE_COLOR: '1', TERM: 'xterm-256color' } })
    expect(await run.ended).toMatchObject({ code: 0, out: '^[[31mred^[[2J\n' })
    const [pods, text, history] = await Promise.all([
      jobledger.ask('get', 'pods'),
      jobledger.ask('describe', 'job/loud'),
      jobledger.ask('history', 'job/loud'),
    ])
    for (const said of [run.said.err, pods, text, history]) expect(said).not.toContain('\u001b')
  })

  test.for(['', ' 2>&1'])(
    'a reader of run%s that goes away ends the output, not the Job',
    async (both, { jobledger, expect }) => {
      const file = jobledger.manifest('unheard', 'echo line; sleep 0.3', { completions: 3 })
      const { out } = await inPipe(jobledger, `run -f ${file}${both}`)
      expect(out).toMatch(/^[^\n]+\n$/)
      await until('the Job is done', async () => (await jobledger.getJob('unheard')).status.succeeded === 3)
    },
  )

  test('a reader that goes away ends the output quietly', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('wordy', 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo line $i of many; done')
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 0 })
    const piped = (words: string) => inPipe(jobledger, words)
    expect(await piped('logs job/wordy')).toStrictEqual({ code: 0, out: 'line 1 of many\n', err: '' })
    expect(await piped('history job/wordy -o json')).toStrictEqual({ code: 0, out: '[\n', err: '' })
    expect(await piped('export')).toStrictEqual({ code: 0, out: '{"jobledger":"log","version":1}\n', err: '' })
    const watch = piped('get jobs -w --no-headers')
    const next = jobledger.manifest('next', 'sleep 1')
    for (let runs = 0; runs < 2; runs += 1)
      expect(await jobledger.run('run', '-f', next, '--replace')).toMatchObject({ code: 0 })
    expect(await watch).toMatchObject({ code: 0, out: expect.stringMatching(/^wordy .*\n$/), err: '' })
  })
})

describe.concurrent('into a file', { timeout: 60_000 }, () => {
  test('on a disk that is full nothing is lost without a word', async ({ jobledger, expect, skip }) => {
    skip(!existsSync('/dev/full'), 'there is no /dev/full here')
    const file = jobledger.manifest('full', 'echo hello')
    const lost = { code: 1, out: '', err: expect.stringMatching(/^error: .*ENOSPC: no space left on device.*\n$/) }
    expect(await inShell(jobledger, `run -f ${file} >/dev/full`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /\njob\/full is Complete: .*\nerror: standard output: ENOSPC: no space left on device.*\n$/,
      ),
    })
    for (const words of ['get jobs', 'get jobs -o yaml', 'logs job/full', 'history job/full', 'export'])
      expect(await inShell(jobledger, `${words} >/dev/full`), words).toStrictEqual(lost)
  })
})
