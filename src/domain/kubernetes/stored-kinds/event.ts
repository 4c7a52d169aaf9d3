import { sameValue } from '../../same-value.ts'
import { type FieldErrors, invalid, invalidFor, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { qualifiedName } from '../validation/names.ts'
import type { StoredForm, StoredKind } from './stored-kind.ts'

/** What somebody has to tell of an object, in the form of the core group. More is asked of one that came through events.k8s.io. */
export const event: StoredKind = {
  resource: 'events',
  apiVersion: 'v1',
  kind: 'Event',
  isApart: true,
  withDefaults: (form) => ({ source: {}, reportingComponent: '', reportingInstance: '', involvedObject: {}, ...form }),
  shown: (form) => ({ firstTimestamp: null, lastTimestamp: null, eventTime: null, ...form }),
  validate: (object, sentAs) => {
    const told: Told = object
    const isNew = sentAs === newGroup
    const controller = isNew ? 'reportingController' : 'reportingComponent'
    if (told.eventTime !== undefined) return [...errorsOfTimed(told, controller), ...(isNew ? errorsOfNew(told) : [])]
    return [
      ...homeErrors(told, told.involvedObject?.namespace ?? ''),
      ...(isNew ? [required('eventTime'), ...errorsOfNew(told)] : []),
    ]
  },
  validateChange: (next, present, sentAs) =>
    sentAs !== newGroup
      ? []
      : fixedFields.flatMap((field) =>
          when(!sameValue(next[field], present[field]), invalid(field, next[field], 'field is immutable')),
        ),
}

type Told = StoredForm & Omit<Shape<'Event'>, 'metadata'>

const newGroup = 'events.k8s.io/v1'

/** An Event is in the namespace of what it tells of, or in `default` when that has none. */
const homeErrors = ({ metadata }: Told, namespace: string): FieldErrors => {
  const own = metadata?.namespace ?? ''
  const isHome = namespace === '' ? own === 'default' : own === namespace
  return when(!isHome, invalid('involvedObject.namespace', namespace, 'does not match event.namespace'))
}

const errorsOfTimed = (told: Told, controller: string): FieldErrors => {
  const { reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = told
  const namespace = told.involvedObject?.namespace ?? ''
  const isOfCluster = ['default', 'kube-system'].includes(told.metadata?.namespace ?? '')
  return [
    ...when(
      namespace === '' && !isOfCluster,
      invalid('involvedObject.namespace', namespace, 'does not match event.namespace'),
    ),
    ...when(reportingComponent === '', required(controller)),
    ...invalidFor(controller, reportingComponent, qualifiedName(reportingComponent)),
    ...textErrors('reportingInstance', reportingInstance),
    ...textErrors('action', action),
    ...textErrors('reason', reason),
    ...when(message.length > 1024, invalid('message', '', 'can have at most 1024 characters')),
  ]
}

const textErrors = (field: string, text: string): FieldErrors => [
  ...when(text === '', required(field)),
  ...when(text.length > 128, invalid(field, '', 'can have at most 128 characters')),
]

const errorsOfNew = ({ type, firstTimestamp, lastTimestamp, count, source }: Told): FieldErrors => [
  ...when(type !== 'Normal' && type !== 'Warning', invalid('type', '', `has invalid value: ${type ?? ''}`)),
  ...when(firstTimestamp !== undefined, invalid('firstTimestamp', '', 'needs to be unset')),
  ...when(lastTimestamp !== undefined, invalid('lastTimestamp', '', 'needs to be unset')),
  ...when((count ?? 0) !== 0, invalid('count', '', 'needs to be unset')),
  ...when(!!source?.component || !!source?.host, invalid('source', '', 'needs to be unset')),
]

const fixedFields = [
  ...['involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count', 'type'],
  ...['eventTime', 'action', 'related', 'reportingComponent', 'reportingInstance'],
]
