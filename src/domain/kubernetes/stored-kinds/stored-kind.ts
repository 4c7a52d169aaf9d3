import type { FieldErrors } from '../field-error.ts'
import type { Shape } from '../schema.ts'

/** An object that is only kept, past its JSON: its shape was checked. */
export type StoredForm = { readonly metadata?: Shape<'ObjectMeta'> } & Readonly<Record<string, unknown>>

/** What there is to know of a kind of objects that are only kept: nothing follows from them by themselves. */
export type StoredKind = {
  /** As the API names its collection: `configmaps`. */
  readonly resource: string
  readonly apiVersion: string
  readonly kind: string
  /** Everything wrong with an object apart from its metadata. `sentAs`: the apiVersion under which a client sent it. */
  readonly validate: (object: StoredForm, sentAs: string) => FieldErrors
  /** What may not be made of `present`, apart from its metadata. */
  readonly validateChange?: (next: StoredForm, present: StoredForm, sentAs: string) => FieldErrors
  /** What the server fills in; the form is canonical. */
  readonly withDefaults?: (form: StoredForm) => StoredForm
  /** What clients see besides, whatever is kept. */
  readonly shown?: (form: StoredForm) => StoredForm
  /** Its status is written by itself: a change of the rest leaves it, and one of the status leaves the spec. */
  readonly hasStatus?: boolean
  /** What it holds is kept outside of the log. */
  readonly isSealed?: boolean
  /** Its objects own nothing and nobody owns them, whatever they say. */
  readonly isApart?: boolean
  /** Only who names the version that they have seen may change it. */
  readonly needsVersion?: boolean
  /** Where a name has to be more than one of a DNS subdomain. */
  readonly nameErrors?: (name: string) => ReadonlyArray<string>
}
