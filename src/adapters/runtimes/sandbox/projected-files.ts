import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { PodSources, SourceKind } from '../../../application/ports/pod-sources.ts'
import type { KeyToPath, Volume } from '../../../domain/kubernetes/pod-spec.ts'
import { E } from '../../../prelude.ts'
import { isInside } from './bubblewrap-arguments.ts'
import { fieldOf } from './environment.ts'

/** A file of a volume, before it is written. */
type ProjectedFile = { readonly path: string; readonly content: Uint8Array | string; readonly mode: number }

/** Whether the files of a volume are values of ConfigMaps, Secrets or the Pod itself. */
export const isProjected = ({ configMap, secret, projected, downwardAPI }: Volume): boolean =>
  [configMap, secret, projected, downwardAPI].some((source) => source !== undefined)

/**
 * Writes the files of such a volume into a folder, as things are now, unless that is done already: containers that come later see the same. Left: why they
 * cannot be written, as a kubelet says it.
 */
export const writeProjectedFiles = async (
  pod: PodToRun,
  volume: Volume,
  folder: string,
  sources: PodSources,
): Promise<E.Either<string, void>> => {
  if (existsSync(folder)) return E.right(undefined)
  const files = filesOf(pod, volume, sources)
  if (E.isLeft(files)) return E.left(`MountVolume.SetUp failed for volume "${volume.name}" : ${files.left}`)
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
  // Containers that begin together each write one; the first that is whole counts.
  const draft = await mkdtemp(`${folder}%draft-`)
  try {
    await chmod(draft, 0o755)
    for (const { path, content, mode } of files.right) {
      const target = join(draft, path)
      if (isAbsolute(path) || !isInside(target, draft))
        return E.left(`path "${path}" leads out of volume "${volume.name}"`)
      await mkdir(dirname(target), { recursive: true, mode: 0o755 })
      await writeFile(target, content, { mode: 0o600 })
      await chmod(target, mode)
    }
    await rename(draft, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause
    })
    return E.right(undefined)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const defaultMode = 0o644

const filesOf = (pod: PodToRun, volume: Volume, sources: PodSources): Files => {
  const { configMap, secret, projected, downwardAPI } = volume
  if (configMap !== undefined)
    return keyFiles(pod, sources, 'configmap', configMap, configMap.defaultMode ?? defaultMode)
  if (secret !== undefined)
    return keyFiles(
      pod,
      sources,
      'secret',
      { ...secret, name: secret.secretName ?? '' },
      secret.defaultMode ?? defaultMode,
    )
  if (downwardAPI !== undefined) return fieldFiles(pod, downwardAPI.items ?? [], downwardAPI.defaultMode ?? defaultMode)
  const mode = projected?.defaultMode ?? defaultMode
  return joined(
    (projected?.sources ?? []).map((source) =>
      source.configMap !== undefined
        ? keyFiles(pod, sources, 'configmap', source.configMap, mode)
        : source.secret !== undefined
          ? keyFiles(pod, sources, 'secret', source.secret, mode)
          : source.downwardAPI !== undefined
            ? fieldFiles(pod, source.downwardAPI.items ?? [], mode)
            : E.left(`the sandbox does not know the source ${Object.keys(source)[0] ?? 'of nothing'}`),
    ),
  )
}

type Files = E.Either<string, ReadonlyArray<ProjectedFile>>

/** The first that fails fails all. */
const joined = (all: ReadonlyArray<Files>): Files => {
  const files: ProjectedFile[] = []
  for (const one of all) {
    if (E.isLeft(one)) return one
    files.push(...one.right)
  }
  return E.right(files)
}

type Reference = { readonly name?: string; readonly optional?: boolean; readonly items?: ReadonlyArray<KeyToPath> }

/** One file for each key, or for those that are named. */
const keyFiles = (
  { namespace }: PodToRun,
  sources: PodSources,
  kind: SourceKind,
  { name = '', optional = false, items }: Reference,
  mode: number,
): Files => {
  const found = sources(kind, namespace, name)
  if (E.isLeft(found)) return optional && found.left.isAbsent ? E.right([]) : E.left(found.left.message)
  const { texts, bytes } = found.right
  const contentOf = (key: string): Uint8Array | string | undefined => bytes.get(key) ?? texts.get(key)
  const wanted = items ?? [...new Set([...texts.keys(), ...bytes.keys()])].map((key) => ({ key, path: key }))
  const files: ProjectedFile[] = []
  for (const item of wanted) {
    const content = contentOf(item.key)
    if (content !== undefined)
      files.push({ path: item.path, content, mode: ('mode' in item ? item.mode : null) ?? mode })
    else if (!optional)
      return E.left(`${kind} references non-existent ${kind === 'configmap' ? 'config' : 'secret'} key: ${item.key}`)
  }
  return E.right(files)
}

type FieldFile = { readonly path: string; readonly mode?: number; readonly fieldRef?: { readonly fieldPath: string } }

const fieldFiles = (pod: PodToRun, items: ReadonlyArray<FieldFile>, mode: number): Files =>
  joined(
    items.map((item): Files => {
      if (item.fieldRef === undefined) return E.left(`file "${item.path}": the sandbox knows fields only`)
      const content = wholeMap(pod, item.fieldRef.fieldPath) ?? fieldOf(pod, item.fieldRef.fieldPath)
      return E.isLeft(content)
        ? content
        : E.right([{ path: item.path, content: content.right, mode: item.mode ?? mode }])
    }),
  )

/** All labels or annotations, one a line. */
const wholeMap = ({ labels, annotations }: PodToRun, path: string): E.Either<string, string> | null => {
  const map = path === 'metadata.labels' ? labels : path === 'metadata.annotations' ? annotations : null
  if (map === null) return null
  const lines = Object.entries(map).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return E.right(lines.toSorted().join('\n'))
}
