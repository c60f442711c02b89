/**
 * What money is worth, told a second time and as simply as it goes: a model to compare the product with. It knows no
 * intervals: a member holds a queue of time that was paid for, which runs down.
 */

export type Plan = 'week' | 'month'
export type News = 'pending' | 'paid' | 'failed' | 'expired' | 'canceled' | 'refunded' | 'charged_back'

const DAY_MS = 86_400_000
const PLANS = { week: { days: 7, cents: 990 }, month: { days: 30, cents: 2_990 } }
const STRENGTH: Record<News, number> = {
  pending: 0,
  failed: 1,
  expired: 1,
  canceled: 1,
  paid: 2,
  refunded: 3,
  charged_back: 4,
}

interface Order {
  member: number
  plan: Plan
  state: News
  paidAt: number | null
  number: number
}

export class ReferenceModel {
  readonly orders: Order[] = []
  readonly #canceled = new Set<number>()

  order(member: number, plan: Plan): number {
    this.orders.push({ member, plan, state: 'pending', paidAt: null, number: this.orders.length })
    return this.orders.length - 1
  }

  told(number: number, news: News, now: number) {
    const order = this.orders[number]
    if (!order || STRENGTH[news] <= STRENGTH[order.state]) return
    order.state = news
    if (STRENGTH[news] < STRENGTH.paid || order.paidAt !== null) return
    order.paidAt = now
    this.#canceled.delete(order.member)
  }

  cancel(member: number, now: number) {
    if (this.until(member, now) > now) this.#canceled.add(member)
  }

  resume(member: number, now: number) {
    if (this.until(member, now) > now) this.#canceled.delete(member)
  }

  /** Until when the member may watch; `now` or earlier is no access. */
  until(member: number, now: number): number {
    const paid = this.orders
      .filter((order) => order.member === member && order.state === 'paid' && order.paidAt !== null)
      .toSorted((a, b) => (a.paidAt ?? 0) - (b.paidAt ?? 0) || a.number - b.number)
    let queue: Array<{ plan: Plan; ms: number }> = []
    let clock = 0
    for (const { plan, paidAt } of paid) {
      queue = runDown(queue, (paidAt ?? 0) - clock)
      clock = paidAt ?? 0
      const held = queue.map((time) => (time.plan === plan ? time.ms : worth(time, plan)))
      queue = [...held, PLANS[plan].days * DAY_MS].map((ms) => ({ plan, ms }))
    }
    return queue.reduce((end, { ms }) => end + ms, clock || now)
  }

  /** `active`, `canceled` or none. */
  state(member: number, now: number): 'active' | 'canceled' | 'none' {
    if (this.until(member, now) <= now) return 'none'
    return this.#canceled.has(member) ? 'canceled' : 'active'
  }
}

function runDown(queue: Array<{ plan: Plan; ms: number }>, elapsed: number) {
  let left = elapsed
  return queue
    .map(({ plan, ms }) => {
      const used = Math.min(ms, left)
      left -= used
      return { plan, ms: ms - used }
    })
    .filter(({ ms }) => ms > 0)
}

/** What the time would have bought of the other plan. */
function worth({ plan, ms }: { plan: Plan; ms: number }, other: Plan) {
  const a = PLANS[plan]
  const b = PLANS[other]
  return (ms * (a.cents / a.days)) / (b.cents / b.days)
}
