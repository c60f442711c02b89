import { Unavailable } from '#src/errors.ts'

/** The error as `Unavailable`, for the moments when only the connection can be at fault. */
export const unavailable = (cause: unknown) =>
  new Unavailable('The database does not answer. It is tried again with the next request.', { cause })
