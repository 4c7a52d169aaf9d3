import { type FieldErrors, invalid, invalidFor, renderFieldError } from '../../../domain/kubernetes/field-error.ts'
import { labelValue, qualifiedName } from '../../../domain/kubernetes/validation/names.ts'
import { E } from '../../../prelude.ts'

export type Labels = Readonly<Record<string, string>>

/** Whether an object with these labels is selected. */
export type LabelSelector = (labels: Labels) => boolean

/** A label selector as the API takes it: `a=b,c!=d,e,!f,g in (h,i),j notin (k),l>5`. Left: what Kubernetes says of it. */
export const labelSelector = (text: string): E.Either<string, LabelSelector> => {
  const tokens = tokensOf(text)
  const requirements: LabelSelector[] = []
  const source = { tokens, at: 0 }
  for (;;) {
    const begin = look(source)
    if (begin.type === 'end') break
    if (begin.type !== 'word' && begin.text !== '!')
      return E.left(`found '${begin.text}', expected: !, identifier, or 'end of string'`)
    const requirement = readRequirement(source)
    if (E.isLeft(requirement)) return E.left(`unable to parse requirement: ${requirement.left}`)
    requirements.push(requirement.right)
    const next = take(source)
    if (next.type === 'end') break
    if (next.text !== ',') return E.left(`found '${next.text}', expected: ',' or 'end of string'`)
    const after = look(source)
    if (after.type !== 'word' && after.text !== '!')
      return E.left(`found '${after.text}', expected: identifier after ','`)
  }
  return E.right((labels) => requirements.every((isMet) => isMet(labels)))
}

type Token = { readonly type: 'word' | 'sign' | 'end'; readonly text: string }
type Source = { readonly tokens: ReadonlyArray<Token>; at: number }

const end: Token = { type: 'end', text: '' }

const look = ({ tokens, at }: Source): Token => tokens[at] ?? end

const take = (source: Source): Token => {
  const token = look(source)
  source.at += 1
  return token
}

const tokensOf = (text: string): ReadonlyArray<Token> =>
  [...text.matchAll(/(==|!=|[=!(),<>])|([^\s=!(),<>]+)/g)].map(([found, sign]) => ({
    type: sign === undefined ? 'word' : 'sign',
    text: found,
  }))

type Parsed<A> = E.Either<string, A>

const readRequirement = (source: Source): Parsed<LabelSelector> => {
  const isNegated = look(source).text === '!'
  if (isNegated) take(source)
  const { type, text: key } = take(source)
  if (type !== 'word') return E.left(`found '${key}', expected: identifier`)
  const wrongKey = invalidFor('<nil>', key, qualifiedName(key))
  if (wrongKey.length > 0) return E.left(told(wrongKey))
  if (isNegated) return E.right((labels) => !Object.hasOwn(labels, key))
  const next = look(source)
  if (next.type === 'end' || next.text === ',') return E.right((labels) => Object.hasOwn(labels, key))
  const operator = take(source).text
  if (!operators.includes(operator)) return E.left(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
  const isSet = operator === 'in' || operator === 'notin'
  const values = isSet ? readSet(source) : readExact(source)
  return E.flatMap((wanted: ReadonlyArray<string>) => requirement(key, operator, wanted))(values)
}

const operators = ['in', 'notin', '=', '==', '!=', '>', '<']

const readSet = (source: Source): Parsed<ReadonlyArray<string>> => {
  const open = take(source)
  if (open.text !== '(') return E.left(`found '${open.text}' expected: '('`)
  const values = new Set<string>()
  let isAfterValue = false
  for (;;) {
    const { type, text } = take(source)
    if (type === 'word') {
      if (isAfterValue) return E.left(`found '${text}', expected: ',' or ')'`)
      values.add(text)
      isAfterValue = true
    } else if (text === ',' || text === ')') {
      if (!isAfterValue) values.add('')
      isAfterValue = false
      if (text === ')') return E.right([...values].sort())
    } else
      return E.left(
        isAfterValue ? `found '${text}', expected: ',' or ')'` : `found '${text}', expected: ',', ')' or identifier`,
      )
  }
}

const readExact = (source: Source): Parsed<ReadonlyArray<string>> => {
  const { type, text } = look(source)
  if (type === 'end' || text === ',') return E.right([''])
  take(source)
  return type === 'word' ? E.right([text]) : E.left(`found '${text}', expected: identifier`)
}

const requirement = (key: string, operator: string, values: ReadonlyArray<string>): Parsed<LabelSelector> => {
  const isComparison = operator === '>' || operator === '<'
  const errors = values.flatMap((value, at) => [
    ...(isComparison && !isInteger(value)
      ? [invalid(`values[${at}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")]
      : []),
    ...invalidFor(`values[${at}][${key}]`, value, labelValue(value)),
  ])
  if (errors.length > 0) return E.left(told(errors))
  if (isComparison) return E.right((labels) => compares(own(labels, key), operator, BigInt(values[0] ?? '0')))
  const isAny = (labels: Labels): boolean => {
    const value = own(labels, key)
    return value !== undefined && values.includes(value)
  }
  return E.right(operator === 'notin' || operator === '!=' ? (labels) => !isAny(labels) : isAny)
}

const compares = (value: string | undefined, operator: string, limit: bigint): boolean => {
  if (value === undefined || !isInteger(value)) return false
  return operator === '>' ? BigInt(value) > limit : BigInt(value) < limit
}

const isInteger = (text: string): boolean => /^-?[0-9]{1,19}$/.test(text)

const told = (errors: FieldErrors): string => {
  const texts = [...new Set(errors.map(renderFieldError))]
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
}

const own = (labels: Labels, key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined)
