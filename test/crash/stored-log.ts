import { hash } from 'node:crypto'
import { openSqliteReader } from '../../src/adapters/eventstore/sqlite/open-sqlite-reader.ts'
import { chainStart } from '../../src/application/log/envelope.ts'
import { beginning, type StoredEvent } from '../../src/application/ports/event-store.ts'
import { readMetadata } from '../../src/application/log/read-event.ts'
import { E } from '../../src/prelude.ts'
import { right } from '../support/event-stores.ts'

/** Everything in the log of a data folder that nobody holds, read on a connection of its own. Checksums are verified on the way. */
export const storedLog = async (dataDir: string): Promise<ReadonlyArray<StoredEvent>> => {
  const reader = await openSqliteReader(dataDir)
  if (E.isLeft(reader)) throw new Error(reader.left.message)
  const events: StoredEvent[] = []
  for (;;) {
    const page = await right(reader.right.readAll(events.at(-1)?.position ?? beginning, 1000))
    if (page.length === 0) break
    events.push(...page)
  }
  await reader.right.close()
  return events
}

/** Sentences about gaps and broken links of the hash chain, stream by stream; none when all is well. */
export const brokenLinks = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<string> => {
  const problems: string[] = []
  const heads = new Map<string, { readonly revision: number; readonly hash: string }>()
  let position = beginning
  for (const event of events) {
    const head = heads.get(event.stream) ?? { revision: -1, hash: chainStart }
    const { previous, hash: own } = readMetadata(event)
    const open = event.metadata.slice(0, event.metadata.lastIndexOf(',"hash":'))
    const wanted = hash('sha256', `${head.hash}\n${event.type}\n${event.data}\n${open}`)
    const place = `revision ${event.revision} of ${event.stream}`
    if (event.position <= position) problems.push(`${place}: position ${event.position} does not rise`)
    if (event.revision !== head.revision + 1) problems.push(`${place} stands behind revision ${head.revision}`)
    if (previous !== head.hash || own !== wanted) problems.push(`${place}: the hash chain is broken`)
    position = event.position
    heads.set(event.stream, { revision: event.revision, hash: own })
  }
  return problems
}
