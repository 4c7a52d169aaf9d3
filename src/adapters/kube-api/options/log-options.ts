import type { ContainerLogOptions } from '../../../application/ports/container-logs.ts'
import { type FieldErrors, forbidden, invalid } from '../../../domain/kubernetes/field-error.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { timeProblem } from '../../../domain/kubernetes/go-time.ts'
import { mustBeNonNegative } from '../../../domain/kubernetes/validation/names.ts'
import { E } from '../../../prelude.ts'
import { badRequest, invalidObject, type Status } from '../status.ts'

/** What somebody wants to read of a Pod's log; an empty container is the Pod's only one. */
export type LogOptions = {
  readonly container: string
  readonly previous: boolean
  readonly lines: Pick<ContainerLogOptions, 'follow' | 'timestamps' | 'tailLines' | 'sinceTime' | 'limitBytes'>
}

/** The options in the query of a request for the log of a Pod. `now`: epoch milliseconds. */
export const logOptions = (pod: string, query: URLSearchParams, now: number): E.Either<Status, LogOptions> => {
  const numbers: Record<string, number> = {}
  for (const name of ['sinceSeconds', 'tailLines', 'limitBytes']) {
    const text = query.get(name)
    if (text === null) continue
    if (!/^[+-]?[0-9]{1,15}$/.test(text))
      return E.left(badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`))
    numbers[name] = Number(text)
  }
  const time = query.get('sinceTime') ?? ''
  const wrongTime = time === '' ? undefined : timeProblem(time)
  if (wrongTime !== undefined) return E.left(badRequest(wrongTime))
  const { sinceSeconds, tailLines, limitBytes } = numbers
  const errors: FieldErrors = [
    ...(tailLines !== undefined && tailLines < 0 ? [invalid('tailLines', tailLines, mustBeNonNegative)] : []),
    ...(limitBytes !== undefined && limitBytes < 1
      ? [invalid('limitBytes', limitBytes, 'must be greater than 0')]
      : []),
    ...(sinceSeconds !== undefined && time !== ''
      ? [forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
      : sinceSeconds !== undefined && sinceSeconds < 1
        ? [invalid('sinceSeconds', sinceSeconds, 'must be greater than 0')]
        : []),
  ]
  if (errors.length > 0) return E.left(invalidObject({ group: '', kind: 'PodLogOptions' }, pod, errors))
  const sinceTime = time !== '' ? Date.parse(time) : sinceSeconds === undefined ? undefined : now - sinceSeconds * 1000
  return E.right({
    container: query.get('container') ?? '',
    previous: isSaid(query, 'previous'),
    lines: {
      follow: isSaid(query, 'follow'),
      timestamps: isSaid(query, 'timestamps'),
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(limitBytes === undefined ? {} : { limitBytes }),
      ...(sinceTime === undefined ? {} : { sinceTime: Math.max(sinceTime, 0) }),
    },
  })
}

/** Whatever is not a no is a yes, also nothing. */
const isSaid = (query: URLSearchParams, name: string): boolean => {
  const text = query.get(name)
  return text !== null && text.toLowerCase() !== 'false' && text !== '0'
}
