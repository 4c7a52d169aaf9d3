import type { Resource } from './resource.ts'

/** Objects that clients look for, of which there is never any. */
export const emptyResource: Resource = { get: () => null, list: () => [] }
