import type { ReadAnswer, ReadRequest } from '../../application/holder/read-request.ts'
import { E } from '../../prelude.ts'
import type { CliPorts, Reading } from './cli-ports.ts'
import { runCli } from './program.ts'

/** What is printed for another terminal is held in memory and sent at once: logs end here. */
const charactersMax = 8 << 20

/**
 * Answers reading commands of other terminals from the memory of this process while they cannot read the log themselves. `log` is the one
 * this process writes; nothing is changed, watched or waited for.
 */
export const readForAnother =
  (ports: CliPorts, { ledger, store }: Pick<Reading, 'ledger' | 'store'>, place: { dataDir: string; log: string }) =>
  async ({ log, words, timeZone }: ReadRequest): Promise<ReadAnswer> => {
    if (log !== place.log)
      return { type: 'refused', reason: `the process that holds the data folder has its log in ${place.log}` }
    const printed = { out: '', err: '' }
    const refused = async () => E.left({ _tag: 'Refused' as const, reason: onlyReads })
    const unread = async () => E.left([onlyReads])
    const reading: Reading = {
      ledger,
      store: { ...store, readStream: () => async () => E.left(notInMemory) },
      follow: () => {},
      close: async () => {},
    }
    const exitCode = await runCli(
      {
        ...ports,
        out: (text) => void (printed.out += text),
        outInTurn: async (text) => void (printed.out += text),
        err: (text) => void (printed.err += text),
        timeZone,
        terminal: null,
        defaultDataDir: place.dataDir,
        useStore: () => null,
        openReading: async () => E.right(reading),
        readManifest: unread,
        readJobManifest: unread,
        openHolding: refused,
        openServing: refused,
        openLog: refused,
        onInterrupt: (handler) => {
          setImmediate(handler)
          return () => {}
        },
        onOutputGone: () => {},
        containerLog: async function* (_, container, options, ended) {
          for await (const text of ports.containerLog(place.dataDir, container, { ...options, follow: false }, ended)) {
            if (printed.out.length + text.length > charactersMax) {
              printed.err += 'the rest of the log is left out\n'
              return
            }
            yield text
          }
        },
      },
      words,
    )
    return { type: 'printed', ...printed, exitCode, position: String(ledger.position()) }
  }

const onlyReads = 'this process only reads for others'

const notInMemory = { _tag: 'StoreUnavailable' as const, reason: 'single events are not kept in memory' }
