import { E } from '../../../prelude.ts'
import type { ApiKind } from '../api-kind.ts'

/** Whether an object is selected by its fields. */
export type FieldSelector = (object: unknown) => boolean

/** A field selector as the API takes it for objects of this kind: `metadata.name=a,status.phase!=Running`. Left: what Kubernetes says of it. */
export const fieldSelector =
  (kind: ApiKind) =>
  (text: string): E.Either<string, FieldSelector> => {
    const terms: FieldSelector[] = []
    for (const term of termsOf(text)) {
      const [, field, operator = '', value = ''] = /^((?:\\.|[^\\=!]|!(?!=))*)(!=|==|=)(.*)$/s.exec(term) ?? []
      if (field === undefined) return E.left(`invalid selector: '${text}'; can't understand '${term}'`)
      const wanted = unescaped(value)
      if (wanted === null) return E.left(`invalid selector: '${text}'; can't understand '${term}'`)
      const place = placeOf(kind, field)
      if (place === undefined) return E.left(kind.fieldRefusal(field))
      terms.push((object) => (textAt(object, place.path, place.absent) === wanted) === (operator !== '!='))
    }
    return E.right((object) => terms.every((isMet) => isMet(object)))
  }

/** The only name that an object can have which such a selector selects; null: it may have any. */
export const selectedName = (text: string): string | null => {
  const term = termsOf(text).find((one) => exactName.test(one))
  return term === undefined ? null : unescaped(term.replace(exactName, ''))
}

const exactName = /^metadata\.name==?/

/** Terms are parted by commas, but not by those behind a backslash. */
const termsOf = (text: string): ReadonlyArray<string> =>
  (text.match(/(?:\\.|[^\\,])+/gs) ?? []).filter((term) => term !== '')

/** Null when a sign of the grammar stands there without its backslash. */
const unescaped = (value: string): string | null =>
  /^(?:\\[\\,=]|[^\\,=])*$/s.test(value) ? value.replaceAll(/\\(.)/gs, '$1') : null

const placeOf = ({ selectable }: ApiKind, field: string): ApiKind['selectable'][string] | undefined => {
  const places = { ...ofEveryKind, ...selectable }
  return Object.hasOwn(places, field) ? places[field] : undefined
}

const ofEveryKind: ApiKind['selectable'] = {
  'metadata.name': { path: ['metadata', 'name'], absent: '' },
  'metadata.namespace': { path: ['metadata', 'namespace'], absent: '' },
}

const textAt = (object: unknown, path: ReadonlyArray<string>, absent: string): string => {
  let value = object
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return absent
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return typeof value === 'string' ? value : value === undefined || value === null ? absent : JSON.stringify(value)
}
