import type { Pods } from '../../../application/api/pods.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { type BodyObject, bodyObject, metadataOf, textOf } from '../body/body-object.ts'
import type { ExpectedKind } from '../body/decode-object.ts'
import { type AnswerAction, askedBy, type Call } from '../call.ts'
import { deleteOptions } from '../options/delete-options.ts'
import { type WriteOptions, writeOptions } from '../options/write-options.ts'
import { badRequest, created, objectNotFound, statusOfFailure } from '../status.ts'
import { unexpected } from '../verbs/remove.ts'

/** POST to `pods/<name>/eviction`: a deletion that nobody can take for a failure of the Pod's own. There are no budgets. */
export const podEviction =
  ({ pods }: { readonly pods: Pick<Pods, 'get' | 'evict'> }): AnswerAction =>
  async (call, { namespace, name, action }) => {
    const options = writeOptions('CreateOptions', call.request.query)
    if (E.isLeft(options)) return statusAnswer(options.left)
    const body = ofEitherVersion(call, action.body, options.right)
    if (E.isLeft(body)) return body.left
    const own = textOf(metadataOf(body.right.value)['name'])
    if (own !== name) return statusAnswer(badRequest('name in URL does not match name in Eviction object'))
    const asked = deleteOptions(JSON.stringify(body.right.value['deleteOptions'] ?? {}), new URLSearchParams())
    if (E.isLeft(asked)) return statusAnswer(asked.left)
    const present = pods.get(namespace, name)
    if (present === null) return statusAnswer(objectNotFound(call.kind, name))
    const detail = unexpected(present.metadata, asked.right.options.preconditions ?? {})
    if (detail !== null) return statusAnswer(statusOfFailure(call.kind, name, { _tag: 'Conflict', detail }, 'remove'))
    const warnings = [...body.right.warnings]
    const dryRun = asked.right.dryRun || options.right.dryRun
    const evicted = await pods.evict(namespace, name, asked.right.options, askedBy(call, warnings, dryRun))()
    return E.isLeft(evicted)
      ? statusAnswer(statusOfFailure(call.kind, name, evicted.left, 'remove'), warnings)
      : jsonAnswer(201, created, warnings)
  }

/** Older clients name the version in which evictions began. */
const ofEitherVersion = (call: Call, kind: ExpectedKind, options: WriteOptions): E.Either<ApiAnswer, BodyObject> => {
  const present = bodyObject(call, kind, options)
  if (E.isRight(present)) return present
  const older = bodyObject(call, { ...kind, version: 'v1beta1' }, options)
  return E.isRight(older) ? older : present
}
