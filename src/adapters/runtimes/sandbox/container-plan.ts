import { existsSync, realpathSync } from 'node:fs'
import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { Container } from '../../../domain/kubernetes/pod-spec.ts'
import { parseQuantity } from '../../../domain/kubernetes/quantity.ts'
import { E, pipe } from '../../../prelude.ts'
import { bubblewrapArguments, isInside, type Mount } from './bubblewrap-arguments.ts'
import type { PodSources } from '../../../application/ports/pod-sources.ts'
import { type Allocatable, baseEnvironment, environmentOf, hostnameOf } from './environment.ts'
import { expand } from './expansion.ts'
import { type Gated, gate } from './gate.ts'
import type { SpawnContainer } from './helper-protocol.ts'
import { openedFolders, withoutLinks } from './mount-points.ts'
import { logFileOf, memoryGroupOf, messageFileOf } from './paths.ts'
import { prepareMounts } from './volumes.ts'

export type Surroundings = {
  readonly dataFolder: string
  /** For volumes in memory; null where there can be none. */
  readonly memoryFolder: string | null
  /** Absolute path of the program, null: plain process groups. */
  readonly bubblewrap: string | null
  readonly network: boolean
  /** Existing folders, without symbolic links. */
  readonly hidden: ReadonlyArray<string>
  readonly maxLogBytes: number
  /** Whether memory limits may be kept by control groups. */
  readonly controlGroups: boolean
  readonly allocatable: Allocatable
  readonly sources: PodSources
}

export type ContainerPlan = {
  readonly order: Omit<SpawnContainer, 'type' | 'id'>
  readonly command: ReadonlyArray<string>
  readonly folder: string
}

/**
 * Everything the helper must know to run one attempt of a container. Left: why it cannot be created now, as a sentence.
 * Makes the volumes the container mounts.
 */
export const containerPlan = async (
  pod: PodToRun,
  container: Container,
  { index, restart }: { readonly index: number; readonly restart: number },
  surroundings: Surroundings,
): Promise<E.Either<string, ContainerPlan>> => {
  const { dataFolder, memoryFolder, maxLogBytes, controlGroups, allocatable, sources } = surroundings
  const bubblewrap = surroundings.bubblewrap !== null
  const own = environmentOf(pod, container, allocatable, sources)
  if (E.isLeft(own)) return own
  const mounts = await prepareMounts(pod, container, own.right, { dataFolder, memoryFolder, sources, bubblewrap })
  if (E.isLeft(mounts)) return mounts
  const limit = memoryLimitOf(container)
  if (E.isLeft(limit)) return limit

  const messageFile = bubblewrap ? messageFileOf(dataFolder, pod.uid, index, restart) : null
  const messageMounts: ReadonlyArray<Mount> =
    messageFile === null
      ? []
      : [
          {
            source: messageFile,
            target: withoutLinks(container.terminationMessagePath ?? '/dev/termination-log'),
            readOnly: false,
          },
        ]
  const marks = { JOBLEDGER_POD_UID: pod.uid, JOBLEDGER_CONTAINER: `${index}.${restart}` }
  const variables = new Map([...baseEnvironment(hostnameOf(pod)), ...own.right])
  // Without a command the arguments are one, as with an image that has no entry point.
  const command = [...(container.command ?? []), ...(container.args ?? [])]
  const gated: Gated = {
    folder: container.workingDir || '/',
    variables: bubblewrap ? variables : new Map([...variables, ...Object.entries(marks)]),
    command: command.map((word) => expand(word, own.right)),
  }
  return E.right({
    command: gated.command,
    folder: gated.folder,
    order: {
      argv: [...wrapping(pod, [...mounts.right, ...messageMounts], surroundings), ...gate(gated)],
      marks,
      bubblewrap,
      memory:
        limit.right === null
          ? null
          : { limit: limit.right, group: controlGroups ? memoryGroupOf(pod.uid, index, restart) : null },
      logFile: logFileOf(dataFolder, pod.uid, container.name, restart),
      maxLogBytes,
      messageFile,
      messageFromLog: container.terminationMessagePolicy === 'FallbackToLogsOnError',
    },
  })
}

/** Bubblewrap and its arguments; nothing when Pods are plain process groups. */
const wrapping = (
  pod: PodToRun,
  mounts: ReadonlyArray<Mount>,
  { bubblewrap, network, hidden }: Surroundings,
): ReadonlyArray<string> => {
  if (bubblewrap === null) return []
  const all = network ? [...nameServers(hidden), ...mounts] : mounts
  const opened = openedFolders(
    all.map(({ target }) => target),
    [...hidden, '/tmp', '/dev'],
  )
  return [bubblewrap, ...bubblewrapArguments({ hostname: hostnameOf(pod), network, hidden, opened, mounts: all }), '--']
}

/** The list of name servers often lies in /run; hidden, no name could be looked up. */
const nameServers = (hidden: ReadonlyArray<string>): ReadonlyArray<Mount> => {
  if (!existsSync('/etc/resolv.conf')) return []
  const file = realpathSync('/etc/resolv.conf')
  return hidden.some((folder) => isInside(file, folder)) ? [{ source: file, target: file, readOnly: true }] : []
}

/** Whole bytes, rounded up; null when there is no limit, which 0 means too. */
const memoryLimitOf = ({ resources }: Container): E.Either<string, number | null> => {
  const text = resources?.limits?.['memory']
  if (text === undefined) return E.right(null)
  return pipe(
    parseQuantity(text),
    E.bimap(
      (problem) => `limits.memory "${text}": ${problem}`,
      ({ nano }) => (nano <= 0n ? null : Number((nano + 999_999_999n) / 1_000_000_000n)),
    ),
  )
}
