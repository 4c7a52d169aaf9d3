import type { Random } from './random.ts'

/** How likely each misfortune is in one schedule: each seed has a temper of its own, so that rare pairs meet. */
export type Temper = {
  readonly append: number
  readonly delivery: number
  readonly read: number
  readonly crash: number
  readonly survival: number
  readonly withdrawal: number
  readonly jump: number
  readonly loss: number
  readonly user: number
  /** How eager users are to give up indexes that are completed. */
  readonly elastic: number
  readonly haste: number
  /** How soon the subscription and the runtime tell, in steps of others. */
  readonly telling: number
}

export const temperOf = ({ chance, pick }: Random): Temper => {
  const share = (often: number, shares: ReadonlyArray<number>): number => (chance(often) ? pick(shares) : 0)
  const temper: Temper = {
    append: share(0.6, [0.05, 0.15, 0.4, 0.8]),
    delivery: share(0.5, [0.05, 0.2]),
    read: share(0.3, [0.1, 0.3]),
    crash: share(0.7, [0.2, 0.6, 2]),
    survival: pick([0, 0.5, 1]),
    withdrawal: share(0.15, [0.3]),
    jump: share(0.25, [0.5]),
    loss: share(0.4, [0.2, 1]),
    user: pick([0.6, 1.5, 4]),
    elastic: share(0.08, [6]),
    haste: pick([1, 3, 10]),
    telling: pick([8, 8, 1]),
  }
  // Indexes are completed only where Pods are left to run.
  return temper.elastic > 0 ? { ...temper, ...patient } : temper
}

const patient = {
  append: 0.05,
  delivery: 0,
  crash: 0.05,
  withdrawal: 0,
  jump: 0,
  loss: 0,
  user: 0.25,
  haste: 3,
  telling: 8,
}
