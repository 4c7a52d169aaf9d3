/**
 * User text that cannot steer a terminal: every control character and every mark that reorders text is replaced by a visible
 * name. Tabs and line ends stay, since the aligner and multi-line messages need them; ESC and CR look as kubectl shows them.
 */
export const safeText = (text: string): string => text.replace(unsafe, visibleName)

/** The same for text that must stay in one cell of one line: cut at the first line end as kubectl does, tabs shown as `\t`. */
export const safeCell = (text: string): string => {
  const lineEnd = text.search(/[\n\r\f]/)
  const line = lineEnd < 0 ? text : `${text.slice(0, lineEnd)}...`
  return safeText(line).replaceAll('\t', '\\t')
}

/** The unsafe characters as escapes (`\u009b`) that JSON and double-quoted YAML read back as what they were. */
export const escapedText = (text: string): string => text.replace(unsafe, escape)

/** Whether the text holds a character that `safeText` would replace. */
export const isUnsafe = (text: string): boolean => text.search(unsafe) >= 0

/** C0 without tab and line feed, DEL, C1, separators of lines and paragraphs, marks that change the direction of text, BOM. */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

const visibleName = (character: string): string => {
  const code = character.charCodeAt(0)
  if (character === '\r') return '\\r'
  if (code === 0x7f) return '^?'
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : escape(character)
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
