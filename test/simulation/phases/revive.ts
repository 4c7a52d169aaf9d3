import { command } from '../moves/wishes.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { turn } from '../world/lives.ts'
import type { World } from '../world/world.ts'

/** Whatever the user holds back goes on, so that every Job can come to its end. */
export const revive = async (world: World): Promise<void> => {
  world.isRevived = true
  for (const job of world.judge.jobs.values()) {
    if (job.isDeleted) continue
    world.say(`the user lets ${job.name} go on`)
    const rest = { patch: { metadata: { finalizers: null } }, hasFinalizers: false }
    command(world, job.uid, { type: 'ChangeJob', suspend: false, parallelism: parallelismFor(job), rest })
  }
  await turn()
}

const parallelismFor = ({ spec, isWithheld }: ObservedJob): number => {
  const { completionMode, completions = 0, parallelism } = spec
  if (isWithheld) return completions
  const wantsNothing = completionMode === 'Indexed' && completions === 0
  return parallelism === 0 && !wantsNothing ? 2 : parallelism
}
