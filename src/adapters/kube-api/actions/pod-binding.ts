import type { Pods } from '../../../application/api/pods.ts'
import { type FieldErrors, notSupported, renderFieldError, required } from '../../../domain/kubernetes/field-error.ts'
import { E } from '../../../prelude.ts'
import { jsonAnswer, statusAnswer } from '../answer.ts'
import { bodyObject, metadataOf, textOf } from '../body/body-object.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import { type AnswerAction, askedBy } from '../call.ts'
import { writeOptions } from '../options/write-options.ts'
import { badRequest, created, internalError, refusedBinding, statusOfFailure } from '../status.ts'
import { unexpected } from '../verbs/remove.ts'

/** POST to `pods/<name>/binding`: what schedulers do. */
export const podBinding =
  ({ pods }: { readonly pods: Pick<Pods, 'get' | 'bind'> }): AnswerAction =>
  async (call, { namespace, name, action }) => {
    const options = writeOptions('CreateOptions', call.request.query)
    if (E.isLeft(options)) return statusAnswer(options.left)
    const body = bodyObject(call, action.body, options.right)
    if (E.isLeft(body)) return body.left
    const metadata = metadataOf(body.right.value)
    if (textOf(metadata['name']) !== name)
      return statusAnswer(badRequest('name in URL does not match name in Binding object'))
    const target = isObject(body.right.value['target']) ? body.right.value['target'] : {}
    const errors = errorsOf(target)
    if (errors.length > 0) return statusAnswer(internalError(told(errors.map(renderFieldError))))
    const detail = unexpectedPod(pods.get(namespace, name)?.metadata, metadata)
    if (detail !== null) return statusAnswer(refusedBinding(name, detail))
    const warnings = [...body.right.warnings]
    const binding = {
      node: textOf(target['name']),
      labels: textsOf(metadata['labels']),
      annotations: textsOf(metadata['annotations']),
    }
    const bound = await pods.bind(namespace, name, binding, askedBy(call, warnings, options.right.dryRun))()
    if (E.isRight(bound)) return jsonAnswer(201, created, warnings)
    return statusAnswer(
      bound.left._tag === 'Conflict'
        ? refusedBinding(name, bound.left.detail)
        : statusOfFailure(call.kind, name, bound.left, 'change'),
      warnings,
    )
  }

/** A binding may name the Pod that it means, or the version. */
const unexpectedPod = (present: Parameters<typeof unexpected>[0] | undefined, metadata: JsonObject): string | null => {
  const uid = textOf(metadata['uid'])
  const resourceVersion = textOf(metadata['resourceVersion'])
  const wanted = { ...(uid !== '' && { uid }), ...(resourceVersion !== '' && { resourceVersion }) }
  return present === undefined ? null : unexpected(present, wanted)
}

const errorsOf = (target: JsonObject): FieldErrors => {
  const kind = textOf(target['kind'])
  return [
    ...(kind === '' || kind === 'Node' ? [] : [notSupported('target.kind', kind, ['Node', '<empty>'])]),
    ...(textOf(target['name']) === '' ? [required('target.name')] : []),
  ]
}

const told = (texts: ReadonlyArray<string>): string => (texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`)

/** Its shape was checked. */
const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, textOf(text)])) : {}
