import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import type { CliPorts, KubeconfigOptions } from '../adapters/cli/cli-ports.ts'
import { runCli } from '../adapters/cli/program.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import { askHolder, askHolderToRead } from '../adapters/holder-socket/ask-holder.ts'
import { onHolderGone } from '../adapters/holder-socket/on-holder-gone.ts'
import { accessOfFolder } from '../adapters/kube-api/server/access-of-folder.ts'
import { type Access, kubeconfig } from '../adapters/kube-api/server/kubeconfig.ts'
import { kubeconfigPath, mergeKubeconfig } from '../adapters/kube-api/server/merge-kubeconfig.ts'
import {
  type ManifestProblem,
  readJobManifest,
  readManifest,
  renderProblem,
} from '../adapters/manifests/read-manifest.ts'
import { containerLog } from '../adapters/runtimes/sandbox/container-log.ts'
import { E, pipe } from '../prelude.ts'
import { type Held, hold } from './hold.ts'
import { logPlace } from './log-place.ts'
import { openReading } from './open-reading.ts'
import { openServing } from './open-serving.ts'
import { openSimulation } from './open-simulation.ts'
import { defaultDataDir, die, err, localZone, onInterrupt, terminal, watchOutput } from './this-process.ts'

const inNamespace = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace })

const rendered = <A>(read: E.Either<ReadonlyArray<ManifestProblem>, A>): E.Either<ReadonlyArray<string>, A> =>
  E.isLeft(read) ? E.left(read.left.map(renderProblem)) : read

/** How clients find the server of a folder, for its owner or a user of a token file. */
const accessOf = ({ dataDir, user, tokenFile }: KubeconfigOptions) =>
  accessOfFolder(dataDir, user === null || tokenFile === null ? null : { user, tokenFile })

const place = logPlace()

const ports: CliPorts = {
  out: (text) => void process.stdout.write(text),
  outInTurn: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  err,
  now: systemClock.now,
  timeZone: localZone,
  terminal,
  userName: userInfo().username,
  defaultDataDir,
  readJobManifest: async (path, namespace) => rendered(await readJobManifest(path, inNamespace(namespace))),
  readManifest: async (path, namespace) => rendered(await readManifest(path, inNamespace(namespace))),
  useStore: place.use,
  openReading: (dataDir) => openReading(place, dataDir),
  openLog: async (dataDir) => {
    const store = await place.openToWrite(dataDir)
    return E.isLeft(store) ? place.refused(store.left) : store
  },
  linesOf: (path) => createInterface({ input: path === '-' ? process.stdin : createReadStream(path) }),
  openHolding: async (dataDir, options) =>
    E.map(({ holding }: Held) => holding)(await hold({ place, ports }, dataDir, options, null)),
  openServing: (dataDir, options) => openServing({ place, ports }, dataDir, options),
  kubeconfig: (options) => E.map((access: Access) => kubeconfig(access, options.context))(accessOf(options)),
  mergeKubeconfig: (options) => {
    const path = kubeconfigPath(process.env['KUBECONFIG'], homedir())
    return pipe(
      accessOf(options),
      E.flatMap((access) => mergeKubeconfig(path, access, options.context)),
      E.map(() => path),
    )
  },
  openSimulation,
  askHolder,
  askHolderToRead,
  onHolderGone,
  onOutputGone: (handler) => void process.stdout.on('error', handler),
  onInterrupt,
  containerLog: async function* (dataDir, run, { follow, timestamps, tail }, isOver) {
    const decoder = new TextDecoder()
    const options = { follow, timestamps, isOver, ...(tail === null ? {} : { tailLines: tail }) }
    for await (const piece of containerLog(dataDir, run, options)) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
  },
}

process.on('uncaughtException', (bug) => die(bug.stack ?? String(bug)))
process.on('unhandledRejection', (bug) => die(bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)))
process.stderr.on('error', () => {})

const outputProblem = watchOutput()
const exitCode = await runCli(ports, process.argv.slice(2))
process.exitCode = exitCode
if (exitCode === 0) {
  const problem = await outputProblem()
  if (problem !== null) {
    err(`error: standard output: ${problem.message}\n`)
    process.exitCode = 1
  }
}
