import type { GateWord } from './gate.ts'

/** What the runtime tells its helper process and what it hears: JSON, one message a line, over the helper's stdin and stdout. */
export type ToHelper =
  | SpawnContainer
  /** Let the process run the user's command. */
  | { readonly type: 'release'; readonly id: number }
  /** SIGTERM to the user's process 1. */
  | { readonly type: 'terminate'; readonly id: number }
  /** SIGKILL to everything of the container. */
  | { readonly type: 'kill'; readonly id: number }
  /** Remove a folder with everything in it. */
  | { readonly type: 'remove'; readonly folder: string }

export type SpawnContainer = {
  readonly type: 'spawn'
  /** One per container attempt, never used again. */
  readonly id: number
  readonly argv: ReadonlyArray<string>
  /** The environment of the sandbox's own processes before the user's command is run: marks to find them by. */
  readonly marks: Readonly<Record<string, string>>
  /** Whether bubblewrap is the outermost process: the user's process 1 is then its grandchild, in a PID namespace. */
  readonly bubblewrap: boolean
  /** In bytes, and the name of the control group that may keep it; without a name its processes are watched. */
  readonly memory: { readonly limit: number; readonly group: string | null } | null
  readonly logFile: string
  readonly maxLogBytes: number
  /** The file the container may leave its last words in: made before, read and removed after. */
  readonly messageFile: string | null
  /** Whether the end of the log stands in for missing last words when the exit code is not 0. */
  readonly messageFromLog: boolean
}

export type FromHelper =
  | { readonly type: 'spawned'; readonly id: number; readonly pid: number; readonly startTicks: number }
  | ContainerGone

export type ContainerGone = {
  readonly type: 'exited'
  readonly id: number
  readonly exitCode: number
  /** The signal it is known to have died of, else 0. */
  readonly signal: number
  readonly outOfMemory: boolean
  /** Why the user's command never ran; null when it ran or was never released. */
  readonly failure: Exclude<GateWord, 'ready'> | 'no-sandbox' | null
  /** The last words, '' when none. */
  readonly message: string
  readonly logBytes: number
  readonly logSha256: string
}

export const encodeMessage = (message: ToHelper | FromHelper): string => `${JSON.stringify(message)}\n`

/** Both ends are this program, started from the same files, so what comes in is trusted to be a message. */
export const decodeMessage = <M extends ToHelper | FromHelper>(line: string): M => JSON.parse(line) as M

/** Gives a function to feed with pieces of text; it hands on each whole line. */
export const lineReader = (onLine: (line: string) => void): ((piece: string) => void) => {
  let rest = ''
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
