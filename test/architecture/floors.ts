/** What a floor of the house may stand on. `packages: 'any'` means every dependency of package.json. */
export type Floor = {
  readonly on: ReadonlyArray<string>
  readonly packages: ReadonlyArray<string> | 'any'
  readonly because: string
}

/** The floors, lowest first. Whatever lies in `src` belongs to exactly one of them. */
export const floors: Readonly<Record<string, Floor>> = {
  prelude: {
    on: [],
    packages: ['fp-ts'],
    because: 'the prelude is our fp vocabulary and nothing else',
  },
  domain: {
    on: ['prelude'],
    packages: ['io-ts'],
    because: 'what a Job is must be readable and testable without anything that happens to it',
  },
  projections: {
    on: ['prelude', 'domain'],
    packages: ['io-ts'],
    because: 'a view is a pure fold over facts, so that it runs in the server, the CLI and the browser alike',
  },
  timetravel: {
    on: ['prelude', 'domain', 'projections'],
    packages: ['io-ts'],
    because: 'questions about the past are pure functions over the log',
  },
  sagas: {
    on: ['prelude', 'domain', 'projections'],
    packages: ['rxjs'],
    because: 'a saga is moments in and intents out; it owns no store, no socket and no clock',
  },
  application: {
    on: ['prelude', 'domain', 'projections', 'timetravel', 'sagas'],
    packages: ['io-ts', 'rxjs'],
    because: 'the application joins the floors and declares ports; adapters come to it, not it to them',
  },
  adapters: {
    on: ['prelude', 'domain', 'projections', 'timetravel', 'sagas', 'application'],
    packages: 'any',
    because: 'an adapter can be replaced because only main knows it',
  },
  main: {
    on: ['prelude', 'domain', 'projections', 'timetravel', 'sagas', 'application', 'adapters'],
    packages: 'any',
    because: 'main joins everyone to what a command needs, and nobody knows it',
  },
}

/** Floors that touch the world; all others are pure. */
export const worldly: ReadonlyArray<string> = ['adapters', 'main']

/** Words that do not belong on a pure floor, looked for in code without comments and texts. */
export const impure: ReadonlyArray<{ readonly word: RegExp; readonly because: string }> = [
  { word: /\bDate\.now\b/, because: 'time arrives with the command or through the Clock port' },
  { word: /\bnew Date(?:\(\s*\)|(?!\s*\())/, because: 'time arrives with the command or through the Clock port' },
  { word: /(?<!new )(?<![.\w])Date\(/, because: 'time arrives with the command or through the Clock port' },
  { word: /(?<![.\w])performance\./, because: 'time arrives with the command or through the Clock port' },
  {
    word: /(?<![.\w])(?:set(?:Timeout|Interval|Immediate)|queueMicrotask)\b/,
    because: 'timers belong to the Clock port',
  },
  { word: /\bMath\.random\b/, because: 'randomness arrives as a seed with the command' },
  { word: /(?<![.\w])crypto\./, because: 'randomness arrives as a seed with the command' },
  { word: /(?<![.\w])process\./, because: 'only adapters and main know the process' },
  { word: /(?<![.\w])console\./, because: 'only adapters and main speak to a terminal' },
  { word: /(?<![.\w])fetch\(/, because: 'I/O belongs to adapters' },
  {
    word: /(?<![.\w])(?:globalThis|Buffer|require)\b/,
    because: 'a pure floor runs in any JavaScript, not in Node alone',
  },
]
