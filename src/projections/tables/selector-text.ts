import type { LabelSelector } from '../../domain/kubernetes/job-object.ts'

/** A label selector as kubectl writes it, requirements sorted by key and joined by commas; `<none>` without a selector. */
export const selectorText = (selector: LabelSelector | undefined): string => {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {}
  const requirements = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map((expression) => ({ key: expression.key, text: requirementText(expression) })),
  ]
  if (requirements.length === 0) return '<none>'
  return requirements
    .toSorted((a, b) => byCodePoint(a.key, b.key))
    .map(({ text }) => text)
    .join(',')
}

/** Compares two texts as Go sorts strings, whatever the language of the machine is. */
export const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const requirementText = ({
  key,
  operator,
  values = [],
}: NonNullable<LabelSelector['matchExpressions']>[number]): string => {
  const set = `(${values.toSorted(byCodePoint).join(',')})`
  switch (operator) {
    case 'In':
      return `${key} in ${set}`
    case 'NotIn':
      return `${key} notin ${set}`
    case 'DoesNotExist':
      return `!${key}`
    default:
      return key
  }
}
