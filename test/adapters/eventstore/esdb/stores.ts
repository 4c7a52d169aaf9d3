import { onTestFinished } from 'vitest'
import {
  type EsdbOptions,
  openEsdbEventStore,
  openEsdbReader,
} from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { type EsdbDouble, type EsdbDoubleOptions, startEsdbDouble } from '../../../support/esdb-double/esdb-double.ts'

/** A double that ends with the test. */
export const startDouble = async (options: EsdbDoubleOptions = {}): Promise<EsdbDouble> => {
  const double = await startEsdbDouble(options)
  onTestFinished(() => double.stop())
  return double
}

/** The writer's store, closed after the test. */
export const openStore = async (
  { connectionString }: Pick<EsdbDouble, 'connectionString'>,
  options: EsdbOptions = {},
): Promise<EventStore> => {
  const opened = await openEsdbEventStore(connectionString, options)
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  onTestFinished(() => opened.right.close())
  return opened.right
}

/** A store that only reads, closed after the test. */
export const openReader = async (
  { connectionString }: Pick<EsdbDouble, 'connectionString'>,
  options: EsdbOptions = {},
): Promise<EventStore> => {
  const opened = await openEsdbReader(connectionString, options)
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  onTestFinished(() => opened.right.close())
  return opened.right
}
