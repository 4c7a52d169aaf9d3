import { setTimeout as pause } from 'node:timers/promises'
import type { ApiFailure, ApiObject, Resource } from '../../../application/api/resource.ts'
import { canonicalForm } from '../../../domain/kubernetes/canonical-form.ts'
import { type Applied, appliedObject, managerText } from '../../../domain/kubernetes/managed-fields/applied-object.ts'
import { fieldsLastApplied, withLastApplied } from '../../../domain/kubernetes/managed-fields/client-side-apply.ts'
import { typedProblem } from '../../../domain/kubernetes/managed-fields/typed-problems.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { groupVersion } from '../api-kind.ts'
import { metadataOf, textOf } from '../body/body-object.ts'
import { isObject, type JsonObject, shapeProblems } from '../body/decode-object.ts'
import { readJson } from '../body/read-json.ts'
import { askedBy, bodyText, type Call, type ObjectPlace } from '../call.ts'
import { entriesOf, jsonOf, ofKind, withEntries, writerOf } from '../managers.ts'
import { type WriteOptions, writeOptions } from '../options/write-options.ts'
import { badRequest, internalError, type Status, statusOfFailure } from '../status.ts'
import { misnamed, patchRefusal } from './agreement.ts'
import { createAs } from './create.ts'
import { at, changedAnswer, changedPlace } from './replace.ts'

/** PATCH that applies a configuration: of an object that is not there it makes one. */
export const applyObject = async (
  call: Call,
  change: NonNullable<Resource['change']>,
  place: ObjectPlace,
): Promise<ApiAnswer> => {
  const options = writeOptions('PatchOptions', call.request.query, true)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const config = configOf(call, place)
  if (E.isLeft(config)) return statusAnswer(config.left)
  const { create, get } = call.resource
  for (let tries = 1; ; tries += 1) {
    if (create !== undefined && place.part === 'main' && get(place.namespace, place.name) === null) {
      const created = await createApplied(call, create, place, config.right, options.right)
      if (created.status !== 409 || tries === triesMax) return created
    } else {
      const warnings: string[] = []
      const changed = await change(
        changedPlace(place),
        (present) => wanted(call, place, present, config.right, options.right),
        askedBy(call, warnings, options.right.dryRun),
      )()
      if (E.isRight(changed) || changed.left._tag !== 'NotFound' || create === undefined || tries === triesMax)
        return changedAnswer(call, place, changed, warnings)
    }
    await pause(2 ** tries)
  }
}

/** Somebody else may be about to create the object, or to delete it: for two seconds, with the pauses between these looks at it. */
const triesMax = 10

/** The configuration of the body. Left: why nothing can be made of it. */
const configOf = (call: Call, place: ObjectPlace): E.Either<Status, JsonObject> => {
  const read = readBody(call)
  if (E.isLeft(read)) return E.left(badRequest(`error decoding YAML: ${read.left}`))
  const config = isObject(read.right) ? read.right : {}
  const { kind } = call
  const [apiVersion, named] = [textOf(config['apiVersion']), textOf(config['kind'])]
  if (apiVersion === '' || named !== kind.kind) return E.left(badRequest(`invalid object type: ${typeText(config)}`))
  if (apiVersion !== groupVersion(kind))
    return E.left(
      badRequest(
        `Incorrect version specified in apply patch. Specified patch version: ${apiVersion}, expected: ${groupVersion(kind)}`,
      ),
    )
  const metadata = metadataOf(config)
  if ((metadata['managedFields'] ?? null) !== null) return E.left(badRequest('metadata.managedFields must be nil'))
  const strange = misnamed({ name: place.name, ...metadata }, place)
  if (strange !== null) return E.left(badRequest(strange))
  const { schema } = ofKind(call)
  const problem = typedProblem(schema, kind.kind, config)
  const what = `(${textOf(metadata['namespace'])}/${textOf(metadata['name'])}; ${apiVersion}, Kind=${kind.kind})`
  if (problem !== null) return E.left(internalError(`failed to create typed patch object ${what}: ${problem}`))
  const unreadable = shapeProblems(kind, config).find(({ _tag }) => _tag === 'WrongType')
  return unreadable === undefined
    ? E.right(config)
    : E.left(badRequest(`failed to convert new object ${what} to proper version: ${unreadable.reason}`))
}

const readBody = (call: Call): E.Either<string, unknown> => {
  const text = bodyText(call)
  if (call.readYaml === null || text.trimStart().startsWith('{')) {
    const read = readJson(text)
    return E.isLeft(read) ? read : E.right(read.right.value)
  }
  return call.readYaml(text)
}

/** As Kubernetes prints what an object says that it is: `batch/v1, Kind=`. */
const typeText = (config: JsonObject): string => {
  const parts = textOf(config['apiVersion']).split('/')
  const version = parts.at(-1) ?? ''
  return `${parts.length > 1 ? parts[0] : ''}/${version}, Kind=${textOf(config['kind'])}`
}

const createApplied = (
  call: Call,
  create: NonNullable<Resource['create']>,
  place: ObjectPlace,
  config: JsonObject,
  options: WriteOptions,
): Promise<ApiAnswer> | ApiAnswer => {
  const applied = appliedTo(call, place, null, config, options)
  if (E.isLeft(applied)) return statusAnswer(statusOfFailure(call.kind, place.name, applied.left, 'create'))
  const { object, entries } = applied.right
  const { name, namespace } = place
  const named = { ...object, metadata: { ...metadataOf(object), name } }
  return createAs(call, create, namespace, withEntries(named, entries), options)
}

/** What the configuration makes of the object as it stands. */
const wanted = (
  call: Call,
  place: ObjectPlace,
  present: ApiObject,
  config: JsonObject,
  options: WriteOptions,
): E.Either<ApiFailure, JsonObject> => {
  const refusal = patchRefusal({ name: place.name, ...metadataOf(config) }, present, place)
  if (refusal !== null) return E.left(refusal)
  const applied = appliedTo(call, place, present, config, options)
  if (E.isLeft(applied)) return applied
  const { object, entries } = applied.right
  return E.right(at(place, withEntries(object, entries)))
}

const appliedTo = (
  call: Call,
  { part }: ObjectPlace,
  present: ApiObject | null,
  config: JsonObject,
  options: WriteOptions,
): E.Either<ApiFailure, Applied> => {
  const writer = writerOf(call, options, part)
  const live = present === null ? null : jsonOf(present)
  const isKubectl = writer.manager === 'kubectl' && live !== null
  const applied = appliedObject(ofKind(call), {
    entries: present === null ? [] : entriesOf(present),
    live,
    config: configAsRead(call, config),
    writer,
    allowed: isKubectl ? fieldsLastApplied(ofKind(call), live) : null,
    isForced: options.force,
  })
  if (E.isLeft(applied))
    return E.left({
      _tag: 'ApplyConflict',
      conflicts: applied.left.map(({ entry, path }) => ({ manager: managerText(entry), field: path })),
    })
  return isKubectl
    ? E.right({ ...applied.right, object: withLastApplied(applied.right.object, config, live) })
    : applied
}

/** The configuration without what the server alone says, its values spelled as the server spells them. */
const configAsRead = ({ kind }: Call, config: JsonObject): JsonObject => {
  const read = canonicalForm(kind.kind)(config)
  if (!isObject(read)) return config
  const { resourceVersion: _, uid: _u, creationTimestamp: _c, generation: _g, ...metadata } = metadataOf(read)
  return { ...read, metadata }
}
