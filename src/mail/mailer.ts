export interface Message {
  to: string
  subject: string
  text: string
  html: string
  /** Whose name stands before the address that mails come from. */
  senderName?: string
}

/** Hands a message to somebody who delivers it. @throws Unavailable when nobody takes it for now. */
export interface Mailer {
  send(message: Message): Promise<void>
  close(): void
}
