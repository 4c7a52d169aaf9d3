import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import {
  openSqliteEventStore,
  type SqliteStoreOptions,
} from '../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { openSqliteReader } from '../../src/adapters/eventstore/sqlite/open-sqlite-reader.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'
import { until } from './event-stores.ts'

/** An empty folder that is gone after the test. */
export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'jobledger-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A store that is closed after the test; what is fatal to it fails the test unless `onFatal` is given. */
export const openStore = async (folder: string, options: Partial<SqliteStoreOptions> = {}): Promise<EventStore> => {
  const onFatal = (reason: string): void => {
    throw new Error(`fatal: ${reason}`)
  }
  const opened = await openSqliteEventStore(folder, { onFatal, ...options })
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  onTestFinished(() => opened.right.close())
  return opened.right
}

/** A reader that is closed after the test. */
export const openReader = async (folder: string): Promise<EventStore> => {
  const opened = await openSqliteReader(folder)
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  onTestFinished(() => opened.right.close())
  return opened.right
}

export type StoreProcess = {
  readonly child: ChildProcess
  /** What it has said so far. */
  readonly lines: ReadonlyArray<string>
  /** Waits until it has said a line that begins so. */
  readonly says: (beginning: string) => Promise<void>
  /** Resolves to the signal that ended it, null when it ended by itself. */
  readonly ended: Promise<string | null>
}

const program = fileURLToPath(new URL('../adapters/eventstore/store-process.ts', import.meta.url))

/** Runs `store-process.ts`; `fileBlocksMax` limits the size of any file it writes, in blocks of 512 bytes. */
export const startStoreProcess = (
  parameters: ReadonlyArray<string>,
  { fileBlocksMax }: { readonly fileBlocksMax?: number } = {},
): StoreProcess => {
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `
  const child = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, program, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return {
    child,
    lines,
    says: (start) => until(() => lines.some((line) => line.startsWith(start))),
    ended: once(child, 'close').then(([, signal]) => (signal === null ? null : String(signal))),
  }
}
