import { posix } from 'node:path'

/** Links of a Markdown text that lead nowhere: to a file that is not there, or to a heading that its page does not have. */
export const brokenLinks = (path: string, files: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  linksOf(files.get(path) ?? '').flatMap((link) => {
    const [target = '', heading] = link.split('#')
    const file = target === '' ? path : posix.join(posix.dirname(path), target).replace(/\/$/, '')
    const isThere = files.has(file) || [...files.keys()].some((other) => other.startsWith(`${file}/`))
    if (!isThere) return [`${path} links to ${link}: there is no ${file}`]
    const hasHeading = heading === undefined || headingsOf(files.get(file) ?? '').includes(heading)
    return hasHeading ? [] : [`${path} links to ${link}: ${file} has no such heading`]
  })

const linksOf = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)]
    .map(([, inline, below]) => inline ?? below ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))

/** The text without its code blocks. */
const proseOf = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '')

const headingsOf = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

/** TypeScript files and npm scripts that a Markdown text names in code and that are not there. */
export const staleNames = (
  path: string,
  files: ReadonlyMap<string, string>,
  scripts: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const text = files.get(path) ?? ''
  const sources = [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.ts)`/g)].map(([, name = '']) => name)
  const runs = [...text.matchAll(/\bnpm run (?:-\S+ )*([\w:-]+)/g)].map(([, name = '']) => name)
  return [
    ...sources
      .filter((name) => ![...files.keys()].some((file) => file === name || file.endsWith(`/${name}`)))
      .map((name) => `${path} names ${name}, which is not there`),
    ...runs
      .filter((name) => !scripts.includes(name))
      .map((name) => `${path} says npm run ${name}, which package.json does not know`),
  ]
}

/** Folders of a person, which exist on one machine only. `/home/me` is for examples. */
export const homePaths = (path: string, text: string): ReadonlyArray<string> =>
  [...text.matchAll(/(?<![\w.~])\/(?:home|Users)\/(?!me\b)[\w.-]+|(?<![\w.~/-])\/root\/[\w.-]+/g)].map(
    ([found]) => `${path} names ${found}, a folder of one machine`,
  )

/** Packages for which a lock file names an address to download from: with it, no other registry could be used. */
export const downloadAddresses = (lockFile: string): ReadonlyArray<string> => {
  const { packages }: { readonly packages: Readonly<Record<string, { readonly resolved?: string }>> } =
    JSON.parse(lockFile)
  return Object.entries(packages).flatMap(([name, { resolved }]) =>
    resolved !== undefined && /^[a-z+]+:\/\//.test(resolved) ? [`${name} is taken from ${resolved}`] : [],
  )
}
