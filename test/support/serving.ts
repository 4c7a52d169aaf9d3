import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandLine, Running } from './jobledger.ts'

/** A `jobledger serve` at free ports; `ask` sends a request without TLS that shows the token of its owner. */
export type Serving = {
  readonly server: Running
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
  /** Without TLS, with TLS. */
  readonly plain: string
  readonly address: string
  readonly token: string
  readonly kubeconfig: string
}

/** Starts `jobledger serve` with these words besides, and waits until it serves. */
export const serving = async (jobledger: CommandLine, ...words: ReadonlyArray<string>): Promise<Serving> => {
  const server = jobledger.start(['serve', '--port', '0', '--insecure-http', '0', ...words])
  await server.says('get jobs\n')
  const [plain = ''] = /http:\/\/[^,\s]+/.exec(server.said.err) ?? []
  const [address = ''] = /https:\/\/[^,\s]+/.exec(server.said.err) ?? []
  const token = readFileSync(join(jobledger.dataDir, 'api', 'token'), 'utf8').trim()
  const ask: Serving['ask'] = (path, init = {}) =>
    fetch(`${plain}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
    })
  return { server, ask, plain, address, token, kubeconfig: join(jobledger.dataDir, 'kubeconfig') }
}
