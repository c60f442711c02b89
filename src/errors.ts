/**
 * An error that says, in words for a person, what happened and what to do.
 * `status` is the HTTP answer; the command line prints `message` and exits with `exitCode`.
 */
export class AppError extends Error {
  readonly status: number = 500
  readonly exitCode: number = 1
  /** Stable identifier for API clients: the last segment of the problem's `type` (RFC 9457). */
  readonly code: string = 'internal'
  override get name() {
    return this.constructor.name
  }
}

/** The input cannot be accepted as it is; the message names the field and what would be right. */
export class InvalidInput extends AppError {
  override readonly status = 400
  override readonly code = 'invalid-input'
}

/** Only for who has signed in, and this one has not. */
export class SignInNeeded extends AppError {
  override readonly status = 401
  override readonly code = 'sign-in-needed'
}

export class NotFound extends AppError {
  override readonly status = 404
  override readonly code = 'not-found'
}

/** The viewer may not have this, whoever asks again will get the same answer. */
export class Forbidden extends AppError {
  override readonly status = 403
  override readonly code = 'forbidden'
}

/** Another row or another running operation stands in the way. */
export class Conflict extends AppError {
  override readonly status = 409
  override readonly code = 'conflict'
}

/** The database or the bucket does not answer for now; the same request may succeed later. */
export class Unavailable extends AppError {
  override readonly status = 503
  override readonly code = 'unavailable'
}

/** More was sent than is read. */
export class TooLarge extends AppError {
  override readonly status = 413
  override readonly code = 'too-large'
}

/** The viewer asked for more than one gets in a while. */
export class TooManyRequests extends AppError {
  override readonly status = 429
  override readonly code = 'too-many-requests'
  /** Seconds until it is worth asking again. */
  readonly retryAfter: number
  constructor(message: string, retryAfter: number, options?: ErrorOptions) {
    super(message, options)
    this.retryAfter = retryAfter
  }
}

/** The program is set up wrongly: environment, data folder, migrations. Retrying does not help. */
export class Misconfigured extends AppError {
  override readonly status = 500
  override readonly code = 'misconfigured'
}
