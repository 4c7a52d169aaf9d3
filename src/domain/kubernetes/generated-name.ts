/** A name made of `metadata.generateName`: its first 58 characters and five more, which `nameSuffix` makes. */
export const generatedName = (base: string, suffix: string): string => `${base.slice(0, baseMax)}${suffix}`

/** Five characters of Kubernetes' alphabet for names from random hexadecimal digits, of which the first ten count. */
export const nameSuffix = (digits: string): string =>
  Array.from(
    { length: suffixLength },
    (_, at) => alphabet[Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16) % alphabet.length],
  ).join('')

const nameMax = 63
const suffixLength = 5
const baseMax = nameMax - suffixLength

/** Without vowels, and without what looks like another sign, so that chance spells nothing. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
