import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diff } from './suite/diff.mjs'
import { Scenario } from './suite/scenario.mjs'
import { conformanceWorld } from './world.ts'

/** One story, as the suite writes it. */
export type Script = (scenario: Scenario) => Promise<void>

/** Plays a story in a world of its own; answers how what was observed differs from what Kubernetes showed. */
export const play = (name: string, script: Script): Promise<ReadonlyArray<string>> => differences(name, script, name)

/** The same, compared with what was recorded under another name. */
export const differences = async (name: string, script: Script, recorded: string): Promise<ReadonlyArray<string>> => {
  const { fetch, now, sleep } = await conformanceWorld()
  const namespace = `cf-check-${name}`.slice(0, 63).replace(/-+$/, '')
  const scenario = new Scenario({ server: 'http://jobledger', namespace, fetch, now, sleep })
  await scenario.open()
  const problem = await script(scenario).then(
    () => null,
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  )
  return problem === null ? diff(golden(recorded), seen(scenario)) : [problem]
}

/** As it would come back from a file. */
const seen = ({ observations }: Scenario): unknown => JSON.parse(JSON.stringify(observations))

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'golden', `${name}.json`), 'utf8'))
