import { expect, test } from 'vitest'
import { beginning } from '../../../../src/application/ports/event-store.ts'
import { follow, right, until } from '../../../support/event-stores.ts'
import { appendFaults, nameOf, numbersOf, runSchedule } from './fault-schedules.ts'
import { openStore, startDouble } from './stores.ts'

const schedules = Number(process.env['JOBLEDGER_TEST_ESDB_SCHEDULES'] ?? 2000)
const deadlineMs = 2000
/** What a busy machine may add to a deadline. */
const slackMs = 2500

test.each([
  ['many appends to a call', true],
  ['one append to a call', false],
])(
  `${schedules / 2} seeded schedules of faults, %s: nothing lost, nothing doubled, no call past its deadline`,
  async (_, offersBatches) => {
    const double = await startDouble({ nodes: 3, offersBatches })
    const store = await openStore(double, { deadlineMs, watchMs: 100 })
    const following = follow(store, beginning)
    double.faults.append = appendFaults({
      unavailableBefore: 4,
      unavailableAfter: 4,
      timeoutBefore: 30,
      timeoutAfter: 30,
      silentBefore: 2,
      silentAfter: 2,
      late: 20,
      notLeader: 2,
    })
    const delivery = numbersOf(4711)
    double.faults.deliver = () => {
      const chance = delivery() * 1000
      if (chance < 1) return 'unavailable'
      if (chance < 2) return 'silent'
      if (chance < 20) return 'twice'
      return chance < 22 ? 'checkpointAhead' : null
    }
    const read = numbersOf(42)
    double.faults.read = () => (read() < 0.01 ? 'unavailable' : null)
    const moving = setInterval(double.moveLeader, 700)
    const seeds = Array.from({ length: schedules / 2 }, (__, i) => i + (offersBatches ? 0 : schedules))
    const outcomes = await inLanes(60, seeds, (seed) => runSchedule(store, seed))
    clearInterval(moving)
    double.faults.append = undefined
    double.faults.read = undefined
    double.faults.deliver = undefined

    const names = double.log
      .all()
      .filter(({ stream }) => stream.startsWith('job-'))
      .map(({ data }) => nameOf(Buffer.from(data).toString('utf8')))
    const stored = new Set(names)
    const acknowledged = outcomes.flatMap((outcome) => outcome.acknowledged)
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([])
    expect(names).toHaveLength(stored.size)
    expect(acknowledged).toHaveLength(stored.size)
    expect(Math.max(...outcomes.map(({ longestMs }) => longestMs))).toBeLessThan(deadlineMs + slackMs)
    const all = await right(store.readAll(beginning, 100_000))
    await until(() => following.events.length >= all.length)
    expect(following.events.length).toBe(all.length)
    expect(following.events).toEqual(all)
  },
  120_000,
)

const inLanes = async <A, B>(lanes: number, all: ReadonlyArray<A>, work: (one: A) => Promise<B>): Promise<B[]> => {
  const left = [...all]
  const done: B[] = []
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) done.push(await work(one))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return done
}
