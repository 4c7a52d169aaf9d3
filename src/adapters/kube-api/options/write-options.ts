import {
  type FieldErrors,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../domain/kubernetes/field-error.ts'
import { byteLength } from '../../../domain/kubernetes/validation/names.ts'
import { E } from '../../../prelude.ts'
import { invalidOptions, type Status } from '../status.ts'

/** How a write is to be done: `fieldValidation` says what becomes of unknown and repeated fields. */
export type WriteOptions = {
  readonly dryRun: boolean
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  readonly fieldManager: string
  /** To be applied even where others have it otherwise. */
  readonly force: boolean
}

/** The options of a POST, PUT or PATCH in its query; only a patch that is applied can be forced, and it needs a manager. */
export const writeOptions = (
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  isApply = false,
): E.Either<Status, WriteOptions> => {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '')
  const fieldManager = query.get('fieldManager') ?? ''
  const fieldValidation = query.get('fieldValidation') ?? ''
  const errors: FieldErrors = [
    ...(kind === 'PatchOptions' && query.has('force') && !isApply ? [noForce] : []),
    ...(isApply && fieldManager === '' ? [required('fieldManager', 'is required for apply patch')] : []),
    ...fieldManagerErrors(fieldManager),
    ...dryRunErrors(dryRun),
    ...(['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ]
  if (errors.length > 0) return E.left(invalidOptions(kind, errors))
  return E.right({
    dryRun: dryRun.length > 0,
    fieldManager,
    force: query.has('force') && !['false', '0'].includes((query.get('force') ?? '').toLowerCase()),
    fieldValidation: fieldValidation === 'Ignore' || fieldValidation === 'Strict' ? fieldValidation : 'Warn',
  })
}

/** All values but `All` are refused together. */
export const dryRunErrors = (dryRun: ReadonlyArray<string>): FieldErrors =>
  dryRun.every((value) => value === 'All') ? [] : [notSupported('dryRun', dryRun, ['All'])]

const noForce = forbidden('force', 'may not be specified for non-apply patch')

const fieldManagerBytesMax = 128

const fieldManagerErrors = (manager: string): FieldErrors => [
  ...(byteLength(manager) > fieldManagerBytesMax ? [tooLong('fieldManager', fieldManagerBytesMax)] : []),
  ...[...manager].flatMap((sign, at) =>
    /^\P{C}$/u.test(sign)
      ? []
      : [
          invalid(
            'fieldManager',
            manager,
            `invalid character U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} (at position ${at})`,
          ),
        ],
  ),
]
