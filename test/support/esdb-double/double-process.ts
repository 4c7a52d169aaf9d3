import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The double as a process of its own on one port, its log in a file. */
export type DoubleProcess = {
  readonly connectionString: string
  /** Kills it as a power cut would and starts it again, `awayMs` later. */
  readonly restart: (awayMs?: number) => Promise<void>
  readonly stop: () => Promise<void>
}

const program = fileURLToPath(new URL('main.ts', import.meta.url))

export const startDoubleProcess = async (file: string): Promise<DoubleProcess> => {
  let [child, connectionString] = await start('0', file)
  const port = /:(\d+)\?/.exec(connectionString)?.[1] ?? '0'
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    connectionString,
    restart: async (awayMs = 0) => {
      await end()
      await new Promise((resolve) => setTimeout(resolve, awayMs))
      ;[child, connectionString] = await start(port, file)
    },
    stop: end,
  }
}

const start = async (port: string, file: string): Promise<[ChildProcess, string]> => {
  const child = spawn(process.execPath, [program, port, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('the double has no output')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return [child, line]
}
