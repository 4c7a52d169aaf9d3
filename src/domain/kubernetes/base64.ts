/** What Go says of a text that is no base64, nothing when it is: it passes over line breaks. */
export const base64Problem = (text: string): string | undefined => {
  let inGroup = 0
  let groupStart = 0
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!
    if (sign === '\n' || sign === '\r') continue
    if (inGroup === 0) groupStart = at
    if (sign === '=') return paddingProblem(text, at, inGroup)
    if (!/[A-Za-z0-9+/]/.test(sign)) return illegal(at)
    inGroup = (inGroup + 1) % 4
  }
  return inGroup === 0 ? undefined : illegal(groupStart)
}

const illegal = (at: number): string => `illegal base64 data at input byte ${at}`

/** One or two signs fill the last group, and nothing follows. */
const paddingProblem = (text: string, at: number, inGroup: number): string | undefined => {
  if (inGroup < 2) return illegal(at)
  const rest = [...text.slice(at).replaceAll(/[\r\n]/g, '')]
  const wanted = 4 - inGroup
  for (let place = 0; place < wanted; place += 1)
    if (rest[place] !== '=') return illegal(rest[place] === undefined ? text.length : at + place)
  return rest.length === wanted ? undefined : illegal(at + wanted)
}
