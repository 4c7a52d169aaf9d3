import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { inFolder } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'
import { type Answer, type Kubectl, runKubectl } from './kubectls.ts'

/** A user at a terminal with one kubectl and one server, for all tests of a suite. */
export type Session = {
  /** What a command says and how it ends. */
  readonly answer: (...words: ReadonlyArray<string>) => Promise<Answer>
  /** The standard output of a command that must end well. */
  readonly kubectl: (...words: ReadonlyArray<string>) => Promise<string>
  /** The object that a command prints. */
  readonly json: (...words: ReadonlyArray<string>) => Promise<ShownObject>
  /** Writes a manifest and answers its path. */
  readonly file: (name: string, manifest: unknown) => string
  /** Set for all commands to come. */
  readonly env: Record<string, string>
  /** The server, once the tests run. */
  readonly served: () => Serving
}

/** As much of an object as these tests look at. */
export type ShownObject = {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: ReadonlyArray<{ readonly name: string; readonly uid: string }>
  }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
  readonly items?: ReadonlyArray<ShownObject>
}

/** To be called within a suite: its server starts before the first test and ends after the last one. */
export const session = (kubectlOf: Kubectl, ...serveWith: ReadonlyArray<string>): Session => {
  const env: Record<string, string> = {}
  let served: Serving | null = null
  let folder = ''
  let end = (): void => {}
  let isOver: Promise<void> = Promise.resolve()

  beforeAll(
    () =>
      new Promise<void>((isReady, fail) => {
        isOver = inFolder(`kubectl-${kubectlOf.version}`, async (jobledger) => {
          folder = jobledger.folder
          served = await serving(jobledger, ...serveWith)
          isReady()
          await new Promise<void>((over) => (end = over))
        }).catch(fail)
      }),
  )
  afterAll(() => {
    end()
    return isOver
  })

  const started = (): Serving => {
    if (served === null) throw new Error('the server has not been started')
    return served
  }
  const answer: Session['answer'] = (...words) =>
    runKubectl(kubectlOf, words, { kubeconfig: started().kubeconfig, home: folder, env })
  const kubectl: Session['kubectl'] = async (...words) => {
    const { code, out, err } = await answer(...words)
    if (code !== 0) throw new Error(`kubectl ${words.join(' ')} ended with ${code}: ${out}${err}`)
    return out
  }
  return {
    answer,
    kubectl,
    json: async (...words) => JSON.parse(await kubectl(...words, '-o', 'json')) as ShownObject,
    file: (name, manifest) => {
      writeFileSync(join(folder, name), typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
      return name
    },
    env,
    served: started,
  }
}

/** A Job of one container that runs a shell script. */
export const jobOf = (name: string, script: string, spec: Readonly<Record<string, unknown>> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: {
        containers: [{ name: 'main', image: 'busybox:1.28', command: ['sh', '-c', script] }],
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
      },
    },
    ...spec,
  },
})
