import type { AppendFate, DeliveryFate } from '../world/store-double.ts'
import type { World } from '../world/world.ts'
import type { Move } from './move.ts'

/** What waits to go on: calls of the store, its subscription, the machine. In a calm world all of it goes well. */
export const progress: ReadonlyArray<Move> = [
  { weight: (world) => eagerness(world), play: (world) => settle(world) },
  {
    weight: ({ store }) => (store.waitingAnswers() > 0 ? 6 : 0),
    play: ({ store, random, say }) => {
      say('an answer arrives')
      store.answer(random.below(store.waitingAnswers()))
    },
  },
  { weight: ({ store }) => (store.waitingReads() > 0 ? 10 : 0), play: (world) => answerRead(world) },
  {
    weight: ({ machine }) => (machine.waitingFences() > 0 ? 6 : 0),
    play: ({ machine, say }) => {
      say('the fenced processes are dead')
      machine.fenced()
    },
  },
  { weight: ({ store, temper }) => (store.untold() > 0 ? temper.telling : 0), play: (world) => deliver(world) },
  {
    weight: ({ machine }) => (machine.isDue() ? 6 : 0),
    play: ({ machine, say }) => {
      say('a Pod takes a step')
      machine.act()
    },
  },
  {
    weight: ({ machine }) => (machine.unseen() > 0 ? 8 : 0),
    play: ({ machine, say }) => {
      say('the runtime says what it saw')
      machine.handOver()
    },
  },
]

/** Time goes on, to the next moment at which anything is due, or past it: in a calm world by little, so that some things come together. */
export const pass = ({ random, time, machine, isCalm, isSlowToBear, say }: World): void => {
  const next = Math.min(time.nextTimer(), machine.nextDue())
  const isLate = !isCalm && random.chance(0.15)
  const end =
    Number.isFinite(next) && !isLate
      ? Math.max(next, time.elapsed()) + (isCalm ? random.pick(isSlowToBear ? longDelaysMs : calmDelaysMs) : 0)
      : time.elapsed() + random.pick([1, 1000, 15_000, 700_000])
  say(`${((end - time.elapsed()) / 1000).toFixed(3)} s pass`)
  time.passTo(end)
}

/** Something happens by itself when time passes. */
export const isAnythingComing = ({ time, machine }: World): boolean =>
  Number.isFinite(time.nextTimer()) || Number.isFinite(machine.nextDue())

const calmDelaysMs = [0, 500, 5000]
/** So that Pods end when the next Job of their CronJob begins. */
const longDelaysMs = [0, 5000, 20_000]

const eagerness = ({ store, isSlowToBear }: World): number => {
  if (store.waitingAppends() === 0) return 0
  return isSlowToBear && store.isBirthNext() ? 0.2 : 10
}

const settle = (world: World): void => {
  const { store, random } = world
  const fate = appendFate(world)
  const what = `an append is ${fate}`
  if (fate === 'stored' || fate === 'stored, answered later') world.say(what)
  else world.fault(what)
  store.settle(world.isSlowToBear ? store.olderAppend() : random.below(store.waitingAppends()), fate)
}

const appendFate = ({ isCalm, random, temper }: World): AppendFate => {
  if (isCalm || !random.chance(temper.append))
    return random.chance(isCalm ? 0 : 0.3) ? 'stored, answered later' : 'stored'
  return random.pick(['stored in silence', 'lost in silence', 'stored too late', 'refused'])
}

const deliver = (world: World): void => {
  const fate = deliveryFate(world)
  const what = `a delivery is ${fate}`
  if (fate === 'whole' || fate === 'piece by piece') world.say(what)
  else world.fault(what)
  if (fate === 'left out') world.hasGap = true
  world.store.deliver(fate)
}

const deliveryFate = ({ isCalm, random, temper }: World): DeliveryFate => {
  if (isCalm || !random.chance(temper.delivery)) return random.chance(0.5) ? 'whole' : 'piece by piece'
  return random.weighted([
    [3, 'told twice'],
    [1, 'left out'],
    [0.5, 'broken off'],
  ])
}

const answerRead = ({ isCalm, random, temper, store, say, fault }: World): void => {
  const fails = !isCalm && random.chance(temper.read)
  if (fails) fault('a read fails')
  else say('a read is answered')
  store.read(random.below(store.waitingReads()), !fails)
}
