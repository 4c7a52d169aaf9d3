import { E } from '../../../prelude.ts'
import { isObject } from '../body/decode-object.ts'
import { readJson } from '../body/read-json.ts'

/** Where a list goes on: behind the object `start` (`namespace/name`), at a version, or (null) as things are then. */
export type ContinueToken = { readonly version: bigint | null; readonly start: string }

/** For an address: nobody but us needs to understand it. */
export const renderToken = ({ version, start }: ContinueToken): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version === null ? -1 : Number(version), start })).toString(
    'base64url',
  )

/** Left: why it is none. */
export const readToken = (text: string): E.Either<string, ContinueToken> => {
  const read = readJson(Buffer.from(text, 'base64url').toString('utf8'))
  if (E.isLeft(read)) return E.left(`continue key is not valid: ${read.left}`)
  const { v, rv, start } = isObject(read.right.value) ? read.right.value : {}
  if (v !== 'meta.k8s.io/v1' || typeof rv !== 'number' || !Number.isSafeInteger(rv) || typeof start !== 'string')
    return E.left('continue key is not valid: incorrect encoded start resourceVersion')
  return E.right({ version: rv < 0 ? null : BigInt(rv), start })
}
