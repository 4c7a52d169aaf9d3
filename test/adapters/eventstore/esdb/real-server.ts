import type { TestContext } from 'vitest'

/** The connection string of a real server for tests, from the environment. */
const realServerAddress = (): string | undefined => process.env['JOBLEDGER_TEST_EVENTSTORE'] || undefined

/** The real server to test against; without one the test is skipped and says why. */
export const realServer = (context: TestContext): string =>
  realServerAddress() ??
  context.skip('JOBLEDGER_TEST_EVENTSTORE names no EventStoreDB: checked against the double alone')

/** Declares tests against the real server; without one nothing is declared, and the test beside it says so. */
export const onRealServer = (declare: (address: string) => void): void => {
  const address = realServerAddress()
  if (address !== undefined) declare(address)
}
