/** One run of a container of a Pod; `restart` counts from 0. */
export type ContainerRun = { readonly podUid: string; readonly container: string; readonly restart: number }

export type ContainerLogOptions = {
  /** Wait for more at the end, until `isOver` says the container has ended (or `signal` aborts). */
  readonly follow?: boolean
  readonly isOver?: () => boolean
  readonly signal?: AbortSignal
  /** The time each line was begun, and a space, before its text. */
  readonly timestamps?: boolean
  /** Only so many records from the end of what is there; a line is one record unless it is very long. */
  readonly tailLines?: number
  /** Only records written at this time or later, epoch milliseconds. */
  readonly sinceTime?: number
  /** Stop after so many bytes of output. */
  readonly limitBytes?: number
}

/** What one run of a container wrote, both streams as they came, byte by byte; nothing when there is no log (yet). */
export type ContainerLogs = (run: ContainerRun, options: ContainerLogOptions) => AsyncIterable<Uint8Array>
