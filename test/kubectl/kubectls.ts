import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repository } from '../support/jobledger.ts'

/** One kubectl of this machine: `1.33`, and where it is. */
export type Kubectl = { readonly version: string; readonly path: string }

export type Answer = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs one command of a kubectl to its end. */
export const runKubectl = async (
  { path }: Kubectl,
  words: ReadonlyArray<string>,
  { kubeconfig, home, env = {} }: Surroundings,
): Promise<Answer> => {
  const child = spawn(path, ['--kubeconfig', kubeconfig, ...words], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (said.out += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said.err += piece))
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** What kubectl is given of this world: a kubeconfig, a home folder of its own, and more variables. */
export type Surroundings = {
  readonly kubeconfig: string
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Every kubectl at hand, the newest first: the one on the path with its versioned brothers beside it, and that of Debian
 * (1.20), which `tools/system-tools.sh kubectl-1.20` unpacks. What is on the path may choose its version by the server's, so the
 * brothers are called by their own names.
 */
export const kubectlsHere = (): ReadonlyArray<Kubectl> =>
  [...onThePath(), join(repository, 'node_modules/.cache/kubectl-1.20/usr/bin/kubectl')]
    .flatMap((path) => {
      const version = versionOf(path)
      return version === null ? [] : [{ version, path }]
    })
    .filter(({ version }, place, all) => all.findIndex((one) => one.version === version) === place)
    .sort((a, b) => minorOf(b) - minorOf(a))

/** Why tests with kubectl are skipped here. */
export const missing = (found: ReadonlyArray<Kubectl>): ReadonlyArray<string> => [
  ...(found.length === 0 ? ['kubectl is not on the path'] : []),
  ...(found.some(({ version }) => version === '1.20')
    ? []
    : ['kubectl 1.20 is not here (tools/system-tools.sh kubectl-1.20 unpacks it on Debian 12)']),
]

export const minorOf = ({ version }: Kubectl): number => Number(version.split('.')[1])

const onThePath = (): ReadonlyArray<string> => {
  const found = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'kubectl'))
    .find((path) => existsSync(path))
  if (found === undefined) return []
  const folder = dirname(realpathSync(found))
  const brothers = readdirSync(folder).filter((name) => /^kubectl\.1\.\d+$/.test(name))
  return brothers.length === 0 ? [found] : brothers.map((name) => join(folder, name))
}

const versionOf = (path: string): string | null => {
  try {
    const text = execFileSync(path, ['version', '--client', '-o', 'json'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const { clientVersion } = JSON.parse(String(text)) as { readonly clientVersion: { major: string; minor: string } }
    return `${clientVersion.major}.${clientVersion.minor.replace(/\D.*/, '')}`
  } catch {
    return null
  }
}
