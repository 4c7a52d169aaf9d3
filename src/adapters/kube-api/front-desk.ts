import { type ApiAnswer, type ApiRequest, statusAnswer } from './answer.ts'
import { type Health, healthAnswer } from './health.ts'
import { unavailable } from './status.ts'

type Handle = (request: ApiRequest) => Promise<ApiAnswer>

/**
 * A server that cannot answer yet: it tells how it is and why (`say`), and refuses everything else so that clients ask again, until it is
 * opened with a handler.
 */
export const frontDesk = (because: string) => {
  let reason = because
  let opened: Handle | null = null
  const health: Health = { live: [], ready: [{ name: 'started', problem: async () => reason }] }
  const wait: Handle = async (request) =>
    (request.method === 'GET' ? await healthAnswer(health, request) : null) ??
    statusAnswer(unavailable(`the server is starting: ${reason}`))
  return {
    handle: (request: ApiRequest): Promise<ApiAnswer> => (opened ?? wait)(request),
    say: (text: string): void => {
      reason = text
    },
    open: (handle: Handle): void => {
      opened = handle
    },
  }
}
