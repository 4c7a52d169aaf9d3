import type { Script } from './play.ts'

/** The stories of one file of the suite, by their names. */
export const storiesOf = async (file: string): Promise<ReadonlyArray<readonly [name: string, script: Script]>> => {
  const { default: stories }: { readonly default: Readonly<Record<string, Script>> } = await import(
    `./suite/scenarios/${file}.mjs`
  )
  return Object.entries(stories)
}
