import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** The Unix socket in the data folder through which other terminals reach the process that holds it. */
export const socketPath = (folder: string): string => join(folder, name)

/**
 * Calls `use` with the path to give to `listen` or `connect`. Where the folder's path is too long for a socket's address, it is a
 * short one by way of the folder's descriptor, good only during the call.
 */
export const withSocketAddress = <A>(folder: string, use: (path: string) => A): A => {
  const path = socketPath(folder)
  if (Buffer.byteLength(path) <= addressBytesMax || !existsSync(folder)) return use(path)
  const descriptor = openSync(folder, 'r')
  try {
    return use(`/proc/self/fd/${descriptor}/${name}`)
  } finally {
    closeSync(descriptor)
  }
}

const name = 'holder.sock'

/** What the address of a Unix socket holds, without its end mark. */
const addressBytesMax = 107
