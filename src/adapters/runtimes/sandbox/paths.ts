import { join } from 'node:path'

/** Where the log of one attempt of a container (by name) lies. */
export const logFileOf = (dataFolder: string, podUid: string, container: string, restart: number): string =>
  join(dataFolder, 'logs', safeName(podUid), safeName(container), `${restart}.log`)

/** The emptyDir volumes of a Pod, only while it lives: below the data folder, or the one in memory. */
export const podFolderOf = (base: string, podUid: string): string => join(base, 'pods', safeName(podUid))

export const emptyDirOf = (base: string, podUid: string, volume: string): string =>
  join(podFolderOf(base, podUid), safeName(volume))

/** Last words lie side by side: a folder for each Pod would cost more than the rest of its start. */
export const messageFolderOf = (dataFolder: string): string => join(dataFolder, 'messages')

export const messageFileOf = (dataFolder: string, podUid: string, container: number, restart: number): string =>
  join(messageFolderOf(dataFolder), `${safeName(podUid)}.${container}.${restart}`)

export const memoryGroupOf = (podUid: string, container: number, restart: number): string =>
  `${safeName(podUid)}-${container}-${restart}`

/** Letters, digits, dash and underscore stay; everything else (also the dots of "..") is written as its code. */
const safeName = (text: string): string =>
  text === '' ? '%' : text.replace(/[^A-Za-z0-9_-]/gu, (c) => `%${(c.codePointAt(0) ?? 0).toString(16)}`)
