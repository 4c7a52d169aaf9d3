/** The modules a TypeScript file names: by `import`, `export ... from`, `import()` and `import type` alike. */
export const importsOf = (source: string): ReadonlyArray<string> => {
  const { code, texts } = readSource(source)
  const named = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\d+)"/g
  return [...code.matchAll(named)].map(([, place]) => texts[Number(place)] ?? '')
}

/** The code alone: comments are gone, and each text stands as `"n"`, its number. */
export const codeOf = (source: string): string => readSource(source).code

/**
 * Reads just enough of the language to tell code from comments, texts, templates and regular expressions. Code inside
 * `${...}` of a template is code.
 */
const readSource = (source: string): { readonly code: string; readonly texts: ReadonlyArray<string> } => {
  const texts: Array<string> = []
  const braces: Array<'template' | 'block'> = []
  let code = ''
  let at = 0

  const keepText = (text: string): void => {
    code += `"${texts.length}"`
    texts.push(text)
  }
  const readQuoted = (quote: string): void => {
    const begin = ++at
    while (at < source.length && source[at] !== quote) at += source[at] === '\\' ? 2 : 1
    keepText(source.slice(begin, at++))
  }
  /** Up to the end of the template or to its next `${`; what lies between is text. */
  const readTemplate = (): void => {
    const begin = at
    while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) at += source[at] === '\\' ? 2 : 1
    keepText(source.slice(begin, at))
    if (source[at] === '`') at += 1
    else {
      braces.push('template')
      code += '{'
      at += 2
    }
  }
  const readRegex = (): void => {
    const begin = ++at
    let inClass = false
    while (at < source.length && source[at] !== '\n' && (inClass || source[at] !== '/')) {
      if (source[at] === '[') inClass = true
      if (source[at] === ']') inClass = false
      at += source[at] === '\\' ? 2 : 1
    }
    keepText(source.slice(begin, at++))
  }

  while (at < source.length) {
    const char = source[at]!
    if (source.startsWith('//', at)) at = indexOrEnd(source, '\n', at)
    else if (source.startsWith('/*', at)) at = indexOrEnd(source, '*/', at) + 2
    else if (char === "'" || char === '"') readQuoted(char)
    else if (char === '`') {
      at += 1
      readTemplate()
    } else if (char === '/' && canBeginRegex(code)) readRegex()
    else {
      at += 1
      code += char
      if (char === '{') braces.push('block')
      if (char === '}' && braces.pop() === 'template') readTemplate()
    }
  }
  return { code, texts }
}

const indexOrEnd = (source: string, what: string, from: number): number => {
  const found = source.indexOf(what, from)
  return found < 0 ? source.length : found
}

/** A slash after a value divides; after an operator, an opening bracket or `return` it begins a regular expression. */
const canBeginRegex = (code: string): boolean =>
  /(?:^|[=(,:;[!&|?{}+\-*%<>~^]|\breturn|\btypeof|\bcase)\s*$/.test(code.slice(-40))
