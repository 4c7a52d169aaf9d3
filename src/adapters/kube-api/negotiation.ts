import type { Status } from './status.ts'

/** A media range of an Accept header with its parameters, the ones wanted most first; what is wanted not at all is left out. */
type Range = { readonly type: string; readonly parameters: ReadonlyMap<string, string> }

/**
 * Whether the answer may be JSON. `isCollection`: a collection is read, which could also be watched. Answers the refusal, or null when
 * all is well.
 */
export const notAcceptable = (accept: string | undefined, isCollection: boolean): Status | null => {
  const ranges = rangesOf(accept ?? '')
  if (ranges.length === 0 || ranges.some(isServed)) return null
  const message = ranges.some(({ type }) => isKnown(type))
    ? `only the following media types are accepted: ${types.join(', ')}`
    : `406: Not Acceptable\n\nAvailable representations: ${[...types, ...(isCollection ? watched : [])].join(', ')}`
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'NotAcceptable',
    ...(message.startsWith('406') ? { details: {} } : {}),
    code: 406,
  }
}

const types = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const watched = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']

const rangesOf = (accept: string): ReadonlyArray<Range> =>
  accept
    .split(',')
    .filter((clause) => clause.trim() !== '')
    .map((clause) => {
      const [type = '', ...parameters] = clause.split(';').map((part) => part.trim())
      const pairs = parameters.map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=')
        return [name.trim().toLowerCase(), value.trim()]
      })
      return { type: type.toLowerCase(), parameters: new Map(pairs) }
    })
    .filter(({ parameters }) => Number(parameters.get('q') ?? '1') > 0)

const isKnown = (type: string): boolean => type === '*/*' || types.includes(type)

/** Objects as themselves, in JSON. */
const isServed = ({ type, parameters }: Range): boolean =>
  (type === '*/*' || type === 'application/json') && !['as', 'g', 'v'].some((name) => parameters.has(name))
