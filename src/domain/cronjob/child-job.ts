/** A Job that names the CronJob as its controller, as far as the CronJob looks at it. Times are epoch milliseconds. */
export type ChildJob = {
  readonly uid: string
  readonly name: string
  readonly startTime: number | null
  readonly finished: { readonly condition: 'Complete' | 'Failed'; readonly at: number } | null
}
