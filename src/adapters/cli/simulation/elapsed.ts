/** A span as Go writes it, to the millisecond: `0s`, `350ms`, `1m10s`, `26h0m0.1s`. */
export const elapsed = (ms: number): string => {
  if (ms < 1000) return ms === 0 ? '0s' : `${ms}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = `${(ms - minutes * 60_000) / 1000}s`
  if (minutes === 0) return seconds
  return `${minutes < 60 ? '' : `${Math.floor(minutes / 60)}h`}${minutes % 60}m${seconds}`
}
