import { InvalidArgumentError, Option } from 'commander'
import { parseGoDuration } from '../../domain/cronjob/schedule/go-duration.ts'
import { E } from '../../prelude.ts'

/** Options as commander gives them, the default of each, and what is read from their texts. */
export const podBackoffOption = (): Option =>
  new Option('--pod-backoff <seconds>', 'first delay before a failed Pod is replaced').argParser(seconds).default(10)

export const noNetworkOption = (): Option => new Option('--no-network', 'run containers without a network')
export const runtimeOption = (...names: ReadonlyArray<string>): Option =>
  new Option('--runtime <name>', 'what runs Pods').choices(names).default('sandbox')

export type RunFlags = {
  readonly filename: string
  readonly replace?: boolean
  readonly network: boolean
  readonly runtime: 'sandbox' | 'simulated'
  readonly podBackoff: number
}
export type WorkFlags = Omit<RunFlags, 'filename' | 'replace'>
export type ServeFlags = Omit<WorkFlags, 'runtime'> & {
  readonly runtime: 'sandbox' | 'simulated' | 'external'
  readonly host: string
  readonly port: number
  readonly insecureHttp?: number
  readonly anonymous?: boolean
  readonly tokenFile?: string
  readonly nodes: number
}
export type KubeconfigFlags = {
  readonly merge?: boolean
  readonly context: string
  readonly user?: string
  readonly tokenFile?: string
}
export type GetFlags = {
  readonly output?: string
  readonly watch?: boolean
  readonly allNamespaces?: boolean
  readonly selector?: string
  readonly headers: boolean
}
export const noGetFlags = { output: undefined, watch: false, allNamespaces: false, selector: undefined }

export type LogsFlags = {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly tail?: number
}
export const noLogsFlags = { container: undefined, follow: false, previous: false, timestamps: false, tail: null }

export type SimulateFlags = {
  readonly filename: string
  readonly outcomes?: string
  readonly seed?: number
  readonly until: number
  readonly output: 'text' | 'json'
}

export const count = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number, 0 or more.')
  return Number(text)
}

/** As how many nodes this machine may show itself. */
export const nodeCount = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > 100) throw new InvalidArgumentError('a number, 1 to 100.')
  return Number(text)
}

export const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port, 0 to 65535.')
  return Number(text)
}

const seconds = (text: string): number => {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('seconds, as 10 or 0.5.')
  return Number(text)
}

/** Milliseconds. */
export const duration = (text: string): number => {
  const ms = parseGoDuration(text)
  if (E.isLeft(ms) || ms.right <= 0) throw new InvalidArgumentError('a duration, as 90s or 36h.')
  return ms.right
}
