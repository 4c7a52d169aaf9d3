import type { LabelSelector } from '../../../domain/kubernetes/job-object.ts'
import type { PodSpec } from '../../../domain/kubernetes/pod-spec.ts'
import { type Lines, mapLines, underHeading } from './describe-metadata.ts'
import { field, isRecord, listField, textField } from '../../../projections/tables/loose-fields.ts'
import { byCodePoint, selectorText } from '../../../projections/tables/selector-text.ts'

/** On which nodes a Pod may run, under headings that start with this margin. */
export const nodeSelectorLines = (spec: PodSpec, margin = ''): Lines =>
  mapLines(`${margin}Node-Selectors`, spec.nodeSelector)

/** Tolerations sorted by key. */
export const tolerationLines = (spec: PodSpec, margin = ''): Lines =>
  underHeading(
    `${margin}Tolerations`,
    [...listField(spec, 'tolerations')]
      .toSorted((a, b) => byCodePoint(textField(a, 'key'), textField(b, 'key')))
      .map(toleration),
  )

/** Topology spread constraints sorted by key, nothing without any. */
export const topologySpreadLines = (spec: PodSpec, margin = ''): Lines => {
  const constraints = [...listField(spec, 'topologySpreadConstraints')]
  if (constraints.length === 0) return []
  return underHeading(
    `${margin}Topology Spread Constraints`,
    constraints
      .toSorted((a, b) => byCodePoint(textField(a, 'topologyKey'), textField(b, 'topologyKey')))
      .map(constraint),
  )
}

const toleration = (it: unknown): string => {
  const [key, value, effect] = [textField(it, 'key'), textField(it, 'value'), textField(it, 'effect')]
  const place = `${key}${value && `=${value}`}${effect && `:${effect}`}`
  const exists = textField(it, 'operator') === 'Exists' && value === '' ? 'op=Exists' : ''
  const seconds = textField(it, 'tolerationSeconds')
  return [place, exists, seconds && `for ${seconds}s`].filter((part) => part !== '').join(' ')
}

const constraint = (it: unknown): string => {
  const rule = `${textField(it, 'topologyKey')}:${textField(it, 'whenUnsatisfiable')}`
  const selector = field(it, 'labelSelector')
  const told = isRecord(selector) ? ` for selector ${selectorText(selector as LabelSelector)}` : ''
  return `${rule} when max skew ${textField(it, 'maxSkew')} is exceeded${told}`
}
