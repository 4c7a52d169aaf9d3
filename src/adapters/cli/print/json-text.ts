import { sortedEntries } from './describe-metadata.ts'
import { isRecord } from '../../../projections/tables/loose-fields.ts'
import { escapedText } from './safe-text.ts'

/**
 * A plain JSON value as kubectl writes it: keys sorted, indented by four spaces, `<`, `>` and `&` escaped. JSON.stringify alone
 * would put keys that look like numbers first.
 */
export const jsonText = (value: unknown): string => `${jsonAt(value, '')}\n`

const jsonAt = (value: unknown, margin: string): string => {
  const inner = `${margin}    `
  if (Array.isArray(value))
    return block(
      '[',
      value.filter(isPresent).map((item) => jsonAt(item, inner)),
      ']',
      margin,
    )
  if (!isRecord(value)) return scalar(value)
  const members = sortedEntries(value).filter(([, member]) => isPresent(member))
  return block(
    '{',
    members.map(([key, member]) => `${scalar(key)}: ${jsonAt(member, inner)}`),
    '}',
    margin,
  )
}

const block = (open: string, lines: ReadonlyArray<string>, close: string, margin: string): string =>
  lines.length === 0
    ? `${open}${close}`
    : `${open}\n${lines.map((line) => `${margin}    ${line}`).join(',\n')}\n${margin}${close}`

const scalar = (value: unknown): string =>
  escapedText(JSON.stringify(value)).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)

const isPresent = (value: unknown): boolean => value !== undefined
