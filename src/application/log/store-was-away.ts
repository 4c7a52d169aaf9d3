/**
 * Whether a wish or a fact failed because the store was away, or went away while it was asked. It is told again later: the writer then
 * decides on what the log has, so what was stored after all is not stored twice, and what comes in late is refused by its revision.
 */
export const storeWasAway = ({ _tag }: { readonly _tag: string }): boolean =>
  _tag === 'StoreUnavailable' || _tag === 'UnknownOutcome'
