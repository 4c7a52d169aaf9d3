import { conformanceWorld } from '../../../conformance/world.ts'

/** The whole product behind its API, asked in short: bodies are JSON, and a patch is a merge patch unless it is said otherwise. */
export const asking = async (...parts: Parameters<typeof conformanceWorld>) => {
  const world = await conformanceWorld(...parts)
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    { type = method === 'PATCH' ? mergePatch : 'application/json', accept = '' }: Asking = {},
  ) => {
    const answer = await world.fetch(`http://here${path}`, {
      method,
      headers: { accept, 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      code: answer.status,
      body: text.startsWith('{') ? JSON.parse(text) : text,
      warning: answer.headers.get('warning'),
    }
  }
  /** The events of a watch that ends after a second of the world's time. */
  const watched = async (path: string): Promise<ReadonlyArray<Told>> => {
    const answer = await world.fetch(`http://here${path}${path.includes('?') ? '&' : '?'}watch=1&timeoutSeconds=1`)
    return (await answer.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
  await ask('POST', '/api/v1/namespaces', { metadata: { name: 'ns' } })
  return { ...world, ask, watched }
}

export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io'

const mergePatch = 'application/merge-patch+json'

type Told = {
  readonly type: string
  readonly object: Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> }
}

type Asking = { readonly type?: string; readonly accept?: string }
