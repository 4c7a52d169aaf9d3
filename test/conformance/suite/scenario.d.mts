/** A scenario plays the user and the kubelet against a server, and records what an API client sees. */
export class Scenario {
  constructor(options: {
    readonly server: string
    readonly namespace: string
    readonly token?: string
    readonly fetch?: (address: string, init?: never) => Promise<Response>
    readonly now?: () => number
    readonly sleep?: (seconds: number) => Promise<void>
  })
  readonly observations: ReadonlyArray<unknown>
  open(): Promise<void>
}
