import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredEvent } from '../../src/application/ports/event-store.ts'

/** Names of the histories that were stored by a version of the event schema, such as `three-jobs`. */
export const historiesOf = (version: string): ReadonlyArray<string> =>
  readdirSync(join(import.meta.dirname, version)).flatMap((file) => /^(.+)\.jsonl$/.exec(file)?.[1] ?? [])

/** A history as the store kept it, one event a line; `data` and `metadata` are the stored texts, byte for byte. */
export const storedHistory = (version: string, name: string): ReadonlyArray<StoredEvent> =>
  readFileSync(join(import.meta.dirname, version, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredLine)
    .map((stored) => ({ ...stored, position: BigInt(stored.position) }))

type StoredLine = Omit<StoredEvent, 'position'> & { readonly position: number }

/** What a history folds to: by uid the Job's state and its object, null when it is gone. */
export const expectedOf = (version: string, name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(import.meta.dirname, version, `${name}.expected.json`), 'utf8'))
