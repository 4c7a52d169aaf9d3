import type { DeleteOptions } from '../../../application/api/resource.ts'
import { type FieldErrors, invalid, notSupported } from '../../../domain/kubernetes/field-error.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { E } from '../../../prelude.ts'
import { cannotBeHandled, isObject, type JsonObject, shapeProblems } from '../body/decode-object.ts'
import { readJson } from '../body/read-json.ts'
import { badRequest, invalidOptions, type Status } from '../status.ts'
import { dryRunErrors } from './write-options.ts'

export type DeletionAsked = {
  readonly options: DeleteOptions
  readonly dryRun: boolean
  /** Whether it was said what becomes of the dependents. */
  readonly isPropagationGiven: boolean
}

/** The options of a deletion: those of the body when there is one, else those of the query. */
export const deleteOptions = (body: string, query: URLSearchParams): E.Either<Status, DeletionAsked> => {
  const given = body.trim() === '' ? fromQuery(query) : fromBody(body)
  return E.flatMap((options: Given) => {
    const errors = errorsOf(options)
    return errors.length > 0 ? E.left(invalidOptions('DeleteOptions', errors)) : E.right(asked(options))
  })(given)
}

type Given = {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: string
  readonly orphanDependents?: boolean
  readonly dryRun?: ReadonlyArray<string>
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

const fromBody = (text: string): E.Either<Status, Given> => {
  const read = readJson(text)
  if (E.isLeft(read)) return E.left(badRequest(`couldn't get version/kind; json parse error: ${read.left}`))
  const value = read.right.value ?? {}
  if (!isObject(value))
    return E.left(badRequest("couldn't get version/kind; json parse error: the options are no object"))
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = value
  if (kind !== 'DeleteOptions' && kind !== '') {
    const version = String(apiVersion)
    return E.left(
      badRequest(
        `${cannotBeHandled(String(kind), version.split('/').at(-1) ?? '', 'DeleteOptions')}: no kind ${goQuote(String(kind))} is registered for the options of a deletion`,
      ),
    )
  }
  const wrong = shapeProblems({ group: '', kind: 'DeleteOptions' }, value).find(({ _tag }) => _tag === 'WrongType')
  if (wrong !== undefined)
    return E.left(badRequest(`${cannotBeHandled('DeleteOptions', 'v1', 'DeleteOptions')}: ${wrong.reason}`))
  return E.right(withoutNulls(value))
}

/** The shape was checked. */
const withoutNulls = (value: JsonObject): Given =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null)) as Given

const fromQuery = (query: URLSearchParams): E.Either<Status, Given> => {
  const grace = query.get('gracePeriodSeconds')
  const orphan = query.get('orphanDependents')
  const propagation = query.get('propagationPolicy')
  const dryRun = query.getAll('dryRun').filter((value) => value !== '')
  if (grace !== null && !/^-?[0-9]{1,15}$/.test(grace))
    return E.left(badRequest(`strconv.ParseInt: parsing ${goQuote(grace)}: invalid syntax`))
  return E.right({
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(orphan === null ? {} : { orphanDependents: orphan !== 'false' && orphan !== '0' }),
    ...(propagation === null ? {} : { propagationPolicy: propagation }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
  })
}

const policies = ['Foreground', 'Background', 'Orphan'] as const
type Policy = (typeof policies)[number]

const isPolicy = (text: string | undefined): text is Policy => policies.some((policy) => policy === text)

const errorsOf = ({ propagationPolicy, orphanDependents, dryRun = [] }: Given): FieldErrors => [
  ...(propagationPolicy !== undefined && orphanDependents !== undefined
    ? [invalid('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set')]
    : propagationPolicy !== undefined && !isPolicy(propagationPolicy)
      ? [notSupported('propagationPolicy', propagationPolicy, [...policies, 'nil'])]
      : []),
  ...dryRunErrors(dryRun),
]

const asked = (given: Given): DeletionAsked => {
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, preconditions, dryRun = [] } = given
  const propagation = isPolicy(propagationPolicy)
    ? propagationPolicy
    : orphanDependents === undefined
      ? undefined
      : orphanDependents
        ? 'Orphan'
        : 'Background'
  const { uid, resourceVersion } = preconditions ?? {}
  return {
    options: {
      ...(propagation === undefined ? {} : { propagation }),
      ...(gracePeriodSeconds === undefined ? {} : { graceSeconds: gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds }),
      ...(preconditions === undefined
        ? {}
        : {
            preconditions: {
              ...(uid === undefined || uid === null ? {} : { uid }),
              ...(resourceVersion === undefined || resourceVersion === null ? {} : { resourceVersion }),
            },
          }),
    },
    dryRun: dryRun.length > 0,
    isPropagationGiven: propagation !== undefined,
  }
}
