import type { EventStore } from '../../../application/ports/event-store.ts'
import { exportedLog, importLog } from '../../../application/log/log-transfer.ts'
import { E } from '../../../prelude.ts'
import { CliError } from '../cli-error.ts'

export type TransferPorts = {
  /** Written when whoever reads has taken what was written before. */
  readonly outInTurn: (text: string) => Promise<void>
  readonly err: (text: string) => void
  /** The lines of a file; `-` is standard input. */
  readonly linesOf: (path: string) => AsyncIterable<string>
}

/** Writes the whole log to standard output, a line for each event. */
export const exportLog = async (ports: TransferPorts, store: EventStore): Promise<void> => {
  try {
    for await (const line of exportedLog(store)) await ports.outInTurn(`${line}\n`)
  } catch (cause) {
    // Whoever read (`| head`) has seen enough.
    if (cause instanceof Error && 'code' in cause && cause.code === 'EPIPE') return
    throw new CliError(cause instanceof Error ? cause.message : String(cause))
  }
}

/** Reads an exported log into an empty one; with `positions`, says on standard output which position became which. */
export const importFrom = async (
  ports: TransferPorts,
  store: EventStore,
  { filename, positions }: { readonly filename: string; readonly positions: boolean },
): Promise<void> => {
  const onMapped = (from: bigint, to: bigint): Promise<void> | void => {
    if (positions) return ports.outInTurn(`${from}\t${to}\n`)
  }
  const outcome = await importLog(store, ports.linesOf(filename), onMapped).catch((cause: unknown) =>
    E.left(cause instanceof Error ? cause.message : String(cause)),
  )
  if (E.isLeft(outcome)) throw new CliError(outcome.left)
  const { already, imported } = outcome.right
  ports.err(`${imported} events imported${already === 0 ? '' : `, ${already} were there already`}\n`)
}
