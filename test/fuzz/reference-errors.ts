import type { RawAnswer } from './ask-raw.ts'

/** Where Kubernetes itself answers 500 or more to what a client got wrong: the checks of the API that it belongs to, and what it says. */
const referenceErrors: ReadonlyArray<readonly [why: string, message: RegExp]> = [
  ['API-6: a new object may have no version', /^resourceVersion should not be set on objects to be created$/],
  ['API-9: a watch from no number', /^resourceVersion: Invalid value: ".*": strconv\.ParseUint: /s],
  ['API-16: a version of the future', /^Timeout: Too large resource version: \d+, current: \d+$/],
  ['API-7: an unknown directive', /^unknown patch type: /],
  ['API-7: an element without its merge key', /^map: .* does not contain declared merge key: /s],
  ['API-7: an order that is not that of the patch', /^The order in patch list:\n/],
  ['API-7: fields to keep that are not in the patch', /^key's in retainKeys list don't match the keys of the patch$/],
  ['API-20: an applied configuration that the schema does not know', /^failed to create typed patch object /],
  ['API-18: a Pod bound to nothing, or to what is no Node', /^target\.(name|kind): /],
]

/** Which of them an answer is; null: none. */
export const referenceErrorOf = ({ body }: RawAnswer): string | null => {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown }
    return referenceErrors.find(([, pattern]) => pattern.test(String(message)))?.[0] ?? null
  } catch {
    return null
  }
}
