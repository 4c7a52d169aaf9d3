import { startEsdbDouble } from './esdb-double.ts'

/** The double as a process of its own: `node main.ts <port> [file]`. Says its connection string and serves until it is killed. */
const [port = '0', file] = process.argv.slice(2)
const { connectionString } = await startEsdbDouble({ port: Number(port), file })
process.stdout.write(`${connectionString}\n`)
