/** A time as Kubernetes writes it, in UTC and whole seconds; what is no time stays as it is. */
export const canonicalTime = (text: string): string => {
  const at = Date.parse(normal(text))
  return Number.isNaN(at) ? text : `${new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`
}

/** The same with six digits behind the second, as far as they were told. */
export const canonicalMicroTime = (text: string): string => {
  const digits = /[.,]([0-9]+)/.exec(text)?.[1] ?? ''
  const whole = canonicalTime(text)
  return whole.endsWith('Z') ? `${whole.slice(0, -1)}.${digits.slice(0, 6).padEnd(6, '0')}Z` : text
}

/** What Go says of a text that is no time in the form of RFC 3339, nothing when it is one. */
export const timeProblem = (text: string): string | undefined => {
  let rest = text
  const quoted = JSON.stringify(text)
  for (const [pattern, element, range] of elements) {
    const [found, digits = '0'] = pattern.exec(rest) ?? []
    if (found === undefined)
      return `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as "${element}"`
    if (range !== undefined && (Number(digits) < range.least || Number(digits) > range.most))
      return `parsing time ${quoted}: ${range.name} out of range`
    rest = rest.slice(found.length)
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`
  return isDay(text) ? undefined : `parsing time ${quoted}: day out of range`
}

type Range = { readonly name: string; readonly least: number; readonly most: number }

/** The parts of a time from left to right, each with its name in Go's notation. */
const elements: ReadonlyArray<readonly [pattern: RegExp, element: string, range?: Range]> = [
  [/^[0-9]{4}/, '2006'],
  [/^-/, '-'],
  [/^([0-9]{2})/, '01', { name: 'month', least: 1, most: 12 }],
  [/^-/, '-'],
  [/^[0-9]{2}/, '02'],
  [/^T/, 'T'],
  [/^([0-9]{1,2})/, '15', { name: 'hour', least: 0, most: 23 }],
  [/^:/, ':'],
  [/^([0-9]{2})/, '04', { name: 'minute', least: 0, most: 59 }],
  [/^:/, ':'],
  [/^([0-9]{2})(?:[.,][0-9]+)?/, '05', { name: 'second', least: 0, most: 59 }],
  [/^(?:Z|[-+][0-9]{2}:[0-9]{2})/, 'Z07:00'],
]

/** Whether the month has such a day. */
const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 'yyyy-mm-dd'.length).split('-').map(Number)
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Go also takes an hour of one digit, and a comma before the fraction. */
const normal = (text: string): string => text.replace(/T([0-9]):/, 'T0$1:').replace(',', '.')
