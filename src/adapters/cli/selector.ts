import { CliError } from './cli-error.ts'

/** Whether an object with these labels is selected. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean

/** A label selector as kubectl takes it: `a=b,c!=d,e,!f,g in (h,i),j notin (k)`. Undefined selects everything. */
export const selectorOf = (text: string | undefined): Selector => {
  if (text === undefined || text.trim() === '') return () => true
  const terms = text.split(/,(?![^(]*\))/).map((term) => termOf(term.trim(), text))
  return (labels) => terms.every((selects) => selects(labels))
}

const termOf = (term: string, whole: string): Selector => {
  const [, key = '', operator = '', value = ''] = comparison.exec(term) ?? []
  if (operator !== '') return (labels) => (own(labels, key) === value) === (operator !== '!=')
  const [, setKey = '', relation = '', values = ''] = membership.exec(term) ?? []
  if (relation !== '') {
    const wanted = values.split(',').map((one) => one.trim())
    return (labels) => wanted.includes(own(labels, setKey) ?? absent) === (relation === 'in')
  }
  const [, not = '', presentKey = ''] = presence.exec(term) ?? []
  if (presentKey === '') throw new CliError(`unable to parse requirement "${term}" of the selector "${whole}"`)
  return (labels) => Object.hasOwn(labels, presentKey) === (not === '')
}

const word = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?'
const comparison = new RegExp(`^(${word})\\s*(==|=|!=)\\s*((?:${word})?)$`)
const membership = new RegExp(`^(${word})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const presence = new RegExp(`^(!?)\\s*(${word})$`)

/** No label has this value. */
const absent = '\n'

const own = (labels: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined
