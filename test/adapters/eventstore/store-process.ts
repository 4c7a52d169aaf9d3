import { writeSync } from 'node:fs'
import { openSqliteEventStore } from '../../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { beginning } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { newEvents } from '../../support/event-stores.ts'

/**
 * A process that holds a data folder, so that tests can kill it: `node store-process.ts <folder> <batch> [<crash point>]`
 * appends batches to the stream `a` for ever and says each outcome on a line of its own; with a batch of 0 it only holds.
 */
const [folder = '', batch = '0', crashAt] = process.argv.slice(2)
const say = (line: string): void => void writeSync(1, `${line}\n`)

const opened = await openSqliteEventStore(folder, {
  onFatal: (reason) => say(`fatal ${reason}`),
  ...(crashAt !== undefined && { crashAt }),
})
if (E.isLeft(opened)) {
  say(`refused ${opened.left._tag}`)
} else {
  const store = opened.right
  store.subscribeAll(beginning).subscribe({ error: (cause) => say(`lost ${cause}`) })
  say('open')
  const size = Number(batch)
  let revision = -1
  for (let failures = 0; size > 0 && failures < 2; ) {
    const outcome = await store.append('a', revision, newEvents(size, `after-${revision}`))()
    if (E.isRight(outcome)) {
      revision = outcome.right.revision
      say(`stored ${revision}`)
    } else {
      failures += 1
      say(`failed ${outcome.left._tag}`)
    }
  }
}
