import type { EventObject } from '../../../domain/kubernetes/event-object.ts'
import { indented, type Lines } from './describe-metadata.ts'
import { age } from '../../../projections/tables/human-duration.ts'
import { field, textField } from '../../../projections/tables/loose-fields.ts'
import { byCodePoint } from '../../../projections/tables/selector-text.ts'

/** The `Events:` block at the end of a description, the latest event last; lines before alignment. */
export const eventLines = (events: ReadonlyArray<EventObject>, now: number): Lines =>
  events.length === 0
    ? ['Events:\t<none>']
    : [
        'Events:',
        ...indented(1, [
          'Type\tReason\tAge\tFrom\tMessage',
          '----\t------\t----\t----\t-------',
          ...events.toSorted(byLastTimestamp).map((event) => eventLine(event, now)),
        ]),
      ]

const eventLine = (event: EventObject, now: number): string => {
  const from = textField(event, 'source', 'component') || textField(event, 'reportingComponent')
  const message = `${event.involvedObject.fieldPath ? `${event.involvedObject.fieldPath}: ` : ''}${event.message.trim()}`
  return [event.type, event.reason, interval(event, now), from, message].join('\t')
}

/** Events of the newer recorder tell their times in `eventTime` and `series`. */
const interval = (event: EventObject, now: number): string => {
  const first = age(textField(event, 'eventTime') || event.firstTimestamp, now)
  if (field(event, 'series')) {
    const last = age(textField(event, 'series', 'lastObservedTime'), now)
    return `${last} (x${textField(event, 'series', 'count')} over ${first})`
  }
  return event.count > 1 ? `${age(event.lastTimestamp, now)} (x${event.count} over ${first})` : first
}

const byLastTimestamp = (a: EventObject, b: EventObject): number =>
  byCodePoint(a.lastTimestamp ?? '', b.lastTimestamp ?? '')
