import type { ApiObject, Asked, DeleteOptions, Resource } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { jsonText } from '../body/body-object.ts'
import { askedBy, bodyText, type Call, type ObjectPlace } from '../call.ts'
import { type DeletionAsked, deleteOptions } from '../options/delete-options.ts'
import { type Status, statusOfFailure, success } from '../status.ts'
import { objectAnswer } from './get.ts'
import { candidates, listOf, selectorOf } from './list.ts'

type Remove = NonNullable<Resource['remove']>

/** DELETE of an object: answers that it is gone, or the object as it waits for its end. */
export const removeObject = async (
  call: Call,
  remove: Remove,
  { namespace, name }: ObjectPlace,
): Promise<ApiAnswer> => {
  const asked = deletionAsked(call)
  if (E.isLeft(asked)) return statusAnswer(asked.left)
  const { options, dryRun } = asked.right
  const warnings = warningsOf(call, asked.right)
  const removed = await removeIfAsExpected(call, remove, namespace, name, options, askedBy(call, warnings, dryRun))
  if (E.isLeft(removed)) return statusAnswer(statusOfFailure(call.kind, name, removed.left, 'remove'), warnings)
  const { gone, object } = removed.right
  return gone && call.kind.deletionAnswers === 'success'
    ? jsonAnswer(200, success(call.kind, name, object.metadata.uid), warnings)
    : objectAnswer(call, 200, object, warnings)
}

/** DELETE of a collection: one after the other; those that somebody else has deleted meanwhile are no failure. */
export const removeCollection = async (call: Call, remove: Remove, namespace: string): Promise<ApiAnswer> => {
  const asked = deletionAsked(call)
  if (E.isLeft(asked)) return statusAnswer(asked.left)
  const { options, dryRun } = asked.right
  const warnings = warningsOf(call, asked.right)
  const selector = selectorOf(call)
  if (E.isLeft(selector)) return statusAnswer(selector.left)
  const selected = candidates(call, call.resource, namespace, selector.right).filter(selector.right.selects)
  for (const { metadata } of selected) {
    const { name } = metadata
    const removed = await removeIfAsExpected(call, remove, namespace, name, options, askedBy(call, warnings, dryRun))
    if (E.isLeft(removed) && removed.left._tag !== 'NotFound')
      return statusAnswer(statusOfFailure(call.kind, metadata.name, removed.left, 'remove'), warnings)
  }
  return jsonAnswer(200, listOf(call, selected, call.position()), warnings)
}

/** The resource reads the object before anything else can happen to it. */
const removeIfAsExpected = async (
  { resource }: Call,
  remove: Remove,
  namespace: string,
  name: string,
  options: DeleteOptions,
  asked: Asked,
): ReturnType<ReturnType<Remove>> => {
  const present = resource.get(namespace, name)
  if (present === null) return E.left({ _tag: 'NotFound' })
  const detail = unexpected(present.metadata, options.preconditions ?? {})
  return detail === null ? remove(namespace, name, options, asked)() : E.left({ _tag: 'Conflict', detail })
}

/** Why the preconditions do not hold for an object; null: they do. */
export const unexpected = (
  { uid = '', resourceVersion = '' }: ApiObject['metadata'],
  wanted: NonNullable<DeleteOptions['preconditions']>,
): string | null => {
  if (wanted.uid !== undefined && wanted.uid !== uid)
    return `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion)
    return `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`
  return null
}

const deletionAsked = (call: Call): E.Either<Status, DeletionAsked> => {
  if (bodyText(call) === '') return deleteOptions('', call.request.query)
  const text = jsonText(call, { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' })
  return E.isLeft(text) ? text : deleteOptions(text.right, call.request.query)
}

const warningsOf = ({ kind }: Call, { isPropagationGiven }: DeletionAsked): string[] =>
  kind.deletionWarning === undefined || isPropagationGiven ? [] : [kind.deletionWarning]
