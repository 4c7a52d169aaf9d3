import type { Dice } from './walk.mjs'

/** Makes a Job's manifest wrong in one to three places, in place, and says which: the same seed draws the same ones. */
export const mutate: (job: object, random: Dice) => string
