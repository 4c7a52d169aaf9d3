/**
 * A Kubernetes time stamp as `kubectl describe` writes dates: `Tue, 21 Jul 2026 10:00:00 +0200`, in the zone with this
 * IANA name. Refuses (throws) an unknown zone, as Intl does.
 */
export const rfc1123z = (timestamp: string, timeZone: string): string => {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(Date.parse(timestamp))
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  const date = `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`
  return `${date} ${part('hour')}:${part('minute')}:${part('second')} ${numericOffset(part('timeZoneName'))}`
}

const formatFor = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })

/** Intl says `GMT` for no offset and `GMT+02:00` otherwise. */
const numericOffset = (longOffset: string): string =>
  longOffset === 'GMT' ? '+0000' : longOffset.replace('GMT', '').replaceAll(':', '')
