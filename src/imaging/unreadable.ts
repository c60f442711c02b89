import type { Unreadability } from './picture-messages.ts'

/** No picture can be made of this, whoever tries: it is the content's fault, not the machine's. */
export class Unreadable extends Error {
  readonly reason: Unreadability
  constructor(reason: Unreadability, options?: ErrorOptions) {
    super(`No picture can be made of it: ${reason}.`, options)
    this.reason = reason
  }
}
