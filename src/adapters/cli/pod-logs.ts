import type { JobNews } from '../../application/log/ledger.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import { podIdentityOf } from '../../domain/job/pod-identity.ts'
import type { CliPorts } from './cli-ports.ts'
import { safeText } from './print/safe-text.ts'

/**
 * Prints what containers wrote, each when it has ended, whole and in order of their ends; with the Pod's name before each line when
 * the Job runs more than one Pod.
 */
export const podLogs = (
  ports: CliPorts,
  dataDir: string,
  above: (text: string, write: (text: string) => void) => void,
) => {
  let printing = Promise.resolve()

  const print = async (
    place: { podUid: string; container: string; restart: number },
    prefix: string,
  ): Promise<void> => {
    const options = { follow: false, timestamps: false, tail: null }
    let text = ''
    for await (const piece of ports.containerLog(dataDir, place, options, () => true)) text += piece
    const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
    if (text !== '') above(lines.map((line) => `${prefix}${safeText(line)}\n`).join(''), ports.out)
  }

  return {
    note: ({ view, recorded }: JobNews): void => {
      const { state, manifest } = view
      if (state._tag === 'NoJob' || manifest === null) return
      const { initContainers = [], containers } = manifest.spec.template.spec
      const names = [...initContainers, ...containers].map(({ name }) => name)
      for (const { event } of recorded) {
        if (event.type !== 'ContainerExited') continue
        const { name, uid } = podIdentityOf(state, event.pod, podRow(state.pods, event.pod).index)
        const container = names[event.container] ?? ''
        const alone = state.terms.completions === 1 && state.terms.parallelism <= 1 && names.length === 1
        const prefix = alone ? '' : `[${names.length === 1 ? name : `${name} ${container}`}] `
        const place = { podUid: uid, container, restart: event.restart }
        printing = printing.then(() => print(place, prefix))
      }
    },
    /** Resolves when everything noted so far is printed. */
    finish: (): Promise<void> => printing,
  }
}
