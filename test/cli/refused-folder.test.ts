import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe } from 'vitest'
import { type CommandLine, test } from '../support/jobledger.ts'

/** Digests of the log as it is on the disk: the database, and what is still beside it in the write-ahead log. */
const digestsOf = ({ dataDir }: CommandLine): ReadonlyArray<string> =>
  ['ledger.db', 'ledger.db-wal'].map((name) => {
    const path = join(dataDir, name)
    return createHash('sha256')
      .update(existsSync(path) ? readFileSync(path) : '')
      .digest('hex')
  })

const log = ({ dataDir }: CommandLine): string => join(dataDir, 'ledger.db')

const withLog = async (jobledger: CommandLine): Promise<void> => {
  await jobledger.ask('run', '-f', jobledger.manifest('there', 'true'))
}

const inside = ({ dataDir }: CommandLine, sql: string): void => {
  const db = new DatabaseSync(join(dataDir, 'ledger.db'))
  db.exec(sql)
  db.close()
}

/** What is done to the data folder, and what is said of it. */
const table: ReadonlyArray<readonly [what: string, spoil: (jobledger: CommandLine) => Promise<void>, message: RegExp]> =
  [
    [
      'a log of a newer version',
      async (jobledger) => {
        await withLog(jobledger)
        inside(jobledger, 'PRAGMA user_version = 99')
      },
      /has format 99, but this jobledger knows formats up to \d+: use a newer jobledger$/,
    ],
    [
      'the database of another program',
      async (jobledger) => {
        mkdirSync(jobledger.dataDir)
        inside(jobledger, 'CREATE TABLE cats (name TEXT)')
      },
      /is a SQLite database of something else, not a jobledger log$/,
    ],
    [
      'a file that is no database',
      async (jobledger) => {
        mkdirSync(jobledger.dataDir)
        writeFileSync(log(jobledger), 'my diary, not a database at all. '.repeat(100))
      },
      /is not a jobledger log: it is no SQLite database, or its first page is damaged$/,
    ],
    [
      'a log with a torn page',
      async (jobledger) => {
        await withLog(jobledger)
        inside(jobledger, 'PRAGMA wal_checkpoint(TRUNCATE)')
        const bytes = readFileSync(log(jobledger))
        bytes.fill(0xa5, 4096)
        writeFileSync(log(jobledger), bytes)
      },
      /^error: the log \S+ is damaged: database disk image is malformed$/,
    ],
  ]

describe.concurrent('a data folder is refused, and left as it is, that has', { timeout: 60_000 }, () => {
  test.for(table)('%s', async ([, spoil, message], { jobledger, expect }) => {
    await spoil(jobledger)
    const before = digestsOf(jobledger)
    for (const words of [
      ['get', 'jobs'],
      ['run', '-f', jobledger.manifest('next', 'true')],
    ]) {
      const { code, out, err } = await jobledger.run(...words)
      expect({ code, out }).toStrictEqual({ code: 1, out: '' })
      expect(err).toMatch(/^error: [^\n]+\n$/)
      expect(err.trimEnd()).toMatch(message)
    }
    expect(digestsOf(jobledger)).toStrictEqual(before)
  })

  test('no place: a file stands where the folder should be', async ({ jobledger, expect }) => {
    const file = join(jobledger.folder, 'file')
    writeFileSync(file, 'mine')
    const { code, out, err } = await jobledger.run('--data-dir', file, 'run', '-f', jobledger.manifest('next', 'true'))
    expect({ code, out }).toStrictEqual({ code: 1, out: '' })
    expect(err).toMatch(/^error: the data folder \S+ cannot be written: [^\n]+\n$/)
    expect(await jobledger.run('--data-dir', file, 'get', 'jobs')).toMatchObject({
      code: 1,
      out: '',
      err: `error: the data folder ${file} is no folder\n`,
    })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('no leave to write', async ({ jobledger, expect, skip }) => {
    skip(process.getuid?.() === 0, 'root may write everywhere')
    mkdirSync(jobledger.dataDir, { mode: 0o500 })
    const { code, err } = await jobledger.run('run', '-f', jobledger.manifest('next', 'true'))
    chmodSync(jobledger.dataDir, 0o700)
    expect(code).toBe(1)
    expect(err).toMatch(/^error: the data folder \S+ cannot be written/)
  })
})
