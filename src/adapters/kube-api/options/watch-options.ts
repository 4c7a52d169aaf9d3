import { type FieldErrors, forbidden, notSupported } from '../../../domain/kubernetes/field-error.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { E } from '../../../prelude.ts'
import { badRequest, internalError, invalidOptions, type Status } from '../status.ts'

export type WatchOptions = {
  /** Changes behind this version are wanted; null: those from now on. */
  readonly after: bigint | null
  /** Everything that is there is told first. */
  readonly startsWithAll: boolean
  /** The end of what is told first is marked. */
  readonly marksEnd: boolean
  readonly bookmarks: boolean
  /** How long at most, in milliseconds; null: as long as the server likes. */
  readonly timeoutMs: number | null
}

export const watchOptions = (query: URLSearchParams): E.Either<Status, WatchOptions> => {
  const version = query.get('resourceVersion') ?? ''
  const seconds = query.get('timeoutSeconds') ?? ''
  if (!/^(-?[0-9]{1,9})?$/.test(seconds))
    return E.left(badRequest(`strconv.ParseInt: parsing ${goQuote(seconds)}: invalid syntax`))
  const initial = query.get('sendInitialEvents')
  const errors = matchErrors(query.get('resourceVersionMatch') ?? '', initial !== null)
  if (errors.length > 0) return E.left(invalidOptions('ListOptions', errors))
  if (!/^[0-9]{0,19}$/.test(version))
    return E.left(
      internalError(
        `resourceVersion: Invalid value: ${goQuote(version)}: strconv.ParseUint: parsing ${goQuote(version)}: invalid syntax`,
      ),
    )
  const bookmarks = isTrue(query.get('allowWatchBookmarks'))
  const isFromNow = BigInt(version || '0') === 0n
  const wantsAll = isTrue(initial)
  return E.right({
    after: isFromNow ? null : BigInt(version),
    startsWithAll: wantsAll || (initial === null && isFromNow),
    marksEnd: wantsAll && bookmarks,
    bookmarks,
    timeoutMs: Number(seconds) > 0 ? Math.min(Number(seconds) * 1000, timeoutMaxMs) : null,
  })
}

/** More than a timer can wait would end at once. */
const timeoutMaxMs = 86_400_000

const isTrue = (text: string | null): boolean => text === '1' || text === 'true'

const matchErrors = (match: string, hasInitial: boolean): FieldErrors => {
  if (match === '' && !hasInitial) return []
  return [
    ...(hasInitial && match !== 'NotOlderThan'
      ? [onMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')]
      : []),
    ...(hasInitial
      ? []
      : [onMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')]),
    ...(match === '' || match === 'NotOlderThan'
      ? []
      : [notSupported('resourceVersionMatch', match, ['NotOlderThan'])]),
  ]
}

const onMatch = (detail: string) => forbidden('resourceVersionMatch', detail)
