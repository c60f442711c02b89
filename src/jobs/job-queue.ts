import type { Db } from '#src/db/index.ts'

/**
 * Work that must be done although the process that wanted it may die: it is kept in the database, done at least once,
 * tried again when it fails, and after the last try kept for a person to look at. What a job is given are ids alone:
 * no personal data, no secrets.
 */
export interface Jobs {
  /** A webhook's event, stored and waiting. */
  'settle-event': { eventId: number }
  /** A refund that was asked for. */
  'refund-payment': { paymentId: number }
  /** A mail; `about` is the row it tells of, where it tells of one. */
  mail: { template: MailTemplate; userId: number; about?: number }
}

/** What the mails are; each is written in `src/services/mail/templates/`. */
export type MailTemplate =
  | 'claim'
  | 'reset'
  | 'already-registered'
  | 'password-changed'
  | 'receipt'
  | 'reminder'
  | 'refunded'

export type JobName = keyof Jobs

export interface DeadJob {
  id: string
  name: JobName
  failedAt: Date
  /** The error's message at the last try. */
  reason: string
}

export interface JobQueue {
  /** Adds a job, in the transaction `db`: it is there when that commits, and only then. */
  send<Name extends JobName>(db: Db, name: Name, job: Jobs[Name]): Promise<void>
}
