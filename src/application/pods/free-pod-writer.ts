import { decideFreePod } from '../../domain/free-pod/decide.ts'
import { evolveFreePod, noFreePod } from '../../domain/free-pod/free-pod.ts'
import { freePodCategory } from '../log/read-event.ts'
import { streamWriter, type WriterPorts } from '../log/stream-writer.ts'

/** Writes the streams of Pods that no Job controls. */
export const freePodWriter = (ports: WriterPorts) =>
  streamWriter(ports, { category: freePodCategory, initial: noFreePod, decide: decideFreePod, evolve: evolveFreePod })

export type FreePodWriter = ReturnType<typeof freePodWriter>
