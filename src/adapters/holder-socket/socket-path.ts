import { join } from 'node:path'

/** The Unix socket in the data folder through which other terminals reach the process that holds it. */
export const socketPath = (folder: string): string => join(folder, 'holder.sock')
