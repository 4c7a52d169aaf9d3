/** The names streams have in EventStoreDB: ours behind a prefix, and a few that only the adapter reads. */
export type Names = {
  readonly wireOf: (stream: string) => string
  /** Our name of a stream in EventStoreDB; null when it is the adapter's, the server's or somebody else's. */
  readonly ours: (wire: string) => string | null
  readonly lease: string
  /** Which streams the writer of a term may write to. */
  readonly opened: (term: number) => string
}

/** `prefix` sets one log apart from others in the same EventStoreDB; none means the log owns it. */
export const namesWith = (prefix: string): Names => ({
  wireOf: (stream) => `${prefix}${stream}`,
  ours: (wire) => {
    if (wire.startsWith('$') || !wire.startsWith(prefix)) return null
    const stream = wire.slice(prefix.length)
    return stream.startsWith(own) ? null : stream
  },
  lease: `${prefix}${own}lease`,
  opened: (term) => `${prefix}${own}opened-${term}`,
})

const own = 'jobledger_'

/** An event that only makes a stream longer, so that whoever wrote to it before a take-over is refused. */
export const sealType = 'jobledger.StreamSealed'
