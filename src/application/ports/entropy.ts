/** Randomness and hashing enter the house only here. `digest` is SHA-256 as lower-case hex. */
export type Entropy = { readonly uuid: () => string; readonly digest: (text: string) => string }
