/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times (`2026-07-21T08:05:00Z`). */
export const kubernetesTime = (epochMs: number): string => `${dateAndTime(epochMs)}Z`

/** RFC 3339 in UTC with milliseconds. */
export const exactTime = (epochMs: number): string => `${dateAndTime(epochMs)}.${pad(mod(epochMs, 1000), 3)}Z`

const dayMs = 86_400_000

const dateAndTime = (epochMs: number): string => {
  const { year, month, day } = civilDate(Math.floor(epochMs / dayMs))
  const seconds = Math.floor(mod(epochMs, dayMs) / 1000)
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part, 2))
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${time.join(':')}`
}

/**
 * The Gregorian date of a day number (0 is 1970-01-01): years are taken to begin in March, so that the leap day is the last of its
 * year and 400 years have 146 097 days.
 */
const civilDate = (dayNumber: number): { readonly year: number; readonly month: number; readonly day: number } => {
  const days = dayNumber + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

const mod = (value: number, by: number): number => Math.floor(((value % by) + by) % by)
const pad = (value: number, width: number): string => `${value}`.padStart(width, '0')
