/** Something of the host's that appears inside the sandbox. Both paths are absolute and free of symbolic links. */
export type Mount = { readonly source: string; readonly target: string; readonly readOnly: boolean }

/** A folder of the host rebuilt entry by entry on a fresh one, so that mount points can be made in it. */
export type OpenedFolder = {
  readonly path: string
  /** `link` is where a symbolic link points to, null for everything else. */
  readonly entries: ReadonlyArray<{ readonly name: string; readonly link: string | null }>
}

export type SandboxShape = {
  readonly hostname: string
  readonly network: boolean
  /** Folders of the host that appear empty. */
  readonly hidden: ReadonlyArray<string>
  readonly opened: ReadonlyArray<OpenedFolder>
  readonly mounts: ReadonlyArray<Mount>
}

/**
 * The arguments of bubblewrap, up to and without the command: own PID, IPC, UTS and mount namespaces (and network, if asked),
 * no capability, the host's files read-only, a private /tmp, /proc and /dev, and everything dies with its parent.
 */
export const bubblewrapArguments = ({ hostname, network, hidden, opened, mounts }: SandboxShape): Array<string> => {
  const [root, ...folders] = byDepth(opened, ({ path }) => path)
  const rootOpened = root?.path === '/'
  const rest = rootOpened || root === undefined ? folders : [root, ...folders]
  return [
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    ...(network ? [] : ['--unshare-net']),
    '--die-with-parent',
    '--new-session',
    ...['--cap-drop', 'ALL'],
    ...['--hostname', hostname],
    ...(rootOpened ? entriesOf(root) : ['--ro-bind', '/', '/']),
    ...rest.flatMap((folder) => ['--tmpfs', folder.path, ...entriesOf(folder)]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--tmpfs', '/tmp'],
    ...outermost(hidden.filter((folder) => !isInside(folder, '/tmp'))).flatMap((folder) => ['--tmpfs', folder]),
    ...byDepth(mounts, ({ target }) => target).flatMap(({ source, target, readOnly }) => [
      readOnly ? '--ro-bind' : '--bind',
      source,
      target,
    ]),
    ...opened.flatMap(({ path }) => ['--remount-ro', path]),
    ...['--chdir', '/'],
  ]
}

/** Whether `path` is `folder` or lies in it. Both are absolute and normal. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)

/** These the sandbox always makes anew, so an opened root leaves them out. */
const ownFolders = ['/proc', '/dev', '/tmp']

const entriesOf = ({ path, entries }: OpenedFolder): Array<string> =>
  entries.flatMap(({ name, link }) => {
    const entry = path === '/' ? `/${name}` : `${path}/${name}`
    if (ownFolders.includes(entry)) return []
    return link === null ? ['--ro-bind-try', entry, entry] : ['--symlink', link, entry]
  })

const byDepth = <A>(items: ReadonlyArray<A>, pathOf: (item: A) => string): ReadonlyArray<A> =>
  items.toSorted((a, b) => depth(pathOf(a)) - depth(pathOf(b)))

const depth = (path: string): number => (path === '/' ? 0 : path.split('/').length - 1)

const outermost = (folders: ReadonlyArray<string>): ReadonlyArray<string> =>
  folders.filter(
    (folder, i) =>
      folders.indexOf(folder) === i && !folders.some((other) => other !== folder && isInside(folder, other)),
  )
