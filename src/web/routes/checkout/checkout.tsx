import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '#src/deps.ts'
import { AppError, Conflict, InvalidInput, NotFound, TooManyRequests, Unavailable } from '#src/errors.ts'
import { deviceOf } from '#src/services/accounts/device.ts'
import { ensureGuestSession, newSessionToken } from '#src/services/accounts/sessions.ts'
import { readCheckoutForm } from '#src/services/billing/checkout-form.ts'
import { checkoutState, ownCheckout, refreshCheckout } from '#src/services/billing/checkout-state.ts'
import type { CheckoutWatch } from '#src/services/billing/checkout-watch.ts'
import { readOffer } from '#src/services/billing/offer.ts'
import {
  type BuyerVisit,
  hasToBeOrderedAnew,
  payCheckout,
  startCheckout,
} from '#src/services/billing/start-checkout.ts'
import type { CheckoutState, Offer, PaymentMethod } from '#src/services/billing/views.ts'
import { buyAddress, checkoutAddress, otherShop } from '../../addresses.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { whereToWatch } from '../../came-from.ts'
import { publicNetworkOf } from '../../middleware/identify.ts'
import { offerHere } from '../../near.ts'
import {
  CheckoutPage,
  type CheckoutPageProps,
  offerMark,
  type PaymentObstacle,
} from '../../pages/checkout/checkout-page.tsx'
import { checkoutView } from '../../pages/checkout/checkout-view.ts'
import { HandoffPage } from '../../pages/checkout/handoff-page.tsx'
import { NotSoldPage } from '../../pages/checkout/not-sold-page.tsx'
import { CHECKED, CheckoutStatePage } from '../../pages/checkout/state-page.tsx'
import { allow } from '../../policies.ts'
import { languageOf, renderPage } from '../../render.tsx'
import { sessionToken, setSessionToken } from '../../session-cookie.ts'
import type { SiteIdentity, SiteIdentitySource } from '../../site-identity.ts'
import { siteOrigin } from '../../site-origin.ts'
import { openCheckoutEvents } from './events.ts'

/** From the plan that was chosen to what has become of its payment. */
export function checkoutRoutes(deps: Deps, identity: SiteIdentitySource, watch: CheckoutWatch) {
  const events = openCheckoutEvents(watch)

  return new Hono<AppEnv>()
    .get('/checkout', allow('public'), async (c) => {
      const asked = c.req.query('plan')
      if (asked === undefined) return c.redirect('/plans', 303)
      const offer = await offerOf(c, asked)
      if (offer === null) return answer(c, <NotSoldPage />, 404)
      const elsewhere = otherShop(offer.plan)
      if (elsewhere !== null) return c.redirect(elsewhere, 303)
      rememberGuest(c)
      const isContinued = c.req.query('order') !== undefined
      return answer(c, <CheckoutPage offer={offer} values={await valuesOf(c)} isContinued={isContinued} />)
    })

    .post('/checkout', allow('public'), async (c) => {
      const fields = await readFields(c)
      const offer = await offerOf(c, fields.plan)
      if (offer === null || offer.plan.checkoutUrl !== null) return answer(c, <NotSoldPage />, 404)

      const again = (problem: Omit<CheckoutPageProps, 'offer' | 'values'>, status: ContentfulStatusCode) =>
        answer(c, <CheckoutPage offer={offer} values={textsOf(fields)} {...problem} />, status)
      const read = readCheckoutForm(offer, { ...fields, ...(offer.buyer && { email: offer.buyer.email }) })
      const isOther = fields.seen !== undefined && fields.seen !== offerMark(offer)
      const obstacle = isOther ? 'offerChanged' : null
      if ('mistakes' in read) return again({ mistakes: read.mistakes, obstacle }, 422)
      if (isOther) return again({ obstacle }, 409)
      const sessionId = await buyersSession(c)
      if (sessionId === null) {
        rememberGuest(c)
        return again({ obstacle: 'noCookies' }, 400)
      }
      try {
        const buyer = { userId: c.var.viewer.userId, sessionId }
        return goOn(c, await startCheckout(deps, buyer, read.form, await visitOf(c)))
      } catch (error) {
        const [obstacle, status] = obstacleOf(c, error)
        return again({ obstacle }, status)
      }
    })

    .get('/checkout/:publicId', allow('public'), async (c) => {
      const state = await checkoutState(deps, c.var.viewer, c.req.param('publicId'))
      return answer(c, pageOf(c, state))
    })

    .get('/checkout/:publicId/card', allow('public'), async (c) => {
      const state = await checkoutState(deps, c.var.viewer, c.req.param('publicId'))
      const payUrl = state.payment?.payUrl ?? null
      if (checkoutView(state, deps.now()) !== 'card' || payUrl === null)
        return c.redirect(checkoutAddress(state), 303)
      // As a page that leads on by itself, and not as a redirect: see HandoffPage.
      c.header('Refresh', `0; url=${new URL(payUrl, siteOrigin(c, await identity.fresh()))}`)
      return answer(c, <HandoffPage payUrl={payUrl} />)
    })

    .get('/checkout/:publicId/return', allow('public'), async (c) => {
      const state = await refreshCheckout(deps, c.var.viewer, c.req.param('publicId'))
      const isAskedByHand = c.req.query(CHECKED) !== undefined
      return c.redirect(isAskedByHand ? `${checkoutAddress(state)}?${CHECKED}` : checkoutAddress(state), 303)
    })

    .get('/checkout/:publicId/events', allow('public'), async (c) => {
      const { publicId } = await ownCheckout(deps.database.db, c.var.viewer, c.req.param('publicId'))
      // Who asks for the head alone reads no stream, and would leave it open.
      return c.req.method === 'HEAD' ? c.body(null) : events(c, publicId)
    })

    .post('/checkout/:publicId/pay', allow('public'), async (c) => {
      const publicId = c.req.param('publicId')
      const { userId, sessionId } = c.var.viewer
      if (sessionId === null) throw new NotFound('There is no order of yours at this address.')
      const method = methodIn(await readFields(c))
      const own = await ownCheckout(deps.database.db, c.var.viewer, publicId)
      const offer = await offerOf(c, String(own.planId))
      if (offer !== null && hasToBeOrderedAnew(own, offer, method))
        return c.redirect(
          `${buyAddress(own.planId)}&${new URLSearchParams({ method, order: publicId })}`,
          303,
        )
      try {
        const buyer = { userId, sessionId }
        return goOn(c, await payCheckout(deps, buyer, publicId, method, await visitOf(c)))
      } catch (error) {
        // It was paid meanwhile: that is what the page tells.
        if (error instanceof Conflict) return c.redirect(checkoutAddress({ publicId }), 303)
        const [obstacle, status] = obstacleOf(c, error)
        return answer(c, pageOf(c, await checkoutState(deps, c.var.viewer, publicId), obstacle), status)
      }
    })

  function pageOf(c: AppContext, state: CheckoutState, obstacle: PaymentObstacle | null = null) {
    const isMember = c.var.viewer.userId !== null
    const watchAt = whereToWatch(c)
    return <CheckoutStatePage state={state} {...{ isMember, watchAt, obstacle }} now={deps.now()} />
  }

  /** Why a charge was not even asked for; whatever else went wrong is thrown on. */
  function obstacleOf(c: AppContext, error: unknown): [PaymentObstacle, 429 | 503] {
    if (error instanceof TooManyRequests) {
      c.header('Retry-After', String(error.retryAfter))
      return [{ tooManyChargesFor: error.retryAfter }, 429]
    }
    if (!(error instanceof Unavailable)) throw error
    deps.log.warn({ err: error, requestId: c.var.requestId }, 'a payment could not begin')
    return ['gatewayDown', 503]
  }

  /** Null for a plan that nobody sells, however its number is written. */
  async function offerOf(c: AppContext, planId: unknown): Promise<Offer | null> {
    if (typeof planId !== 'string' || !/^[1-9]\d{0,8}$/.test(planId)) return null
    try {
      return offerHere(c, deps.env, await readOffer(deps, c.var.viewer, Number(planId), deps.now()))
    } catch (error) {
      if (error instanceof NotFound) return null
      throw error
    }
  }

  /** What the form begins with: who pays an order in another way has told most of it already. */
  async function valuesOf(c: AppContext): Promise<Record<string, string | undefined>> {
    const method = c.req.query('method')
    const order = c.req.query('order')
    if (order === undefined) return { method }
    const own = await ownCheckout(deps.database.db, c.var.viewer, order)
    return {
      method,
      name: own.customerName ?? undefined,
      email: own.customerEmail ?? undefined,
      phone: own.customerPhone ?? undefined,
      ...(own.orderBump && { bump: 'on' }),
    }
  }

  /** Gives a browser that nobody knows a name, by which it is known again when it buys. */
  function rememberGuest(c: AppContext) {
    if (c.var.viewer.sessionId !== null || sessionToken(c, deps.env) !== null) return
    setSessionToken(c, deps.env, newSessionToken(), 'guest')
  }

  /** Null for a browser that keeps no cookies. */
  async function buyersSession(c: AppContext): Promise<number | null> {
    if (c.var.viewer.sessionId !== null) return c.var.viewer.sessionId
    const token = sessionToken(c, deps.env)
    if (token === null) return null
    const device = deviceOf(c.req.header('User-Agent'))
    try {
      return await ensureGuestSession(deps.database.db, token, device, deps.now())
    } catch (error) {
      if (!(error instanceof NotFound)) throw error
      // What is left of somebody who was signed in: a guest buys under a name of their own.
      const fresh = newSessionToken()
      setSessionToken(c, deps.env, fresh, 'guest')
      return ensureGuestSession(deps.database.db, fresh, device, deps.now())
    }
  }

  async function visitOf(c: AppContext): Promise<BuyerVisit> {
    const site = await identity.fresh()
    return { origin: siteOrigin(c, site), language: languageOf(c, site), network: publicNetworkOf(c) }
  }

  /** To where it is paid. */
  function goOn(c: AppContext, state: CheckoutState) {
    const isOnOtherPage = checkoutView(state, deps.now()) === 'card' && state.payment?.payUrl
    return c.redirect(isOnOtherPage ? `${checkoutAddress(state)}/card` : checkoutAddress(state), 303)
  }

  async function answer(c: AppContext, page: Child, status: ContentfulStatusCode = 200) {
    return renderPrivately(c, await identity.fresh(), page, status)
  }
}

/** A page for one browser, which no other may keep. */
function renderPrivately(c: AppContext, site: SiteIdentity, page: Child, status: ContentfulStatusCode) {
  c.header('Cache-Control', 'no-store')
  return renderPage(c, site, page, status)
}

type Fields = Record<string, unknown>

async function readFields(c: AppContext): Promise<Fields> {
  return c.req.parseBody().catch((error) => {
    throw error instanceof AppError
      ? error
      : new InvalidInput('The form could not be read.', { cause: error })
  })
}

/** What was typed, to be shown again. */
const textsOf = (fields: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )

function methodIn({ method }: Fields): PaymentMethod {
  if (method === 'pix' || method === 'credit_card') return method
  throw new InvalidInput('method must be pix or credit_card.')
}
