import type { JobView } from '../../src/projections/job-view.ts'

/** A Job in two words: its name and its end, such as `pi Complete`, or `active`. */
export const jobDisplay = ({ state }: JobView): string => {
  if (state._tag === 'NoJob') return 'nothing'
  const end = state.finished === null ? 'active' : state.finished._tag === 'Success' ? 'Complete' : 'Failed'
  return `${state.name} ${end}`
}
