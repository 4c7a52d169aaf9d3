import { type FieldErrors, forbidden, invalid, invalidFor, required, when } from '../field-error.ts'
import { generatedLabels } from '../prepare-job.ts'
import type { Shape } from '../schema.ts'
import { labels } from './metadata.ts'
import { labelValue, qualifiedName } from './names.ts'

/** The selector of a Job: there, well formed, matching its own Pods [1.3]. */
export const jobSelector = ({ spec }: Shape<'Job'>): FieldErrors => {
  const selector = spec?.selector
  const syntax = selector === undefined ? [] : labelSelector('spec.selector', selector)
  const matches =
    selector !== undefined && (syntax.length > 0 || selects(selector, spec?.template?.metadata?.labels ?? {}))
  return [
    ...when(selector === undefined, required('spec.selector')),
    ...syntax,
    ...when(
      !matches,
      invalid(
        'spec.template.metadata.labels',
        spec?.template?.metadata?.labels,
        '`selector` does not match template `labels`',
      ),
    ),
  ]
}

/**
 * Unless `manualSelector` is set: the template has the labels that this Job's Pods are known by, and the selector finds them
 * [L-2]. A Job from before the labels had a prefix may go on without those [U-4].
 */
export const generatedSelector = (
  { metadata: { name = '', uid = '' } = {}, spec = {} }: Shape<'Job'>,
  needsPrefixedLabels: boolean,
): FieldErrors => {
  const { selector, manualSelector } = spec
  if (manualSelector === true || selector === undefined) return []
  const expected = Object.fromEntries(
    Object.entries(generatedLabels(name, uid)).filter(([key]) => needsPrefixedLabels || !key.includes('/')),
  )
  const labelled = spec.template?.metadata?.labels ?? {}
  return [
    ...when(uid === '', required('metadata.uid')),
    ...Object.entries(expected).flatMap(([key, value]) => expectedLabel(labelled, key, value)),
    ...when(
      !selects(selector, expected) && labelSelector('', selector).length === 0,
      invalid('spec.selector', selector, '`selector` not auto-generated'),
    ),
  ]
}

/** Whether a Job's Pods carry both labels that have a prefix. */
export const hasPrefixedLabels = ({ metadata: { name = '', uid = '' } = {}, spec = {} }: Shape<'Job'>): boolean =>
  Object.keys(generatedLabels(name, uid))
    .filter((key) => key.includes('/'))
    .every((key) => own(spec.template?.metadata?.labels ?? {}, key) !== undefined)

export const labelSelector = (at: string, selector: Shape<'LabelSelector'>): FieldErrors => [
  ...labels(`${at}.matchLabels`, selector.matchLabels),
  ...(selector.matchExpressions ?? []).flatMap((expression, index) =>
    requirement(`${at}.matchExpressions[${index}]`, expression),
  ),
]

const requirement = (at: string, { key, operator, values = [] }: Shape<'LabelSelectorRequirement'>): FieldErrors => [
  ...operatorAndValues(at, operator ?? '', values),
  ...invalidFor(`${at}.key`, key ?? '', qualifiedName(key ?? '')),
  ...values.flatMap((value, index) => invalidFor(`${at}.values[${index}]`, value, labelValue(value))),
]

const operatorAndValues = (at: string, operator: string, values: ReadonlyArray<string>): FieldErrors => {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return when(values.length === 0, required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    case 'Exists':
    case 'DoesNotExist':
      return when(
        values.length > 0,
        forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      )
    default:
      return [invalid(`${at}.operator`, operator, 'not a valid selector operator')]
  }
}

type Labels = Readonly<Record<string, string>>

/** Whether a selector finds what is labelled so. */
export const selects = (
  { matchLabels = {}, matchExpressions = [] }: Shape<'LabelSelector'>,
  labelled: Labels,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => own(labelled, key) === value) &&
  matchExpressions.every(({ key = '', operator, values = [] }) => {
    const value = own(labelled, key)
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value)
      case 'NotIn':
        return value === undefined || !values.includes(value)
      case 'Exists':
        return value !== undefined
      default:
        return value === undefined
    }
  })

const expectedLabel = (labelled: Labels, key: string, expected: string): FieldErrors => {
  const at = `spec.template.metadata.labels[${key}]`
  const value = own(labelled, key)
  if (value === undefined) return [required(at, `must be '${expected}'`)]
  return when(value !== expected, invalid(at, labelled, `must be '${expected}'`))
}

const own = (labelled: Labels, key: string): string | undefined =>
  Object.hasOwn(labelled, key) ? labelled[key] : undefined
