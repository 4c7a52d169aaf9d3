import type { E } from '../../prelude.ts'
import type { Controller } from '../../application/jobs/controller.ts'
import type { HolderAnswer, HolderRequest, HolderSilence } from '../../application/holder/holder-request.ts'
import type { JobService } from '../../application/jobs/job-service.ts'
import type { Ledger } from '../../application/log/ledger.ts'
import type { ReadAnswer, ReadRequest } from '../../application/holder/read-request.ts'
import type { EventStore } from '../../application/ports/event-store.ts'
import type { Simulation } from '../../application/simulation.ts'
import type { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../domain/kubernetes/job-object.ts'

/** A log opened for reading, folded up to now. */
export type Reading = {
  readonly ledger: Ledger
  readonly store: EventStore
  /** Keeps folding what is appended, until closed. */
  readonly follow: () => void
  readonly close: () => Promise<void>
}

/** The data folder held by this process: it may write, and runs Pods. */
export type Holding = Omit<Reading, 'follow'> & {
  readonly service: JobService
  readonly controller: Controller
  /** Does here what another terminal would ask for. */
  readonly answer: (request: HolderRequest) => Promise<HolderAnswer>
  /** Works for everything in the log and everything to come, also for CronJobs, until withdrawn or closed. */
  readonly workForAll: () => void
  /** Starts nothing any more, and takes back the Pods that run here; resolves when the last one has ended. */
  readonly withdraw: () => Promise<void>
  /** Resolves when no Job that another terminal asked for is unfinished. */
  readonly othersDone: () => Promise<void>
}

export type HoldOptions = {
  /** `external`: clients of the API run Pods and report on them. */
  readonly runtime: 'sandbox' | 'simulated' | 'external' | 'none'
  readonly network: boolean
  readonly podBackoffBaseMs: number
}

export type ServeOptions = {
  /** As how many nodes this machine runs Pods. */
  readonly nodes: number
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Where the API is answered without TLS, on this machine alone; null: nowhere. */
  readonly plainPort: number | null
  /** Whether somebody may ask there without a token. */
  readonly anonymousMay: boolean
  /** The file of users besides the one who serves; null: there are none. */
  readonly tokenFile: string | null
}

export type KubeconfigOptions = {
  readonly dataDir: string
  /** Of a token file; both null: the owner of the folder. */
  readonly user: string | null
  readonly tokenFile: string | null
  /** The name of cluster and context. */
  readonly context: string
}

/** The data folder held by this process, and the API served from it; `kubeconfig` is the path of a file. Closing ends both. */
export type Serving = {
  readonly holding: Holding
  readonly address: string
  readonly plainAddress: string | null
  readonly kubeconfig: string
}

/**
 * Why the log could not be opened: somebody holds it, the server that has it (`log`, as people may see it) cannot be reached, or a sentence
 * that says what is wrong and what to do.
 */
export type OpenFailure =
  | { readonly _tag: 'Away'; readonly reason: string; readonly log: string }
  | { readonly _tag: 'Held'; readonly reason: string }
  | { readonly _tag: 'Refused'; readonly reason: string }

export type LogOptions = { readonly follow: boolean; readonly timestamps: boolean; readonly tail: number | null }

/** `namespace` is the one asked for, undefined leaves it to the manifest; `leftOut` are fields that a server had added. */
export type ReadManifest<Manifest> = (
  path: string,
  namespace: string | undefined,
) => Promise<E.Either<ReadonlyArray<string>, { readonly manifest: Manifest; readonly leftOut: ReadonlyArray<string> }>>

export type SimulationOptions = {
  /** The file that says what Pods do; undefined: each succeeds at once. */
  readonly outcomes: string | undefined
  /** Undefined: that of the file, else 1. */
  readonly seed: number | undefined
  /** Names of the containers that Pods have. */
  readonly containers: ReadonlyArray<string>
}

/** Everything the command line needs of the world; `main` provides it. */
export type CliPorts = {
  /** Written as it is, without a line end added. */
  readonly out: (text: string) => void
  /** As `out`, done when whoever reads has taken what was written. */
  readonly outInTurn: (text: string) => Promise<void>
  readonly err: (text: string) => void
  readonly now: () => number
  readonly timeZone: string
  /** The terminal of the progress view; null when standard error is none. */
  readonly terminal: { readonly columns: () => number; readonly colour: boolean; readonly unicode: boolean } | null
  readonly userName: string
  readonly defaultDataDir: string
  readonly readJobManifest: ReadManifest<JobManifest>
  readonly readManifest: ReadManifest<JobManifest | CronJobManifest>
  /** Chooses the EventStoreDB that holds the log, by its connection string; a text is why it cannot be one. */
  readonly useStore?: (address: string | undefined, standBy: boolean) => string | null
  /** The lines of a file; `-` is standard input. */
  readonly linesOf: (path: string) => AsyncIterable<string>
  readonly openReading: (dataDir: string) => Promise<E.Either<OpenFailure, Reading>>
  readonly openHolding: (dataDir: string, options: HoldOptions) => Promise<E.Either<OpenFailure, Holding>>
  readonly openServing: (
    dataDir: string,
    options: HoldOptions & ServeOptions,
  ) => Promise<E.Either<OpenFailure, Serving>>
  /** How clients find the server of a folder. The Left says why that cannot be told. */
  readonly kubeconfig: (options: KubeconfigOptions) => E.Either<string, string>
  /** Puts the same into the file that kubectl reads, and answers its path. */
  readonly mergeKubeconfig: (options: KubeconfigOptions) => E.Either<string, string>
  /** A world of its own, in memory and by a clock of its own. The Left tells what is wrong with the file. */
  readonly openSimulation: (
    options: SimulationOptions,
  ) => Promise<E.Either<ReadonlyArray<string>, { readonly simulation: Simulation; readonly seed: number }>>
  /** Opens the log for writing, with nobody who reacts to it. */
  readonly openLog: (dataDir: string) => Promise<E.Either<OpenFailure, EventStore>>
  /** Asks the process that holds the folder. */
  readonly askHolder: (dataDir: string, request: HolderRequest) => Promise<E.Either<HolderSilence, HolderAnswer>>
  /** Asks the process that holds the folder what it remembers of the log. */
  readonly askHolderToRead: (dataDir: string, request: ReadRequest) => Promise<E.Either<HolderSilence, ReadAnswer>>
  /** Calls back once, when the process that holds the folder ends (or nobody holds it); the return value stops it. */
  readonly onHolderGone: (dataDir: string, handler: () => void) => () => void
  /** Calls back when nobody reads standard output any more (`| head`). */
  readonly onOutputGone: (handler: () => void) => void
  /** Calls back on each Ctrl-C (or SIGTERM); the return value stops it. */
  readonly onInterrupt: (handler: () => void) => () => void
  /** One container's log in pieces, with the line ends it wrote. Ends when the log ends, or with `follow` when `ended` says that the container has. */
  readonly containerLog: (
    dataDir: string,
    place: { readonly podUid: string; readonly container: string; readonly restart: number },
    options: LogOptions,
    ended: () => boolean,
  ) => AsyncIterable<string>
}
