export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** A text in a terminal style when colour is wanted, else as it is. */
export const styled = (style: Style, text: string, { colour }: { readonly colour: boolean }): string =>
  colour ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text

/** Select Graphic Rendition: the code that begins a style and the one that ends it. */
const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}
