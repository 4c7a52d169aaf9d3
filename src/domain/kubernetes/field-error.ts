import { goQuote } from './go-quote.ts'

/**
 * One thing that makes an object invalid, as Kubernetes tells it apart. `field` is the path; a `value` that is absent is left
 * out of the text, one that is null is printed.
 */
export type FieldError =
  | { readonly kind: 'Required'; readonly field: string; readonly detail?: string }
  | { readonly kind: 'Invalid'; readonly field: string; readonly value?: unknown; readonly detail: string }
  | {
      readonly kind: 'NotSupported'
      readonly field: string
      readonly value: unknown
      readonly supported: ReadonlyArray<string>
    }
  | { readonly kind: 'Forbidden'; readonly field: string; readonly detail: string }
  | { readonly kind: 'Duplicate'; readonly field: string; readonly value: unknown }
  | { readonly kind: 'TooLong'; readonly field: string; readonly max: number }
  | { readonly kind: 'TooMany'; readonly field: string; readonly actual: number; readonly max: number }
  | { readonly kind: 'NotFound'; readonly field: string; readonly value: unknown; readonly detail?: string }

export type FieldErrors = ReadonlyArray<FieldError>

/** The error as Kubernetes prints it: `<path>: Invalid value: -1: must be greater than or equal to 0`. */
export const renderFieldError = (error: FieldError): string => `${error.field}: ${renderCause(error)}`

/** The same without the path, as it stands in `details.causes[].message`. */
export const renderCause = (error: FieldError): string => {
  switch (error.kind) {
    case 'Required':
      return error.detail === undefined ? 'Required value' : `Required value: ${error.detail}`
    case 'Invalid':
      return error.value === undefined
        ? `Invalid value: ${error.detail}`
        : `Invalid value: ${printed(error.value)}: ${error.detail}`
    case 'NotSupported':
      return `Unsupported value: ${printed(error.value)}: supported values: ${error.supported.map((value) => goQuote(value)).join(', ')}`
    case 'Forbidden':
      return `Forbidden: ${error.detail}`
    case 'Duplicate':
      return `Duplicate value: ${printed(error.value)}`
    case 'TooLong':
      return `Too long: may not be more than ${error.max} bytes`
    case 'TooMany':
      return `Too many: ${error.actual}: must have at most ${error.max} items`
    case 'NotFound':
      return `Not found: ${printed(error.value)}${error.detail === undefined ? '' : `: ${error.detail}`}`
  }
}

/** Texts as Go quotes them, everything else as JSON. */
const printed = (value: unknown): string => (typeof value === 'string' ? goQuote(value) : JSON.stringify(value))

/** The `reason` of a cause in a Status answer: `FieldValueInvalid` and its like. */
export const causeReason = (error: FieldError): string => `FieldValue${error.kind}`

export const required = (field: string, detail?: string): FieldError =>
  detail === undefined ? { kind: 'Required', field } : { kind: 'Required', field, detail }

export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  kind: 'Invalid',
  field,
  value: value === undefined ? null : value,
  detail,
})

/** For a value too big to print, or one that the server leaves out. */
export const invalidWithoutValue = (field: string, detail: string): FieldError => ({ kind: 'Invalid', field, detail })

export const notSupported = (field: string, value: unknown, supported: ReadonlyArray<string>): FieldError => ({
  kind: 'NotSupported',
  field,
  value,
  supported,
})

export const forbidden = (field: string, detail: string): FieldError => ({ kind: 'Forbidden', field, detail })

export const duplicate = (field: string, value: unknown): FieldError => ({ kind: 'Duplicate', field, value })

export const tooLong = (field: string, max: number): FieldError => ({ kind: 'TooLong', field, max })

export const tooMany = (field: string, actual: number, max: number): FieldError => ({
  kind: 'TooMany',
  field,
  actual,
  max,
})

export const notFound = (field: string, value: unknown, detail?: string): FieldError =>
  detail === undefined ? { kind: 'NotFound', field, value } : { kind: 'NotFound', field, value, detail }

/** One Invalid for each sentence that a check of `names.ts` has to say about the value. */
export const invalidFor = (field: string, value: unknown, sentences: ReadonlyArray<string>): FieldErrors =>
  sentences.map((sentence) => invalid(field, value, sentence))

/** The error when the condition holds, else nothing. */
export const when = (holds: boolean, ...errors: FieldErrors): FieldErrors => (holds ? errors : [])
