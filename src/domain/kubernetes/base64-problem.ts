/** What Go says of a text that is not base64 with all its padding, nothing when it is. Line ends within it are skipped. */
export const base64Problem = (text: string): string | undefined => {
  if (plain.test(text)) return undefined
  const bytes = new TextEncoder().encode(text)
  let digits = 0
  let at = 0
  for (; at < bytes.length && bytes[at] !== padding; at += 1) {
    if (isLineEnd(bytes[at])) continue
    if (!isDigit(bytes[at])) return illegalAt(at)
    digits += 1
  }
  const open = digits % 4
  if (at === bytes.length) return open === 0 ? undefined : illegalAt(at - open)
  if (open < 2) return illegalAt(at)
  if (open === 2) {
    at = skipLineEnds(bytes, at + 1)
    if (at === bytes.length) return illegalAt(at)
    if (bytes[at] !== padding) return illegalAt(at - 1)
  }
  at = skipLineEnds(bytes, at + 1)
  return at === bytes.length ? undefined : illegalAt(at)
}

const plain = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const padding = '='.charCodeAt(0)

const isDigit = (byte = 0): boolean => /[A-Za-z0-9+/]/.test(String.fromCharCode(byte))

const isLineEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d

const skipLineEnds = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (isLineEnd(bytes[at])) at += 1
  return at
}

const illegalAt = (at: number): string => `illegal base64 data at input byte ${at}`
