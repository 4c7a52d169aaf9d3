/**
 * The segments of a field's path as Kubernetes prints it: `spec.containers[0].resources.limits[cpu]`. A number in brackets is an
 * index, anything else a key; the Pod template's labels and annotations are looked for under its metadata.
 */
export const fieldPath = (field: string): ReadonlyArray<string | number> => {
  const segments: Array<string | number> = []
  let at = 0
  while (at < field.length) {
    const isBracketed = field[at] === '['
    const from = isBracketed || field[at] === '.' ? at + 1 : at
    const to = isBracketed ? endOr(field, field.indexOf(']', from)) : nextStart(field, from)
    segments.push(segment(field.slice(from, to), isBracketed))
    at = isBracketed ? to + 1 : to
  }
  const isShortened = segments[1] === 'template' && (segments[2] === 'labels' || segments[2] === 'annotations')
  return isShortened ? [...segments.slice(0, 2), 'metadata', ...segments.slice(2)] : segments
}

const segment = (text: string, isBracketed: boolean): string | number =>
  isBracketed && /^[0-9]+$/.test(text) ? Number(text) : text

const nextStart = (field: string, from: number): number => {
  let at = from
  while (at < field.length && field[at] !== '.' && field[at] !== '[') at++
  return at
}

const endOr = (field: string, found: number): number => (found === -1 ? field.length : found)
