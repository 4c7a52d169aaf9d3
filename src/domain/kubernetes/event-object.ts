import type { ObjectMeta } from './job-object.ts'

/** A core/v1 Event as the Job controller's recorder writes it (section 9 of the Job rules). */
export type EventObject = {
  readonly apiVersion: 'v1'
  readonly kind: 'Event'
  readonly metadata: ObjectMeta
  readonly involvedObject: {
    readonly kind: string
    readonly namespace: string
    readonly name: string
    readonly uid: string
    readonly apiVersion: string
    readonly resourceVersion?: string
    readonly fieldPath?: string
  }
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly source: { readonly component: string }
  readonly firstTimestamp: string
  readonly lastTimestamp: string
  readonly count: number
  readonly reportingComponent: string
  readonly reportingInstance: string
}
