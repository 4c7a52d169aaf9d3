/** Bounds what one decision appends, but for the few events that end a sync: it stays under a thousand events and well under a mebibyte. */
export const eventsMax = 900
