import { displayWidth } from './aligned-text.ts'
import { type Style, styled } from './ansi.ts'
import { humanDuration } from '../../../projections/tables/human-duration.ts'
import { indexStrip, type IndexState } from './index-strip.ts'
import { safeCell } from './safe-text.ts'

/** A Job on its way, as the terminal shows it. */
export type ProgressSnapshot = {
  readonly name: string
  /** Null for a work queue, whose number of completions nobody knows. */
  readonly completions: number | null
  readonly succeeded: number
  readonly failed: number
  readonly active: number
  readonly ready: number
  readonly elapsedMs: number
  /** How many Pods are in each phase; shown in this order, zeros left out. */
  readonly phaseCounts: Readonly<Record<string, number>>
  readonly suspended: boolean
  readonly finished?: { readonly type: 'Complete' | 'Failed'; readonly reason?: string; readonly message?: string }
  /** The state of each index of an Indexed Job, in order. */
  readonly indexes?: ReadonlyArray<IndexState>
}

export type Terminal = {
  /** Columns; no line is longer. */
  readonly width: number
  readonly colour: boolean
  readonly unicode: boolean
}

/** The lines that show a running Job on a terminal: state, bar with counts, Pods by phase, and a cell for each index. */
export const progressLines = (snapshot: ProgressSnapshot & Terminal): ReadonlyArray<string> =>
  [headLine(snapshot), countLine(snapshot), phaseLine(snapshot)]
    .filter((segments) => segments.length > 0)
    .map((segments) => fitted(segments, snapshot))
    .concat(indexStrip(snapshot.indexes ?? [], snapshot))

/** One line for a log when the next snapshot says anything new besides the time; null when it does not. */
export const plainProgressLine = (previous: ProgressSnapshot | null, next: ProgressSnapshot): string | null => {
  const summary = plainSummary(next)
  if (previous !== null && plainSummary(previous) === summary) return null
  return `job/${next.name}  ${summary}  ${humanDuration(next.elapsedMs)}`
}

type Segment = { readonly text: string; readonly style?: Style }

const headLine = (snapshot: ProgressSnapshot): ReadonlyArray<Segment> => [
  { text: `job/${snapshot.name}`, style: 'bold' },
  { text: '  ' },
  stateSegment(snapshot),
  { text: `  ${humanDuration(snapshot.elapsedMs)}` },
  ...(snapshot.finished ? verdictSegments(snapshot.finished) : []),
]

const stateSegment = ({ finished, suspended }: ProgressSnapshot): Segment => {
  if (finished) return { text: finished.type, style: finished.type === 'Complete' ? 'green' : 'red' }
  return suspended ? { text: 'Suspended', style: 'yellow' } : { text: 'Running', style: 'cyan' }
}

const verdictSegments = ({
  type,
  reason,
  message,
}: NonNullable<ProgressSnapshot['finished']>): ReadonlyArray<Segment> => {
  const said = [reason, message].filter((part) => part).join(': ')
  return type === 'Failed' && said ? [{ text: `  ${safeCell(said)}`, style: 'red' }] : []
}

const countLine = (snapshot: ProgressSnapshot & Terminal): ReadonlyArray<Segment> => {
  const { failed, active, ready } = snapshot
  const leftMs = remainingMs(snapshot)
  return [
    ...bar(snapshot),
    { text: succeededText(snapshot), style: 'green' },
    ...(active > 0 ? [{ text: `, ${active} active (${ready} ready)` }] : []),
    ...(failed > 0 ? [{ text: ', ' }, { text: `${failed} failed`, style: 'red' as const }] : []),
    ...(leftMs === null ? [] : [{ text: `, about ${humanDuration(leftMs)} left`, style: 'dim' as const }]),
  ]
}

const barCellsMax = 30
const countsWidth = 50

/** The bar gives way to the counts on a narrow terminal. */
const bar = ({ completions, succeeded, width, unicode }: ProgressSnapshot & Terminal): ReadonlyArray<Segment> => {
  const cells = Math.min(barCellsMax, width - countsWidth)
  if (completions === null || cells < 5) return []
  const done = completions === 0 ? cells : Math.floor((cells * Math.min(succeeded, completions)) / completions)
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-']
  return [
    { text: '[' },
    { text: full.repeat(done), style: 'green' },
    { text: empty.repeat(cells - done), style: 'dim' },
    { text: ']  ' },
  ]
}

const phaseLine = ({ phaseCounts }: ProgressSnapshot): ReadonlyArray<Segment> => {
  const phases = Object.entries(phaseCounts).filter(([, count]) => count > 0)
  return phases.length === 0
    ? []
    : [{ text: `pods: ${phases.map(([phase, count]) => `${count} ${phase}`).join(', ')}` }]
}

const succeededMin = 2

/** A guess from the pace so far, once two completions make it more than a rumour. */
const remainingMs = ({ completions, succeeded, elapsedMs, suspended, finished }: ProgressSnapshot): number | null => {
  if (completions === null || suspended || finished || succeeded < succeededMin || succeeded >= completions) return null
  return (elapsedMs / succeeded) * (completions - succeeded)
}

const plainSummary = (snapshot: ProgressSnapshot): string => {
  const { finished, suspended, active, failed } = snapshot
  const state = finished?.type ?? (suspended ? 'suspended' : null)
  const counts = [
    ...(finished ? [] : [`${active} active`]),
    succeededText(snapshot),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return [...(state === null ? [] : [state]), ...counts].join(', ')
}

const succeededText = ({ completions, succeeded }: ProgressSnapshot): string =>
  completions === null ? `${succeeded} succeeded` : `${succeeded}/${completions} succeeded`

/** Cut before it is coloured, so that no line wraps and no escape sequence is torn. */
const fitted = (segments: ReadonlyArray<Segment>, { width, colour }: Terminal): string => {
  let left = width
  return segments
    .map(({ text, style }) => {
      const cut = [...text].slice(0, Math.max(0, left)).join('')
      left -= displayWidth(cut)
      return style && cut ? styled(style, cut, { colour }) : cut
    })
    .join('')
    .trimEnd()
}
