/** The node that runs Pods here when there is only one. */
export const firstNode = 'local'
