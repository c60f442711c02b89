import { and, desc, eq, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts } from '#src/db/schema.ts'
import { NotFound } from '#src/errors.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { gatewayById } from '#src/services/gateways/gateways.ts'
import { servedMethods } from '#src/services/gateways/served-methods.ts'
import { askGateway } from './ask-gateway.ts'
import { type ChargeDeps, readPixCode } from './charge.ts'
import { mayAsk } from './charge-limits.ts'
import { linesOf } from './checkout-lines.ts'
import { mayCorrectEmail } from './email-correction.ts'
import { methodsOf } from './offer.ts'
import { listPlansOnSale } from './plans.ts'
import { accessPaidInBrowser } from './queries/paid-in-browser.ts'
import { isOpen } from './states.ts'
import type { CheckoutState, PaymentView } from './views.ts'

type Checkout = typeof checkouts.$inferSelect
type Payment = typeof payments.$inferSelect
type Asker = Pick<Viewer, 'userId' | 'sessionId'>

const publicIds = z.uuid()

/**
 * The checkout, of the browser that buys or of the member it belongs to.
 * @throws NotFound for another person's as for one that is not there.
 */
export async function ownCheckout(db: Db, { userId, sessionId }: Asker, publicId: string): Promise<Checkout> {
  const isMine = [
    ...(sessionId === null ? [] : [eq(checkouts.sessionId, sessionId)]),
    ...(userId === null ? [] : [eq(checkouts.userId, userId)]),
  ]
  if (isMine.length > 0 && publicIds.safeParse(publicId).success) {
    const [checkout] = await db
      .select()
      .from(checkouts)
      .where(and(eq(checkouts.publicId, publicId), or(...isMine)))
    if (checkout) return checkout
  }
  throw new NotFound('There is no order of yours at this address.')
}

/** What has become of the checkout. @throws NotFound when it is another's, or there is none. */
export async function checkoutState(
  deps: ChargeDeps,
  asker: Asker,
  publicId: string,
): Promise<CheckoutState> {
  const { db } = deps.database
  const checkout = await ownCheckout(db, asker, publicId)
  const [payment, plan, served, access] = await Promise.all([
    shownPayment(db, checkout),
    listPlansOnSale(db).then((plans) => plans.find(({ id }) => id === checkout.planId)),
    servedMethods(deps),
    accessOf(db, asker, checkout.id),
  ])
  return {
    publicId,
    status: checkout.status,
    planId: checkout.planId,
    planName: checkout.planName ?? '',
    lines: linesOf(checkout),
    totalCents: checkout.totalAmount,
    currency: checkout.currency,
    methods: plan ? methodsOf(plan, served, checkout.currency) : [],
    payment: payment && (await viewOf(deps, payment)),
    accessUntil: access,
    email: checkout.customerEmail ?? '',
    mayCorrectEmail: mayCorrectEmail(checkout, asker, deps.now()),
  }
}

/**
 * As `checkoutState`, after the gateway was asked what became of the charge: for the buyer who comes back from its page.
 * A gateway that does not answer, or was asked often enough, changes nothing; the webhook and the reconciler will tell.
 */
export async function refreshCheckout(
  deps: ChargeDeps,
  asker: Asker,
  publicId: string,
): Promise<CheckoutState> {
  const { db } = deps.database
  const checkout = await ownCheckout(db, asker, publicId)
  const payment = await shownPayment(db, checkout)
  if (payment && isOpen(payment.status) && (await mayAsk(db, payment.id))) await askGateway(deps, payment)
  return checkoutState(deps, asker, publicId)
}

/** The one that settled it, else the last one of the chosen method. */
async function shownPayment(db: Db, checkout: Checkout): Promise<Payment | null> {
  const all = await db
    .select()
    .from(payments)
    .where(eq(payments.checkoutId, checkout.id))
    .orderBy(desc(payments.id))
    .limit(50)
  const settled = all.find(({ paidAt, isSurplus }) => paidAt !== null && !isSurplus)
  return settled ?? all.find(({ method }) => method === checkout.paymentMethod) ?? all[0] ?? null
}

async function viewOf(deps: ChargeDeps, payment: Payment): Promise<PaymentView> {
  const { kind } = await gatewayById(deps, payment.gatewayId)
  const { method, status, expiresAt, payUrl } = payment
  const pixCode = isOpen(status) ? readPixCode(deps, payment) : null
  return { method, status, pixCode, expiresAt, payUrl, isPretend: kind.isPretend }
}

/** Null where the term was revoked. A guest is told of what was paid here, and not of what the e-mail's account has. */
async function accessOf(db: Db, { userId, sessionId }: Asker, checkoutId: number): Promise<Date | null> {
  const [term] = await db
    .select({ endsAt: terms.endsAt })
    .from(terms)
    .where(and(eq(terms.checkoutId, checkoutId), isNull(terms.revokedAt)))
  if (!term || userId !== null || sessionId === null) return term?.endsAt ?? null
  return accessPaidInBrowser(db, sessionId)
}
