import type { Db } from '#src/db/index.ts'
import { runStatement } from '#src/db/statement.ts'

/**
 * Work that must be done although the process that wanted it may die: it is kept in the database (pg-boss), done at
 * least once, tried again ever later when it fails, and after the last try kept for a person to look at. What a job
 * is given are ids alone: no personal data, no secrets.
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
  | 'confirm-email'
  | 'email-change-asked'
  | 'email-changed'
  | 'receipt'
  | 'reminder'
  | 'refunded'
  | 'order-moved'

export type JobName = keyof Jobs

export const JOB_NAMES: JobName[] = ['settle-event', 'refund-payment', 'mail']

export interface JobQueue {
  /** Adds a job, in the transaction `db`: it is there when that commits, and only then. */
  send<Name extends JobName>(db: Db, name: Name, job: Jobs[Name]): Promise<void>
  /** Says that such a job has just been committed: workers of this process need not wait for their next look. */
  wake(name: JobName): void
  /** Calls back at every `wake`. */
  onWake(listener: (name: JobName) => void): void
}

/** Adds jobs. Does none: `startWorkers` does. */
export function openJobQueue(): JobQueue {
  const listeners: Array<(name: JobName) => void> = []
  return {
    wake(name) {
      for (const listener of listeners) listener(name)
    },
    onWake: (listener) => listeners.push(listener),
    async send(db, name, job) {
      await runStatement(db, 'select send_job($1, $2::jsonb)', [name, JSON.stringify(job)])
    },
  }
}
