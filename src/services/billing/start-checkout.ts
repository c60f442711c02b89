import { and, eq, isNull } from 'drizzle-orm'
import type { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, sessions, users } from '#src/db/schema.ts'
import { Conflict, InvalidInput } from '#src/errors.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { gatewayFor } from '#src/services/gateways/gateways.ts'
import { settleLapsed } from './ask-gateway.ts'
import { documentHash, keepDocument } from './buyer-document.ts'
import { type ChargeDeps, isPayable, openPayment, requestCharge } from './charge.ts'
import { mayAsk } from './charge-limits.ts'
import { checkoutState, ownCheckout } from './checkout-state.ts'
import { readOffer } from './offer.ts'
import type { CheckoutForm, CheckoutState, CheckoutStatus, Offer, PaymentMethod } from './views.ts'

type Checkout = typeof checkouts.$inferSelect
type Payment = typeof payments.$inferSelect

/** A browser that can be known again: somebody has signed in, or buys as a guest. */
export type Buyer = Pick<Viewer, 'userId'> & { sessionId: number }

/** Where this request has reached the site, in which language, and where it comes from. */
export interface BuyerVisit {
  origin: string
  language: string
  /** What limits are counted by; null where that is not known. */
  network: string | null
}

/**
 * Opens the checkout of this browser and asks the gateway for its charge. Asked twice for the same, be it by a double
 * click or from two tabs, it is one checkout with one charge; asked for something else, the one before is abandoned.
 * The row is committed before the gateway hears of it (spec §4).
 * @throws NotFound when the plan is not on sale.
 * @throws InvalidInput when it does not accept the method.
 * @throws TooManyRequests when too many charges were asked for from here.
 */
export async function startCheckout(
  deps: ChargeDeps,
  buyer: Buyer,
  form: CheckoutForm,
  visit: BuyerVisit,
): Promise<CheckoutState> {
  const offer = await readOffer(deps, buyer, form.planId, deps.now())
  insistOnMethod(offer.methods, form.method)
  const gateway = await gatewayFor(deps, form.method)
  await settleLapsed(deps, buyer.sessionId)
  await failpoint('checkout: before its row')
  const { checkout, payment } = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      await lockSession(tx, buyer.sessionId)
      const checkout = await openCheckout(tx, deps, buyer, offer, form, visit)
      const order = { gatewayId: gateway.id, method: form.method }
      return { checkout, payment: await openPayment(tx, deps, { ...buyer, ...visit }, checkout, order) }
    }),
  )
  await failpoint('checkout: row committed')
  await makePayable(deps, payment, checkout, visit.origin)
  return checkoutState(deps, buyer, checkout.publicId)
}

/**
 * Another try to pay, or another method.
 * @throws NotFound when it is another's, or there is none.
 * @throws Conflict when it is paid, or its plan is not on sale any more at this price.
 * @throws TooManyRequests as at the first one.
 */
export async function payCheckout(
  deps: ChargeDeps,
  buyer: Buyer,
  publicId: string,
  method: PaymentMethod,
  visit: BuyerVisit,
): Promise<CheckoutState> {
  const own = await ownCheckout(deps.database.db, buyer, publicId)
  const offer = await readOffer(deps, buyer, own.planId, deps.now())
  if (!isAsOffered(own, offer)) throw new Conflict('The offer has changed since. Order it anew.')
  insistOnMethod(offer.methods, method)
  const gateway = await gatewayFor(deps, method)
  await settleLapsed(deps, buyer.sessionId)
  const { checkout, payment } = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const checkout = await reopenCheckout(tx, buyer, own.id, method)
      const order = { gatewayId: gateway.id, method }
      return { checkout, payment: await openPayment(tx, deps, { ...buyer, ...visit }, checkout, order) }
    }),
  )
  await makePayable(deps, payment, checkout, visit.origin)
  return checkoutState(deps, buyer, publicId)
}

/** A charge that is there already needs no asking; one that the gateway owes us is asked for now and then. */
async function makePayable(deps: ChargeDeps, payment: Payment, checkout: Checkout, origin: string) {
  if (isPayable(payment) || !(await mayAsk(deps.database.db, payment.id))) return
  await requestCharge(deps, payment, checkout, origin)
}

/**
 * Whether the order has to be looked at once more before it is paid so: its offer has changed since, or paying so needs
 * what the buyer has not told.
 */
export function hasToBeOrderedAnew(checkout: Checkout, offer: Offer, method: PaymentMethod): boolean {
  const { document, phone } = offer.needs[method]
  const isEnough =
    (!document || checkout.customerDocument !== null) && (!phone || checkout.customerPhone !== null)
  return !PAID_ONCE.includes(checkout.status) && !(isEnough && isAsOffered(checkout, offer))
}

/** A charge is made at the price of today: a checkout that was left open holds no old one. */
const isAsOffered = (
  { planCents, planDays, bumpCents, currency }: Checkout,
  { plan, bump, ...offer }: Offer,
) =>
  planCents === plan.priceCents &&
  planDays === plan.days &&
  currency === offer.currency &&
  (bumpCents === null || bumpCents === bump?.cents)

const PAID_ONCE: CheckoutStatus[] = ['paid', 'refunded', 'charged_back']

function insistOnMethod(methods: PaymentMethod[], method: PaymentMethod) {
  if (methods.includes(method)) return
  throw new InvalidInput(
    methods.length === 0
      ? 'This plan cannot be bought just now.'
      : `This plan cannot be paid by ${method === 'pix' ? 'PIX' : 'card'}. Choose another way.`,
  )
}

/** What one browser does comes one after the other. */
async function lockSession(tx: Db, sessionId: number) {
  const [session] = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.id, sessionId))
    .for('update')
  if (!session) throw new Conflict('This browser has signed out meanwhile. Reload the page and try again.')
}

async function openCheckout(
  tx: Db,
  deps: ChargeDeps,
  buyer: Buyer,
  offer: Offer,
  form: CheckoutForm,
  { language }: BuyerVisit,
): Promise<Checkout> {
  const [open] = await tx
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.sessionId, buyer.sessionId), eq(checkouts.status, 'pending')))
    .for('update')
  const order = orderOf(deps, buyer, offer, form)
  if (open && isSame(open, order)) return goOnWith(tx, deps, open, form)
  if (open) await tx.update(checkouts).set({ status: 'abandoned' }).where(eq(checkouts.id, open.id))

  if (buyer.userId !== null && offer.buyer?.name === null) await nameBuyer(tx, buyer.userId, form.name)
  const [opened] = await tx
    .insert(checkouts)
    .values({
      ...order,
      sessionId: buyer.sessionId,
      paymentMethod: form.method,
      language,
      typedByOwner: buyer.userId !== null,
    })
    .returning()
  if (!opened) throw new Error('A checkout that was inserted was not returned.')
  const { customerDocument } = keepDocument(deps, opened.publicId, form.document)
  if (customerDocument === null) return opened
  await tx.update(checkouts).set({ customerDocument }).where(eq(checkouts.id, opened.id))
  return { ...opened, customerDocument }
}

/** Who has told no name until now has one from then on, and need not type it again. */
const nameBuyer = (tx: Db, userId: number, name: string) =>
  tx
    .update(users)
    .set({ name })
    .where(and(eq(users.id, userId), isNull(users.name)))

/** What is ordered, at the price that is offered now: the browser names none. */
function orderOf(
  { hashKey }: ChargeDeps,
  { userId }: Buyer,
  { plan, bump, currency, buyer }: Offer,
  form: CheckoutForm,
) {
  const taken = form.withBump ? bump : null
  return {
    userId,
    planId: plan.id,
    planName: plan.name,
    planCents: plan.priceCents,
    planDays: plan.days,
    orderBump: taken !== null,
    bumpName: taken?.name ?? null,
    bumpCents: taken?.cents ?? null,
    totalAmount: plan.priceCents + (taken?.cents ?? 0),
    currency,
    customerName: form.name,
    // A member buys for themselves; a guest for whom they say.
    customerEmail: buyer?.email ?? form.email,
    customerPhone: form.phone,
    documentHash: form.document === null ? null : documentHash(hashKey, form.document),
  }
}

/** What one method asks for and the other does not makes no other order: else PIX and card would be two to pay. */
const isSame = (open: Checkout, order: ReturnType<typeof orderOf>) =>
  Object.entries(order).every(([column, value]) => {
    const known = open[column as keyof typeof order]
    const isAskedBySome = column === 'documentHash' || column === 'customerPhone'
    return known === value || (isAskedBySome && (known === null || value === null))
  })

async function goOnWith(tx: Db, deps: ChargeDeps, open: Checkout, form: CheckoutForm): Promise<Checkout> {
  const told = {
    ...(open.customerDocument === null && keepDocument(deps, open.publicId, form.document)),
    ...(open.customerPhone === null && { customerPhone: form.phone }),
  }
  if (Object.values(told).every((value) => value === null)) return setMethod(tx, open, form.method)
  await tx.update(checkouts).set(told).where(eq(checkouts.id, open.id))
  return setMethod(tx, { ...open, ...told }, form.method)
}

async function setMethod(tx: Db, checkout: Checkout, method: PaymentMethod): Promise<Checkout> {
  if (checkout.paymentMethod === method) return checkout
  await tx.update(checkouts).set({ paymentMethod: method }).where(eq(checkouts.id, checkout.id))
  return { ...checkout, paymentMethod: method }
}

async function reopenCheckout(tx: Db, buyer: Buyer, id: number, method: PaymentMethod): Promise<Checkout> {
  await lockSession(tx, buyer.sessionId)
  const [checkout] = await tx.select().from(checkouts).where(eq(checkouts.id, id)).for('update')
  if (!checkout || PAID_ONCE.includes(checkout.status)) {
    throw new Conflict('This order has been paid already. Open it again to see what came of it.')
  }
  if (checkout.status === 'pending') return setMethod(tx, checkout, method)

  await tx
    .update(checkouts)
    .set({ status: 'abandoned' })
    .where(and(eq(checkouts.sessionId, buyer.sessionId), eq(checkouts.status, 'pending')))
  const [reopened] = await tx
    .update(checkouts)
    .set({ status: 'pending', paymentMethod: method, sessionId: buyer.sessionId })
    .where(eq(checkouts.id, id))
    .returning()
  return reopened as Checkout
}
