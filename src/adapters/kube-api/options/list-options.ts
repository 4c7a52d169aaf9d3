import { type FieldErrors, forbidden, notSupported } from '../../../domain/kubernetes/field-error.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { E } from '../../../prelude.ts'
import { type ContinueToken, readToken } from '../lists/continue-token.ts'
import { badRequest, invalidOptions, type Status } from '../status.ts'

/** Which part of a collection is asked for, and of which time. `limit` 0 means all. */
export type ListOptions = {
  readonly limit: number
  readonly from: ContinueToken | null
  /** At least this version must be shown. */
  readonly version: bigint
  readonly isExact: boolean
}

export const listOptions = (query: URLSearchParams): E.Either<Status, ListOptions> => {
  const version = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  const proceed = query.get('continue') ?? ''
  const limit = query.get('limit') ?? ''
  if (!/^([-+]?[0-9]{1,18})?$/.test(limit))
    return E.left(badRequest(`strconv.ParseInt: parsing ${goQuote(limit)}: invalid syntax`))
  const errors: FieldErrors = [
    ...matchErrors(match, version, proceed),
    ...(query.has('sendInitialEvents')
      ? [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
      : []),
  ]
  if (errors.length > 0) return E.left(invalidOptions('ListOptions', errors))
  if (!/^[0-9]{0,19}$/.test(version))
    return E.left(
      badRequest(
        `invalid resource version: resourceVersion: Invalid value: ${goQuote(version)}: strconv.ParseUint: parsing ${goQuote(version)}: invalid syntax`,
      ),
    )
  if (proceed !== '' && version !== '' && version !== '0')
    return E.left(badRequest('specifying resource version is not allowed when using continue'))
  const from = proceed === '' ? E.right(null) : readToken(proceed)
  if (E.isLeft(from)) return E.left(badRequest(`invalid continue token: ${from.left}`))
  return E.right({
    limit: Math.max(Number(limit), 0),
    from: from.right,
    version: BigInt(version || '0'),
    isExact: match === 'Exact',
  })
}

const matchErrors = (match: string, version: string, proceed: string): FieldErrors =>
  match === ''
    ? []
    : [
        ...(version === '' ? [onMatch('resourceVersionMatch is forbidden unless resourceVersion is provided')] : []),
        ...(proceed === '' ? [] : [onMatch('resourceVersionMatch is forbidden when continue is provided')]),
        ...(match === 'Exact' || match === 'NotOlderThan'
          ? []
          : [notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', ''])]),
        ...(match === 'Exact' && version === '0'
          ? [onMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
          : []),
      ]

const onMatch = (detail: string) => forbidden('resourceVersionMatch', detail)
