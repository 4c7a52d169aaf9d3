/**
 * Warnings as headers, each text once. One with a control character is left out, because it would end the header; when they are long
 * together, the rest is cut short, as clients read headers of a few kilobytes only.
 */
export const warningHeaders = (texts: ReadonlyArray<string>): ReadonlyArray<readonly [name: string, value: string]> => {
  const headers: Array<readonly [string, string]> = []
  let room = signsMax
  for (const text of new Set(texts)) {
    const signs = [...text.toWellFormed()]
    const shown = signs.length <= room ? signs : signs.slice(0, Math.min(room, signsOfLateMax))
    if (shown.length === 0 || /\p{Cc}/u.test(text)) continue
    room -= shown.length
    headers.push(['Warning', `299 - "${asBytes(shown.join('').replaceAll(/["\\]/g, '\\$&'))}"`])
  }
  return headers
}

/** As Kubernetes does it: all warnings of an answer together, and one that does not fit any more. */
const signsMax = 4096
const signsOfLateMax = 256

/** UTF-8, a sign for each byte: a header has no other signs. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
