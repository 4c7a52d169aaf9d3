/**
 * How long a container waits before its next restart, in milliseconds: the first restart is immediate (0), then base, twice
 * the base, ... up to thirty times the base (10 s to 300 s in Kubernetes). It begins anew when the container ran ten minutes.
 * `previous` is the wait before the attempt that just ended, null when that was the first attempt.
 */
export const crashLoopBackoff = (previous: number | null, ranMs: number, baseMs: number = backoffBaseMs): number => {
  if (previous === null || ranMs >= backoffResetMs) return 0
  return previous === 0 ? baseMs : Math.min(previous * 2, baseMs * 30)
}

export const backoffBaseMs = 10_000
const backoffResetMs = 600_000
