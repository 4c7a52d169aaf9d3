import { hash } from 'node:crypto'
import type { CliPorts } from '../adapters/cli/cli-ports.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import { virtualClock } from '../adapters/clock/virtual-clock.ts'
import { inMemoryEventStore } from '../adapters/eventstore/memory/in-memory-event-store.ts'
import { readDocument } from '../adapters/manifests/read-document.ts'
import { type ManifestProblem, renderProblem } from '../adapters/manifests/read-manifest.ts'
import { openSimulatedRuntime } from '../adapters/runtimes/simulated/open-simulated-runtime.ts'
import { outcomeScenario } from '../adapters/runtimes/simulated/outcomes/outcome-scenario.ts'
import { readOutcomes } from '../adapters/runtimes/simulated/outcomes/read-outcomes.ts'
import type { Entropy } from '../application/ports/entropy.ts'
import { simulation } from '../application/simulation.ts'
import { E, pipe } from '../prelude.ts'
import { die, entropy, localZone } from './this-process.ts'

const nothingSaid = { value: {}, lineOf: () => 1 }

/** A world of its own, in memory and by a clock of its own. The Left tells what is wrong with the file. */
export const openSimulation: CliPorts['openSimulation'] = async ({ outcomes, seed: asked, containers }) => {
  const document = outcomes === undefined ? E.right(nothingSaid) : await readDocument(outcomes)
  const file = outcomes === '-' ? 'standard input' : (outcomes ?? '')
  const read = pipe(
    document,
    E.flatMap((found) =>
      pipe(
        readOutcomes(found, containers),
        E.mapLeft((problems) => problems.map((problem): ManifestProblem => ({ file, ...problem }))),
      ),
    ),
  )
  if (E.isLeft(read)) return E.left(read.left.map(renderProblem))
  const { start, seed: ownSeed = 1, podBackoff = 10_000 } = read.right
  const seed = asked ?? ownSeed
  const clock = virtualClock(start ?? Math.floor(systemClock.now() / 1000) * 1000)
  return E.right({
    seed,
    simulation: simulation({
      clock,
      store: inMemoryEventStore(),
      runtime: openSimulatedRuntime({ clock, scenario: outcomeScenario(read.right, seed) }),
      entropy: seededEntropy(seed),
      localZone,
      podBackoffBaseMs: podBackoff,
      onFatal: die,
    }),
  })
}

/** UUIDs that follow from a seed, so that Pods of a simulation have the same names each time. */
const seededEntropy = (seed: number): Entropy => {
  let count = 0
  return {
    ...entropy,
    uuid: () => {
      count += 1
      const digits = hash('sha256', `${seed}/${count}`)
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`
    },
  }
}
