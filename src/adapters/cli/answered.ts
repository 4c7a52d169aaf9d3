import type { HolderAnswer, HolderRequest } from '../../application/holder/holder-request.ts'
import { E } from '../../prelude.ts'
import { CliError } from './cli-error.ts'
import type { CliPorts, Holding } from './cli-ports.ts'
import { holdOrAsk } from './hold-or-ask.ts'

export type Answered = Exclude<HolderAnswer, { readonly type: 'refused' }>

/**
 * What the process that holds the folder answered; `isHeld` is false when nobody does, and the folder was held for a moment without running
 * anything. `finish` waits, in that case, for what follows from the change. A refusal ends the command.
 */
export const answered = async (
  ports: CliPorts,
  dataDir: string,
  request: HolderRequest,
  finish: (holding: Holding, answer: Answered) => Promise<void> = async () => {},
): Promise<{ readonly answer: Answered; readonly isHeld: boolean }> => {
  const options = { dataDir, runtime: 'none' as const, network: false, podBackoffBaseMs: 10_000 }
  const held = await holdOrAsk(ports, options, () => ports.askHolder(dataDir, request))
  if (E.isRight(held)) return { answer: unlessRefused(held.right), isHeld: true }
  try {
    const answer = unlessRefused(await held.left.answer(request))
    await finish(held.left, answer)
    return { answer, isHeld: false }
  } finally {
    await held.left.close()
  }
}

const unlessRefused = (answer: HolderAnswer): Answered => {
  if (answer.type === 'refused') throw new CliError(answer.reason)
  return answer
}
