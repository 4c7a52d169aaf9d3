import type { CliPorts, Reading } from '../cli-ports.ts'
import type { Place } from '../commands/change.ts'

/** What the words before a command's own say, and what every command is done with. */
export type CommandLine = {
  readonly ports: CliPorts
  /** Ends the command with this exit code; without it, with 0. */
  readonly end: (exitCode: number) => void
  /** As the options say; a namespace only where one is named. */
  readonly given: () => { readonly dataDir: string; readonly namespace?: string }
  readonly place: () => Place
  /** Opens the log for a command that reads it. With `isInMemory` the process that holds the folder answers while the log is away. */
  readonly reading: (
    use: (reading: Reading) => Promise<void>,
    options?: { readonly isInMemory?: boolean },
  ) => Promise<void>
}
