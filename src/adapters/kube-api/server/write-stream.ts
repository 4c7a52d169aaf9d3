import type { ServerResponse } from 'node:http'
import type { ApiStream } from '../answer.ts'

/** Writes a stream of the API to its reader, its headers at once; what it answers ends the stream as if all was told. */
export const writeStream = (response: ServerResponse, stream: ApiStream): (() => void) => {
  response.flushHeaders()
  const stop = stream({
    write: (piece) => void response.write(piece),
    waiting: () => response.writableLength + (response.socket?.writableLength ?? 0),
    drained: () =>
      response.writableNeedDrain && !response.destroyed
        ? new Promise((resolve) => {
            const over = (): void => {
              response.off('drain', over)
              response.off('close', over)
              resolve()
            }
            response.once('drain', over)
            response.once('close', over)
          })
        : Promise.resolve(),
    end: () => void response.end(),
    drop: () => void response.destroy(),
  })
  response.once('close', stop)
  return () => {
    stop()
    response.end()
  }
}
