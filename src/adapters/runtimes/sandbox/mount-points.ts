import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { isInside, type OpenedFolder } from './bubblewrap-arguments.ts'

/**
 * The host is read-only inside the sandbox, so a mount point that it does not have cannot be made there. This names the
 * existing folders to be rebuilt so that each target can be: the nearest one above each missing target, unless the target
 * lies on a fresh file system (`fresh`: hidden folders, /tmp, /dev) or in another target.
 */
export const openedFolders = (
  targets: ReadonlyArray<string>,
  fresh: ReadonlyArray<string>,
): ReadonlyArray<OpenedFolder> => {
  const missing = targets.filter(
    (target) =>
      !exists(target) &&
      !fresh.some((folder) => isInside(target, folder)) &&
      !targets.some((other) => other !== target && isInside(target, other)),
  )
  return [...new Set(missing.map(nearestFolder))].map((path) => ({ path, entries: entriesOf(path) }))
}

/** The absolute path without symbolic links, also when its end does not exist yet. */
export const withoutLinks = (path: string): string => {
  const clean = normalize(path)
  try {
    return realpathSync(clean)
  } catch {
    return clean === '/' ? clean : join(withoutLinks(dirname(clean)), basename(clean))
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const nearestFolder = (path: string): string => (exists(dirname(path)) ? dirname(path) : nearestFolder(dirname(path)))

const entriesOf = (folder: string): OpenedFolder['entries'] =>
  readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    link: entry.isSymbolicLink() ? readlinkSync(join(folder, entry.name)) : null,
  }))
