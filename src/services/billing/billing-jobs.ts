import type { Deps } from '#src/deps.ts'
import type { JobHandlers, ScheduleHandlers } from '#src/jobs/workers.ts'
import { sweepAccounts } from '#src/services/accounts/sweep-accounts.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import { settleEvent } from './inbox.ts'
import { abandonCheckouts, expireSubscriptions, remindMembers } from './lapse.ts'
import { reconcile } from './reconcile.ts'
import { refundPayment } from './refunds.ts'

/** What each kind of job does. */
export const jobHandlers = (deps: Deps): JobHandlers => ({
  'settle-event': ({ eventId }) => settleEvent(deps, eventId),
  'refund-payment': ({ paymentId }) => refundPayment(deps, paymentId),
  mail: (job) => sendMail(deps, job, deps.now()),
})

/** What the clock asks for. */
export const scheduleHandlers = (deps: Deps): ScheduleHandlers => ({
  reconcile: () => reconcile(deps),
  async expire() {
    await expireSubscriptions(deps)
    await abandonCheckouts(deps)
  },
  remind: () => remindMembers(deps),
  sweep: () => sweepAccounts(deps.database.db, deps.now()),
})
