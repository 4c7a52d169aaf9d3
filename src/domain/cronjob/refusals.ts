/** Why a command is refused: states of affairs, one list for the CronJob's decider. */
export type CronJobRefusal = { readonly _tag: 'CronJobNotFound' } | { readonly _tag: 'CronJobAlreadyExists' }
