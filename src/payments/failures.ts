import { AppError, Unavailable } from '#src/errors.ts'

/** The gateway has certainly done nothing; its own words are for the log alone. */
export class GatewayRefused extends AppError {
  override readonly status = 422
  override readonly code = 'gateway-refused'
}

/** Whether the gateway did it, nobody knows yet: it has to be asked again, never to be assumed. */
export class GatewayUncertain extends Unavailable {}

/** A message that no gateway of ours has signed just now. */
export class ForgedWebhook extends AppError {
  override readonly status = 401
  override readonly code = 'forged-webhook'
  constructor(options?: ErrorOptions) {
    // What exactly was wrong would help a forger alone.
    super('This message is not signed by the gateway.', options)
  }
}
