import type { NamespacesResource } from '../../../application/api/namespaces.ts'
import { E } from '../../../prelude.ts'
import { statusAnswer } from '../answer.ts'
import { bodyObject, metadataOf } from '../body/body-object.ts'
import { type AnswerAction, askedBy } from '../call.ts'
import { writeOptions } from '../options/write-options.ts'
import { badRequest } from '../status.ts'
import { misnamed, outdated, replaced } from '../verbs/agreement.ts'
import { changedAnswer } from '../verbs/replace.ts'

/** PUT to `namespaces/<name>/finalize`: who has done their part of its ending takes their name off its spec. */
export const namespaceFinalize =
  ({ namespaces }: { readonly namespaces: Pick<NamespacesResource, 'finalize'> }): AnswerAction =>
  async (call, { name, action }) => {
    const options = writeOptions('UpdateOptions', call.request.query)
    if (E.isLeft(options)) return statusAnswer(options.left)
    const body = bodyObject(call, action.body, options.right)
    if (E.isLeft(body)) return body.left
    const place = { namespace: '', name, part: 'main' as const }
    const metadata = metadataOf(body.right.value)
    const strange = misnamed(metadata, place)
    if (strange !== null) return statusAnswer(badRequest(strange))
    const warnings = [...body.right.warnings]
    const finalized = await namespaces.finalize(
      name,
      (present) => {
        const refusal = replaced(call, metadata, present, place) ?? outdated(metadata, present)
        return refusal === null ? E.right(body.right.value) : E.left(refusal)
      },
      askedBy(call, warnings, options.right.dryRun),
    )()
    return changedAnswer(call, place, finalized, warnings)
  }
