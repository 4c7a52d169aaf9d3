import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { accessOfFolder } from '../../../../src/adapters/kube-api/server/access-of-folder.ts'
import { kubeconfigPath, mergeKubeconfig } from '../../../../src/adapters/kube-api/server/merge-kubeconfig.ts'
import { E } from '../../../../src/prelude.ts'
import { folderOfTest, serving } from './serving.ts'

const access = { address: 'https://127.0.0.1:6443', authority: 'PEM', user: 'ada', token: 'of-ada' }

const namesIn = (text: string) => {
  const config = parse(text)
  return ['clusters', 'users', 'contexts'].map((list) =>
    config[list].map(({ name }: { readonly name: string }) => name),
  )
}

const others = `# mine
apiVersion: v1
kind: Config
current-context: work
clusters:
- name: work # the big one
  cluster: {server: https://work.example}
- {name: jobledger, cluster: {server: https://old.example}}
users: []
contexts: null
preferences: {colors: true}
`

describe('merging into a kubeconfig', () => {
  const inFile = (text: string | null) => {
    const path = join(folderOfTest(), '.kube', 'config')
    if (text !== null) {
      mkdirSync(dirname(path))
      writeFileSync(path, text, { mode: 0o644 })
    }
    return path
  }

  test('makes the file, for its owner alone', () => {
    const path = inFile(null)
    expect(mergeKubeconfig(path, access, 'jobledger')).toStrictEqual(E.right(undefined))
    expect(namesIn(readFileSync(path, 'utf8'))).toStrictEqual([['jobledger'], ['ada@jobledger'], ['jobledger']])
    expect(parse(readFileSync(path, 'utf8'))['current-context']).toBe('jobledger')
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toStrictEqual([0o600, 0o700])
    expect(readdirSync(dirname(path))).toStrictEqual(['config'])
  })

  test('replaces its own and keeps everything else, comments too', () => {
    const path = inFile(others)
    expect(mergeKubeconfig(path, access, 'jobledger')).toStrictEqual(E.right(undefined))
    const text = readFileSync(path, 'utf8')
    expect(namesIn(text)).toStrictEqual([['work', 'jobledger'], ['ada@jobledger'], ['jobledger']])
    expect(text).toContain('# mine\n')
    expect(text).toContain('# the big one')
    const config = parse(text)
    expect(config.clusters[1].cluster.server).toBe('https://127.0.0.1:6443')
    expect([config['current-context'], config.preferences]).toStrictEqual(['work', { colors: true }])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(mergeKubeconfig(path, access, 'jobledger')).toStrictEqual(E.right(undefined))
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(mergeKubeconfig(path, { ...access, user: 'grace' }, 'second')).toStrictEqual(E.right(undefined))
    expect(namesIn(readFileSync(path, 'utf8'))[1]).toStrictEqual(['ada@jobledger', 'grace@second'])
  })

  test('writes to the file behind a link', () => {
    const path = inFile(null)
    const real = join(folderOfTest(), 'real')
    writeFileSync(real, others)
    mkdirSync(dirname(path))
    symlinkSync(real, path)
    expect(mergeKubeconfig(path, access, 'jobledger')).toStrictEqual(E.right(undefined))
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toContain('ada@jobledger')
  })

  test.each([
    ['a: [', 'was left as it is: it is no YAML'],
    ['- a list', 'was left as it is: it is no kubeconfig'],
    ['clusters: {a: b}', 'was left as it is: its clusters are no list'],
  ])('leaves %j alone', (text, reason) => {
    const path = inFile(text)
    const merged = mergeKubeconfig(path, access, 'jobledger')
    expect(E.isLeft(merged) && merged.left).toContain(reason)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('says so when it cannot write', () => {
    const path = join(folderOfTest(), 'file', 'config')
    writeFileSync(dirname(path), '')
    const merged = mergeKubeconfig(path, access, 'jobledger')
    expect(E.isLeft(merged) && merged.left).toContain(`${path} cannot be written: `)
  })
})

test('the kubeconfig is where kubectl would write it', () => {
  const folder = folderOfTest()
  const [there, missing] = [join(folder, 'there'), join(folder, 'missing')]
  writeFileSync(there, '')
  expect(kubeconfigPath(undefined, '/folder')).toBe('/folder/.kube/config')
  expect(kubeconfigPath('', '/folder')).toBe('/folder/.kube/config')
  expect(kubeconfigPath(missing, '/folder')).toBe(missing)
  expect(kubeconfigPath(`${missing}:${there}`, '/folder')).toBe(there)
  expect(kubeconfigPath(`${missing}:${missing}2`, '/folder')).toBe(`${missing}2`)
})

describe('how to find the server of a folder', () => {
  test('is known once it was served, for its owner and for the users of a token file', async () => {
    const served = await serving()
    served.writeKubeconfig()
    const own = accessOfFolder(served.dataFolder, null)
    expect(own).toStrictEqual(
      E.right({ address: served.address, authority: served.ca.toString(), user: 'ada', token: served.token }),
    )
    const tokenFile = join(served.dataFolder, 'users.csv')
    writeFileSync(tokenFile, 'the-token-of-grace,grace,1\n', { mode: 0o600 })
    const of = (user: string) => accessOfFolder(served.dataFolder, { user, tokenFile })
    expect(of('grace')).toMatchObject(E.right({ user: 'grace', token: 'the-token-of-grace', address: served.address }))
    expect(of('linus')).toStrictEqual(E.left(`${tokenFile}: there is no user "linus"`))
    chmodSync(tokenFile, 0o640)
    expect(of('grace')).toStrictEqual(E.left(`others can read ${tokenFile}: chmod 600 ${tokenFile}`))
  })

  test('is not known before', () => {
    const folder = folderOfTest()
    expect(accessOfFolder(folder, null)).toStrictEqual(E.left(`nothing was served from ${folder} yet: jobledger serve`))
  })
})
