import { decideStoredObject } from '../../domain/stored-object/decide.ts'
import { evolveStoredObject, noStoredObject } from '../../domain/stored-object/stored-object.ts'
import { storedObjectCategory } from '../log/read-event.ts'
import { streamWriter, type WriterPorts } from '../log/stream-writer.ts'

/** Writes the streams of objects that are only kept. */
export const storedObjectWriter = (ports: WriterPorts) =>
  streamWriter(ports, {
    category: storedObjectCategory,
    initial: noStoredObject,
    decide: decideStoredObject,
    evolve: evolveStoredObject,
  })

export type StoredObjectWriter = ReturnType<typeof storedObjectWriter>
