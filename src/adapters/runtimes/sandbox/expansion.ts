/**
 * Replaces `$(NAME)` by the variable's value. An unknown name stays as it is written, `$$` is a literal `$` (so `$$(NAME)`
 * is never replaced), and a `$` before anything else means itself.
 */
export const expand = (text: string, variables: ReadonlyMap<string, string>): string => {
  let expanded = ''
  let done = 0
  for (let dollar = text.indexOf('$'); dollar >= 0 && dollar + 1 < text.length; dollar = text.indexOf('$', done)) {
    expanded += text.slice(done, dollar)
    const close = text[dollar + 1] === '(' ? text.indexOf(')', dollar) : -1
    if (close >= 0) {
      const written = text.slice(dollar, close + 1)
      expanded += variables.get(written.slice(2, -1)) ?? written
      done = close + 1
    } else {
      expanded += text[dollar + 1] === '$' ? '$' : text.slice(dollar, dollar + 2)
      done = dollar + 2
    }
  }
  return expanded + text.slice(done)
}
