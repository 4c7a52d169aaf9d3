import { parseIndexes, renderIndexes } from '../../../domain/job/index-set.ts'
import { type TimeZone, wallClock } from '../../../domain/cronjob/schedule/time-zone.ts'
import { exactTime } from '../../../projections/time.ts'
import { alignedText } from '../print/aligned-text.ts'
import { safeCell } from '../print/safe-text.ts'
import { elapsed } from './elapsed.ts'
import type { Scene } from './story.ts'

/** The story as lines: time since `start`, in the time of `zone` too when there is one, and what happened. It ends at `end`. */
export const storyText = (scenes: ReadonlyArray<Scene>, { start, end, zone }: StoryFrame): string => {
  const told = scenes.map(
    (scene) => [scene.at, `${zone === null ? '' : `${scene.object}\t`}${safeCell(sceneText(scene))}`] as const,
  )
  const changes = zone === null ? [] : clockChanges(zone, start, end)
  const lines = [...changes, ...told].sort(([a], [b]) => a - b)
  return alignedText(
    lines
      .map(([at, says]) => `${elapsed(at - start)}\t${zone === null ? '' : `${localTime(zone, at)}\t`}${says}\n`)
      .join(''),
  )
}

type StoryFrame = { readonly start: number; readonly end: number; readonly zone: TimeZone | null }

/** Names at most so many Pods; the indexes of all are told. */
const namesMax = 4

/** What happened, as one sentence. */
export const sceneText = ({ pods, indexes, says }: Scene): string => {
  if (indexes.length > 0) return `${indexText(indexes)} ${says}`
  if (pods.length === 0) return says
  const own = pods.flatMap(({ index }) => index ?? [])
  const whose = own.length === 0 ? '' : ` for ${indexText(own)}`
  if (pods.length === 1) return `Pod ${pods[0]?.name}${whose} ${says}`
  const names = pods.slice(0, namesMax).map(({ name }) => name)
  const more = pods.length > namesMax ? ` and ${pods.length - namesMax} more` : ''
  return `${pods.length} Pods${whose} ${says}: ${names.join(', ')}${more}`
}

const indexText = (indexes: ReadonlyArray<number>): string => {
  const text = renderIndexes(parseIndexes(indexes.join(',')))
  return `${indexes.length === 1 ? 'index' : 'indexes'} ${text}`
}

/** `2026-03-29 01:30:00 +01:00`. */
const localTime = (zone: TimeZone, at: number): string => {
  const minutes = Math.round(zone.offsetAt(at) / 60_000)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const wall = exactTime(wallClock(zone, at).getTime()).replace('T', ' ').slice(0, 19)
  return `${wall} ${minutes < 0 ? '-' : '+'}${`${hours}`.padStart(2, '0')}:${`${rest}`.padStart(2, '0')}`
}

/** Clocks are changed at quarters of an hour. */
const quarterMs = 900_000

const clockChanges = (zone: TimeZone, start: number, end: number): ReadonlyArray<readonly [number, string]> => {
  const changes: Array<readonly [number, string]> = []
  let before = zone.offsetAt(start)
  for (let at = Math.ceil(start / quarterMs) * quarterMs; at <= end; at += quarterMs) {
    const offset = zone.offsetAt(at)
    if (offset === before) continue
    const shown = (ms: number) => exactTime(at + ms).slice(11, 16)
    const direction = offset > before ? 'forward' : 'back'
    changes.push([at, `\tthe clocks in ${zone.name} are put ${direction} from ${shown(before)} to ${shown(offset)}`])
    before = offset
  }
  return changes
}
