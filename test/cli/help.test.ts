import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'

/** Every command with its options, as a user finds them in `--help`. */
const commands: ReadonlyArray<readonly [command: string, options: ReadonlyArray<string>]> = [
  ['run', ['--filename', '--replace', '--no-network', '--runtime', '--pod-backoff']],
  ['work', ['--no-network', '--runtime', '--pod-backoff']],
  [
    'serve',
    [
      '--host',
      '--port',
      '--insecure-http',
      '--anonymous',
      '--token-file',
      '--nodes',
      '--no-network',
      '--runtime',
      '--pod-backoff',
    ],
  ],
  ['kubeconfig', ['--merge', '--context', '--user', '--token-file']],
  ['simulate', ['--filename', '--outcomes', '--seed', '--until', '--output']],
  ['get', ['--output', '--watch', '--all-namespaces', '--selector', '--no-headers']],
  ['describe', ['--all-namespaces']],
  ['logs', ['--container', '--follow', '--previous', '--timestamps', '--tail']],
  ['history', ['--output']],
  ['apply', ['--filename']],
  ['create', ['--from']],
  ['delete', ['--cascade']],
  ['suspend', []],
  ['resume', []],
  ['scale', ['--parallelism']],
  ['export', []],
  ['import', ['--filename', '--positions']],
]

const groups = ['Run Jobs and CronJobs', 'Look at them', 'Record and change them', 'Move the log', 'Help']

/** What begins the lines of a help text under a heading. */
const listed = (text: string, heading: string): ReadonlyArray<string> =>
  (text.split(`${heading}:\n`)[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .flatMap((line) => /^ {2}(?:-\w, )?([-\w]+)/.exec(line)?.[1] ?? [])

describe.concurrent('jobledger --help', { timeout: 60_000 }, () => {
  test('names every command, and a wrong one is refused with where to look', async ({ jobledger, expect }) => {
    const help = await jobledger.ask('--help')
    expect(groups.flatMap((group) => listed(help, group))).toStrictEqual([
      ...commands.map(([command]) => command),
      'help',
    ])
    expect(await jobledger.run('frobnicate')).toStrictEqual({
      code: 1,
      signal: null,
      out: '',
      err: "error: unknown command 'frobnicate'\nSee 'jobledger --help'.\n",
    })
    expect(await jobledger.run()).toMatchObject({ code: 1, out: '', err: help })
    expect(await jobledger.ask('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(existsSync(jobledger.dataDir)).toBe(false)
  })

  test.for(commands)(
    'jobledger %s --help names its options, and gives examples',
    async ([command, options], { jobledger, expect }) => {
      const help = await jobledger.ask(command, '--help')
      expect(listed(help, 'Options')).toStrictEqual([...options, '--help'])
      expect(listed(help, 'Global Options')).toStrictEqual([
        '--version',
        '--data-dir',
        '--store',
        '--stand-by',
        '--namespace',
      ])
      expect(help.split('Examples:\n')[1]).toMatch(new RegExp(`^( {2}jobledger ${command} .*# .+\n)+\n?$`))
      expect(help).not.toContain('default: false')
      for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    },
  )

  test.for<[what: string, words: ReadonlyArray<string>, err: string]>([
    [
      'run without a file',
      ['run'],
      "error: required option '-f, --filename <file>' not specified\nSee 'jobledger run --help'.\n",
    ],
    ['get without a kind', ['get'], "error: missing required argument 'what'\nSee 'jobledger get --help'.\n"],
    ['an unknown option', ['get', 'jobs', '--bogus'], "error: unknown option '--bogus'\nSee 'jobledger get --help'.\n"],
    [
      'no number',
      ['scale', 'job/a', '--parallelism', 'x'],
      "error: option '--parallelism <count>' argument 'x' is invalid. a whole number, 0 or more.\nSee 'jobledger scale --help'.\n",
    ],
    [
      'no such choice',
      ['delete', 'job/a', '--cascade', 'adopt'],
      "error: option '--cascade <how>' argument 'adopt' is invalid. Allowed choices are background, foreground, orphan.\nSee 'jobledger delete --help'.\n",
    ],
    [
      'an unknown kind',
      ['get', 'cows'],
      'error: the server doesn\'t have a resource type "cows"; there are jobs, cronjobs and pods\n',
    ],
    [
      'an unknown output',
      ['get', 'jobs', '-o', 'xml'],
      'error: unable to match a printer suitable for the output format "xml", allowed formats are: json,name,wide,yaml\n',
    ],
    [
      'a Pod where a Job belongs',
      ['suspend', 'pod/a'],
      'error: name one Job or CronJob, as job/NAME or cronjob/NAME\n',
    ],
    ['a CronJob where a Job belongs', ['scale', 'cj/a', '--parallelism', '1'], 'error: name one Job, as job/NAME\n'],
    ['delete of no CronJob', ['delete', 'cronjob/nope'], 'error: cronjobs.batch "nope" not found\n'],
    ['a Job of no CronJob', ['create', 'job', 'x', '--from=cj/nope'], 'error: cronjobs.batch "nope" not found\n'],
    [
      'one name in all namespaces',
      ['get', 'job/a', '-A'],
      'error: a resource cannot be retrieved by name across all namespaces\n',
    ],
    [
      'a name and a selector',
      ['get', 'job/a', '-l', 'a=b'],
      'error: name cannot be provided when a selector is specified\n',
    ],
    [
      'a selector that is none',
      ['get', 'jobs', '-l', 'a b'],
      'error: unable to parse requirement "a b" of the selector "a b"\n',
    ],
    ['two kinds to watch', ['get', 'all', '-w'], 'error: you may only specify a single resource type when watching\n'],
    ['a Job that is not there', ['get', 'job/nope'], 'error: jobs.batch "nope" not found\n'],
    ['a Pod that is not there', ['describe', 'pod/nope'], 'error: pods "nope" not found\n'],
    ['logs of a CronJob', ['logs', 'cj/nope'], 'error: a CronJob has no Pods of its own: name one Pod, or job/NAME\n'],
    ['logs of no Pod', ['logs', 'nope'], 'error: pods "nope" not found\n'],
    ['delete of no Job', ['delete', 'job/nope'], 'error: jobs.batch "nope" not found\n'],
    ['suspend of no Job', ['suspend', 'nope'], 'error: jobs.batch "nope" not found\n'],
    [
      'history of no Job',
      ['history', 'job/nope'],
      'error: no Job in the log was ever named "nope" in namespace default\n',
    ],
  ])('%s ends with 1 and says why, and makes no data folder', async ([, words, err], { jobledger, expect }) => {
    expect(await jobledger.run(...words)).toStrictEqual({ code: 1, signal: null, out: '', err })
    expect(existsSync(jobledger.dataDir)).toBe(false)
  })
})
