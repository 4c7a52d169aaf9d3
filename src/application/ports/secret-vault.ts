import { E } from '../../prelude.ts'

/**
 * Where the values of Secrets are, outside of the log: it holds references to them only. A reference follows from the owner and the text, so that the
 * same text kept again has the same one.
 */
export type SecretVault = {
  /**
   * Keeps a text for its owner, durable when it is answered. `digests` tell a part from another one under the same name without telling it: nobody can try
   * values without the key. Left: why it cannot be kept, as a sentence.
   */
  readonly keep: (
    owner: string,
    text: string,
    parts: Readonly<Record<string, string>>,
  ) => Promise<E.Either<string, { readonly reference: string; readonly digests: Readonly<Record<string, string>> }>>
  /** The log has it that somebody holds this: until then it is only about to. */
  readonly confirm: (reference: string) => Promise<void>
  /** What is kept, for this log (or any that has confirmed it). */
  readonly kept: () => ReadonlyArray<{ readonly reference: string; readonly isConfirmed: boolean }>
  /** Null: it is not here, or its key is not. */
  readonly read: (reference: string) => string | null
  /** Nobody will ever read it again. */
  readonly forget: (reference: string) => Promise<void>
}

/** For whoever keeps no Secrets. */
export const noVault: SecretVault = {
  keep: async () => E.left('there is no place for the values of Secrets here'),
  confirm: async () => {},
  kept: () => [],
  read: () => null,
  forget: async () => {},
}
