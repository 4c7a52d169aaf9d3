import { type FieldErrors, forbidden, invalid, invalidFor, required, when } from '../field-error.ts'
import { generatedLabels } from '../prepare-job.ts'
import type { Shape } from '../schema.ts'
import { labels } from './metadata.ts'
import { labelValue, qualifiedName } from './names.ts'

/** The selector of a Job: well formed, matching its own Pods, and the generated one unless `manualSelector` is set [1.3, L-2]. */
export const jobSelector = ({ metadata, spec }: Shape<'Job'>): FieldErrors => {
  const templateLabels = spec?.template?.metadata?.labels ?? {}
  const selector = spec?.selector
  const syntax = selector === undefined ? [] : labelSelector('spec.selector', selector)
  const matches = selector !== undefined && (syntax.length > 0 || selects(selector, templateLabels))
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
    ...(spec?.manualSelector === true || selector === undefined
      ? []
      : [
          ...expectedLabels(metadata ?? {}, templateLabels),
          ...when(
            syntax.length === 0 && !isGenerated(selector, metadata?.uid ?? ''),
            invalid('spec.selector', selector, '`selector` not auto-generated'),
          ),
        ]),
  ]
}

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

const selects = ({ matchLabels = {}, matchExpressions = [] }: Shape<'LabelSelector'>, labelled: Labels): boolean =>
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

const expectedLabels = ({ name = '', uid = '' }: Shape<'ObjectMeta'>, templateLabels: Labels): FieldErrors => [
  ...when(uid === '', required('metadata.uid')),
  ...Object.entries(generatedLabels(name, uid)).flatMap(([key, expected]) =>
    expectedLabel(templateLabels, key, expected),
  ),
]

const expectedLabel = (labelled: Labels, key: string, expected: string): FieldErrors => {
  const at = `spec.template.metadata.labels[${key}]`
  const value = own(labelled, key)
  if (value === undefined) return [required(at, `must be '${expected}'`)]
  return when(value !== expected, invalid(at, labelled, `must be '${expected}'`))
}

const isGenerated = ({ matchLabels = {}, matchExpressions = [] }: Shape<'LabelSelector'>, uid: string): boolean =>
  matchExpressions.length === 0 &&
  Object.keys(matchLabels).length === 1 &&
  own(matchLabels, 'batch.kubernetes.io/controller-uid') === uid

const own = (labelled: Labels, key: string): string | undefined =>
  Object.hasOwn(labelled, key) ? labelled[key] : undefined
