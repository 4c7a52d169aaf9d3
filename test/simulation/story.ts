import type { StoredEvent } from '../../src/application/ports/event-store.ts'

/** An event as a line of a story: its revision, type, what it says, and who did it. */
export const eventLine = ({ stream, revision, data, metadata }: StoredEvent): string => {
  const { type, at: _at, counts, manifest, terms, ...rest } = JSON.parse(data) as Record<string, unknown>
  const { actor } = JSON.parse(metadata) as { readonly actor: { readonly name: string } }
  const said = Object.entries(rest)
    .filter(([field]) => !quiet.has(field))
    .map(([field, value]) => `${field} ${JSON.stringify(value)}`)
  if (counts !== undefined) said.unshift(Object.values(counts as object).join('/'))
  if (manifest !== undefined) said.push(JSON.stringify((manifest as { readonly spec: unknown }).spec))
  return `       ${stream.slice(-3)} #${revision} ${String(type)} ${said.join(', ')} (${actor.name})`
}

const quiet = new Set([
  'uid',
  'name',
  'seed',
  'bootId',
  'pid',
  'startTicks',
  'logBytes',
  'logSha256',
  'startedAt',
  'signal',
])
