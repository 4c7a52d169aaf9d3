import * as t from 'io-ts'
import { E } from '../../prelude.ts'
import type { Json } from './stored-object.ts'

/**
 * What a form holds that the log may not: the data of a Secret, and what `kubectl apply` writes of it into an annotation. In the log stands where it is, and
 * by which digests its keys can be told to have changed.
 */
const Values = t.partial({ data: t.record(t.string, t.string), applied: t.string }, 'Values')
const Sealed = t.type({ reference: t.string, digests: t.record(t.string, t.string) }, 'Sealed')

type Metadata = { readonly annotations?: Readonly<Record<string, string>> }

/** The text to be kept elsewhere (null: nothing), its parts, and the form as the log may have it. */
export const sealedForm = (form: Json) => {
  const { data, metadata, ...rest } = form as Json & {
    readonly data?: Record<string, string>
    readonly metadata?: Metadata
  }
  const { annotations, ...others } = metadata ?? {}
  const { [appliedAnnotation]: applied, ...open } = annotations ?? {}
  const values = { ...(data === undefined ? {} : { data }), ...(applied === undefined ? {} : { applied }) }
  const isOpen = Object.keys(open).length > 0
  return {
    text: Object.keys(values).length === 0 ? null : JSON.stringify(values),
    parts: data ?? {},
    /** Null: there is nothing elsewhere. */
    at: (sealed: t.TypeOf<typeof Sealed> | null): Json => ({
      metadata: { ...others, ...(isOpen ? { annotations: open } : {}) },
      ...rest,
      ...(sealed === null ? {} : { sealed }),
    }),
  }
}

/** Where the rest of a form is; null: it is whole. */
export const referenceOf = ({ sealed }: Json): string | null => (Sealed.is(sealed) ? sealed.reference : null)

/** The form as its owner sees it. One whose values are not here says so in an annotation. */
export const openedForm = <Form extends Json>(form: Form, read: (reference: string) => string | null): Form => {
  const reference = referenceOf(form)
  if (reference === null) return form
  const text = read(reference)
  const values = text === null ? null : Values.decode(JSON.parse(text))
  const { data, applied } = values !== null && E.isRight(values) ? values.right : {}
  const more = {
    ...(applied === undefined ? {} : { [appliedAnnotation]: applied }),
    ...(text === null ? { [missingAnnotation]: 'they are in the data folder of the machine that wrote them' } : {}),
  }
  const opened = Object.entries(form).flatMap(([field, value]): ReadonlyArray<readonly [string, unknown]> => {
    if (field === 'sealed') return data === undefined ? [] : [['data', data]]
    return [[field, field === 'metadata' ? withAnnotations(value as Metadata, more) : value]]
  })
  return Object.fromEntries(opened) as unknown as Form
}

const withAnnotations = (metadata: Metadata, more: Readonly<Record<string, string>>): Metadata => {
  const annotations = { ...metadata.annotations, ...more }
  return { ...metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) }
}

const appliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** What a Secret says whose values are not in this data folder. */
export const missingAnnotation = 'jobledger/values-missing'
