const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** A span of milliseconds in the short form kubectl uses for ages and durations: `65s`, `2m10s`, `3d4h`, `2y5d`. */
export const humanDuration = (durationMs: number): string => {
  const seconds = Math.trunc(durationMs / secondMs)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.trunc(durationMs / minuteMs)
  if (minutes < 10) return inTwoUnits(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(durationMs / hourMs)
  if (hours < 8) return inTwoUnits(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(hours / 24)
  if (days < 8) return inTwoUnits(days, 'd', hours % 24, 'h')
  if (days < 2 * 365) return `${days}d`
  const years = Math.trunc(days / 365)
  if (years < 8) return inTwoUnits(years, 'y', days % 365, 'd')
  return `${years}y`
}

/** How long ago a Kubernetes time stamp was, `<unknown>` when there is none. */
export const age = (timestamp: string | null | undefined, now: number): string =>
  timestamp ? humanDuration(now - Date.parse(timestamp)) : '<unknown>'

const inTwoUnits = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
