/** A text in quotes as Go prints it: what cannot be seen is written as an escape. */
export const goQuote = (text: string): string =>
  `"${text.toWellFormed().replace(/["\\]|[\p{C}\p{Z}]/gu, (sign) => (sign === ' ' ? sign : escaped(sign)))}"`

const escaped = (sign: string): string => {
  const code = sign.codePointAt(0) ?? 0
  if (sign === '"' || sign === '\\') return `\\${sign}`
  const letter = letters[code]
  if (letter !== undefined) return `\\${letter}`
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

const letters: Readonly<Record<number, string>> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' }

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
