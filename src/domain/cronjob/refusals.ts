/** Why a command is refused: states of affairs, one list for the CronJob's decider. */
export type CronJobRefusal = { readonly _tag: 'CronJobNotFound' } | { readonly _tag: 'CronJobAlreadyExists' }

/** The refusal as one sentence for a person. */
export const cronJobRefusalText = (refusal: CronJobRefusal): string => {
  switch (refusal._tag) {
    case 'CronJobNotFound':
      return 'the CronJob does not exist'
    case 'CronJobAlreadyExists':
      return 'the CronJob already exists'
  }
}
