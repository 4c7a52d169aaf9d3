import { defineConfig } from 'vitest/config'

const oldestNode = 24
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  throw new Error(
    `The tests need Node ${oldestNode} or later, this is ${process.versions.node}. Run them with \`npm test\`: on Linux x64, \`npm ci\` brings a Node of its own; elsewhere install Node ${oldestNode}.`,
  )
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Many tests wait for servers and kubectl: also two cores have time for two files.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.generated.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      reportOnFailure: true,
    },
  },
})
