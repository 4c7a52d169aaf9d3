import { mkdir, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join, normalize } from 'node:path'
import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { PodSources } from '../../../application/ports/pod-sources.ts'
import type { Container, Volume, VolumeMount } from '../../../domain/kubernetes/pod-spec.ts'
import { E } from '../../../prelude.ts'
import { isInside, type Mount } from './bubblewrap-arguments.ts'
import { expand } from './expansion.ts'
import { withoutLinks } from './mount-points.ts'
import { emptyDirOf } from './paths.ts'
import { isProjected, writeProjectedFiles } from './projected-files.ts'

/**
 * Makes ready what a container mounts: emptyDir folders, hostPaths of the right type, and files with values of ConfigMaps and Secrets, which lie in memory
 * where that is possible. A `medium: Memory` is a folder of
 * one file system in memory, so that containers share it and it outlives their restarts; without `memoryFolder` it is on disk.
 * Left: why the container cannot be created.
 */
export const prepareMounts = async (
  pod: PodToRun,
  container: Container,
  variables: ReadonlyMap<string, string>,
  { bubblewrap, ...folders }: VolumeFolders & { readonly bubblewrap: boolean },
): Promise<E.Either<string, ReadonlyArray<Mount>>> => {
  const mounts: Array<Mount> = []
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name)
    if (volume === undefined) return E.left(`volume "${mount.name}" not found`)
    if (!bubblewrap) {
      if (isInPlace(volume, mount)) continue
      return E.left(
        `volume "${mount.name}" cannot be mounted at ${mount.mountPath}: without bubblewrap only a hostPath mounted at its own path is possible`,
      )
    }
    const source = await sourceOf(pod, volume, folders)
    if (E.isLeft(source)) return source
    const part = await partOf(source.right, mount, variables)
    if (E.isLeft(part)) return part
    mounts.push({
      source: part.right,
      target: withoutLinks(mount.mountPath),
      readOnly: mount.readOnly === true || isProjected(volume),
    })
  }
  return E.right(mounts)
}

type VolumeFolders = {
  readonly dataFolder: string
  readonly memoryFolder: string | null
  readonly sources: PodSources
}

const isInPlace = ({ hostPath }: Volume, { mountPath, subPath = '', subPathExpr = '' }: VolumeMount): boolean =>
  hostPath !== undefined && normalize(hostPath.path) === normalize(mountPath) && subPath === '' && subPathExpr === ''

const sourceOf = async (
  pod: PodToRun,
  volume: Volume,
  { dataFolder, memoryFolder, sources }: VolumeFolders,
): Promise<E.Either<string, string>> => {
  if (volume.emptyDir !== undefined) {
    const base = volume.emptyDir.medium === 'Memory' ? (memoryFolder ?? dataFolder) : dataFolder
    const folder = emptyDirOf(base, pod.uid, volume.name)
    await mkdir(folder, { recursive: true, mode: 0o777 })
    return E.right(folder)
  }
  if (isProjected(volume)) {
    const folder = emptyDirOf(memoryFolder ?? dataFolder, pod.uid, volume.name)
    const written = await writeProjectedFiles(pod, volume, folder, sources)
    return E.isLeft(written) ? written : E.right(folder)
  }
  if (volume.hostPath !== undefined) return hostPathOf(volume.name, volume.hostPath.path, volume.hostPath.type ?? '')
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'
  return E.left(`volume "${volume.name}" is of type ${kind}: the sandbox has no such volumes`)
}

const hostPathOf = async (name: string, path: string, type: string): Promise<E.Either<string, string>> => {
  const refused = (why: string): E.Either<string, string> =>
    E.left(`hostPath type check failed for volume "${name}": ${why}`)
  if (!isAbsolute(path)) return refused(`${path} is not an absolute path`)
  try {
    if (type === 'DirectoryOrCreate') await mkdir(path, { recursive: true, mode: 0o755 })
    if (type === 'FileOrCreate') await writeFile(path, '', { flag: 'a', mode: 0o644 })
  } catch (cause) {
    return refused(cause instanceof Error ? cause.message : String(cause))
  }
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return refused(`${path} does not exist`)
  const isRight: Readonly<Record<string, boolean>> = {
    '': true,
    DirectoryOrCreate: found.isDirectory(),
    Directory: found.isDirectory(),
    FileOrCreate: found.isFile(),
    File: found.isFile(),
    Socket: found.isSocket(),
    CharDevice: found.isCharacterDevice(),
    BlockDevice: found.isBlockDevice(),
  }
  return isRight[type] === true ? E.right(path) : refused(`${path} is not a ${type}`)
}

/** A missing subPath becomes a folder; one that leads out of its volume is refused. */
const partOf = async (
  source: string,
  { name, subPath, subPathExpr }: VolumeMount,
  variables: ReadonlyMap<string, string>,
): Promise<E.Either<string, string>> => {
  const wanted = subPathExpr === undefined ? (subPath ?? '') : expand(subPathExpr, variables)
  if (wanted === '') return E.right(source)
  const part = withoutLinks(join(source, wanted))
  if (isAbsolute(wanted) || !isInside(part, withoutLinks(source))) {
    return E.left(`subPath "${wanted}" leads out of volume "${name}"`)
  }
  try {
    if ((await stat(part).catch(() => undefined)) === undefined) await mkdir(part, { recursive: true, mode: 0o777 })
  } catch (cause) {
    return E.left(`subPath "${wanted}" of volume "${name}": ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  return E.right(part)
}
