import type { ChangeJob } from '../domain/job/commands.ts'
import { generatedName, nameSuffix } from '../domain/kubernetes/generated-name.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import { E, TE } from '../prelude.ts'
import type { Actor } from '../projections/recorded.ts'
import type { CommandFailure, JobWriter } from './job-writer.ts'
import type { Ledger } from './ledger.ts'
import type { Entropy } from './ports/entropy.ts'

/** A user's wish was done: the Job's uid, and whether anything had to change. */
export type Done = { readonly uid: string; readonly changed: boolean }

/** What users do to Jobs, by namespace and name. Answers come when the ledger shows the change. */
export type JobService = {
  /** Refused as JobAlreadyExists while a Job of this name exists. Without a name it is given one from its `generateName`. */
  readonly create: (manifest: JobManifest, actor: Actor) => TE.TaskEither<CommandFailure, Done>
  readonly change: (
    namespace: string,
    name: string,
    change: Omit<ChangeJob, 'type'>,
    actor: Actor,
  ) => TE.TaskEither<CommandFailure, Done>
  readonly remove: (
    namespace: string,
    name: string,
    propagation: 'Background' | 'Foreground',
    actor: Actor,
  ) => TE.TaskEither<CommandFailure, Done>
}

export type ServicePorts = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  readonly entropy: Entropy
  readonly podBackoffBaseMs: number
}

export const jobService = ({ ledger, writer, entropy, podBackoffBaseMs }: ServicePorts): JobService => {
  /** Names whose creation is under way: the ledger learns of them only after the append. */
  const reserved = new Set<string>()

  const keyOf = ({ metadata }: JobManifest): string => `${metadata.namespace}/${metadata.name}`

  const isTaken = (manifest: JobManifest): boolean =>
    reserved.has(keyOf(manifest)) || ledger.find(manifest.metadata.namespace, manifest.metadata.name) !== null

  const named = (manifest: JobManifest): JobManifest => {
    const { name, generateName = '' } = manifest.metadata
    if (name !== '') return manifest
    for (let tries = 1; ; tries += 1) {
      const chosen = generatedName(generateName, nameSuffix(entropy.digest(entropy.uuid())))
      const candidate = { ...manifest, metadata: { ...manifest.metadata, name: chosen } }
      if (tries === nameTriesMax || !isTaken(candidate)) return candidate
    }
  }

  const done = async (uid: string, outcome: Awaited<ReturnType<ReturnType<JobWriter['handle']>>>) => {
    if (E.isLeft(outcome)) return outcome
    const { position, events } = outcome.right
    if (position !== null) await whenApplied(ledger, position)
    return E.right({ uid, changed: events.length > 0 })
  }

  const onExisting = (
    namespace: string,
    name: string,
    act: (uid: string) => ReturnType<JobWriter['handle']>,
  ): TE.TaskEither<CommandFailure, Done> => {
    const state = ledger.find(namespace, name)?.state
    if (state?._tag !== 'Job') return TE.left({ _tag: 'JobNotFound' })
    return async () => done(state.uid, await act(state.uid)())
  }

  return {
    create: (given, actor) => async () => {
      const manifest = named(given)
      const key = keyOf(manifest)
      if (isTaken(manifest)) return E.left({ _tag: 'JobAlreadyExists' })
      reserved.add(key)
      try {
        const uid = entropy.uuid()
        return await done(
          uid,
          await writer.handle(uid, { type: 'CreateJob', uid, manifest, podBackoffBaseMs }, { actor })(),
        )
      } finally {
        reserved.delete(key)
      }
    },
    change: (namespace, name, change, actor) =>
      onExisting(namespace, name, (uid) => writer.handle(uid, { type: 'ChangeJob', ...change }, { actor })),
    remove: (namespace, name, propagation, actor) =>
      onExisting(namespace, name, (uid) => writer.handle(uid, { type: 'DeleteJob', propagation }, { actor })),
  }
}

/** As often as an API server tries. */
const nameTriesMax = 8

const whenApplied = (ledger: Ledger, position: bigint): Promise<void> =>
  ledger.position() >= position
    ? Promise.resolve()
    : new Promise((resolve) => {
        const subscription = ledger.news$.subscribe(() => {
          if (ledger.position() < position) return
          subscription.unsubscribe()
          resolve()
        })
      })
