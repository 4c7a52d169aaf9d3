/** A time as Kubernetes writes it, in UTC and whole seconds; what is no time stays as it is. */
export const canonicalTime = (text: string): string => {
  if (canonical.test(text)) return text
  const at = Date.parse(normal(text))
  return Number.isNaN(at) ? text : `${new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`
}

/** A time as Kubernetes writes it where microseconds count; what is no time stays as it is. */
export const canonicalMicroTime = (text: string): string => {
  const [, micros = '000000'] = /\.([0-9]{6})/.exec(text) ?? []
  const whole = canonicalTime(text)
  return Number.isNaN(Date.parse(normal(text))) ? text : `${whole.slice(0, -1)}.${micros}Z`
}

/** What Go says of a text that is no time in the form of RFC 3339, nothing when it is one. */
export const timeProblem = (text: string): string | undefined => problemIn(text, elements)

/** What Go says of a text that is no such time with exactly six digits for the fraction of its second. */
export const microTimeProblem = (text: string): string | undefined => problemIn(text, microElements)

const problemIn = (text: string, form: ReadonlyArray<Element>): string | undefined => {
  let rest = text
  const quoted = JSON.stringify(text)
  for (const [pattern, element, range] of form) {
    const [found, digits = '0'] = pattern.exec(rest) ?? []
    if (found === undefined)
      return `parsing time ${quoted} as "${form.map(([, name]) => name).join('')}": cannot parse ${JSON.stringify(rest)} as "${element}"`
    if (range !== undefined && (Number(digits) < range.least || Number(digits) > range.most))
      return `parsing time ${quoted}: ${range.name} out of range`
    rest = rest.slice(found.length)
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`
  return isDay(text) ? undefined : `parsing time ${quoted}: day out of range`
}

type Range = { readonly name: string; readonly least: number; readonly most: number }

type Element = readonly [pattern: RegExp, element: string, range?: Range]

/** The parts of a time from left to right, each with its name in Go's notation. */
const elements: ReadonlyArray<Element> = [
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

const microElements: ReadonlyArray<Element> = elements.flatMap((element): ReadonlyArray<Element> => {
  const [, name, range] = element
  return name === '05' && range !== undefined
    ? [
        [/^([0-9]{2})/, name, range],
        [/^\.[0-9]{6}(?![0-9])/, '.000000'],
      ]
    : [element]
})

/** Whether the month has such a day. */
const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 'yyyy-mm-dd'.length).split('-').map(Number)
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Go also takes an hour of one digit, and a comma before the fraction. */
const normal = (text: string): string => text.replace(/T([0-9]):/, 'T0$1:').replace(',', '.')

const canonical = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/
