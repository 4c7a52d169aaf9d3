/** What is not stored but answered: who somebody is and what that user may do. Clients create one to ask. */
export const reviewKinds = [
  { group: 'authentication.k8s.io', kind: 'SelfSubjectReview' },
  { group: 'authentication.k8s.io', kind: 'TokenReview' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview' },
  { group: 'authorization.k8s.io', kind: 'SubjectAccessReview' },
].map((review) => ({ ...review, version: 'v1', plural: `${review.kind.toLowerCase()}s` }))

export type ReviewKind = (typeof reviewKinds)[number]

export const reviewGroups: ReadonlyArray<string> = [...new Set(reviewKinds.map(({ group }) => group))]
