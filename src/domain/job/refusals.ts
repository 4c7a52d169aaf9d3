/** Why a command is refused: states of affairs, one list for the Job's decider. */
export type JobRefusal =
  | { readonly _tag: 'JobNotFound' }
  | { readonly _tag: 'JobAlreadyExists' }
  | { readonly _tag: 'PodNotFound'; readonly pod: number }
  /** Somebody else changed the Job meanwhile: look again. */
  | { readonly _tag: 'JobOutdated' }
  /** A value that Kubernetes would refuse; `field` is its path, `detail` Kubernetes' text. */
  | { readonly _tag: 'FieldInvalid'; readonly field: string; readonly value: string; readonly detail: string }
  /** Its Pods run here, and nobody would look after them without it. */
  | { readonly _tag: 'PodsEndHere' }
  /** It is being deleted or has finished. */
  | { readonly _tag: 'JobAdoptsNoPods' }

/** The refusal as one sentence for a person. */
export const refusalText = (refusal: JobRefusal): string => {
  switch (refusal._tag) {
    case 'JobNotFound':
      return 'the Job does not exist'
    case 'JobAlreadyExists':
      return 'the Job already exists'
    case 'JobOutdated':
      return 'the Job has changed meanwhile; try again'
    case 'PodNotFound':
      return 'the Pod does not exist'
    case 'FieldInvalid':
      return `${refusal.field}: Invalid value: ${refusal.value}: ${refusal.detail}`
    case 'PodsEndHere':
      return 'the Pods of this Job run here, and only jobledger serve looks after Pods without their Job'
    case 'JobAdoptsNoPods':
      return 'the Job takes no Pods over any more'
  }
}
