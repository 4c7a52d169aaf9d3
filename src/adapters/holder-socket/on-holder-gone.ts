import { connect } from 'node:net'
import { withSocketAddress } from './socket-path.ts'

/** Calls back once, when the process that listens in the folder ends, or when none does. Answers what stops it. */
export const onHolderGone = (folder: string, handler: () => void): (() => void) => {
  const socket = withSocketAddress(folder, connect)
  socket.on('error', () => {})
  socket.once('close', handler)
  return () => {
    socket.off('close', handler)
    socket.destroy()
  }
}
