import { eq } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { checkouts, paymentGateways } from '#src/db/schema.ts'
import { addPlan, type PlanTerms } from '#src/services/billing/plans.ts'
import { sealSecrets } from '#src/services/gateways/gateway-secrets.ts'
import { openTestSite, type TestSite, type TestSiteOptions } from './app.ts'
import { openTestSandbox, type TestSandbox } from './sandbox.ts'
import { type Visitor, visitorOf } from './visitor.ts'

/** A site that sells three plans, and the sandbox that takes the money. */
export interface SellingSite extends TestSite {
  sandbox: TestSandbox
  gatewayId: number
  /** 9.90 for 7 days, 29.90 for 30 and 199.90 for 365. */
  plans: { week: number; month: number; year: number }
  addPlan(terms: Partial<PlanTerms>): Promise<number>
  /** A browser on the page of a checkout that it has opened, by default by PIX for a month. */
  order(visitor?: Visitor, fields?: Record<string, string>): Promise<Ordered>
  /** The gateway's ids of the checkout's charges, in the order in which they were made. */
  charges(publicId: string): Promise<string[]>
  /** The buyer pays, or does something else at the gateway; our pages are only told when they ask. */
  happen(publicId: string, event: 'pay' | 'decline' | 'expire' | 'cancel'): Promise<void>
}

export interface Ordered {
  visitor: Visitor
  publicId: string
  /** `/checkout/…` */
  address: string
}

export const BUYER = {
  name: 'Maria da Silva',
  email: 'maria@example.com',
  document: '529.982.247-25',
  method: 'pix',
}

const TERMS: PlanTerms = {
  name: 'Month',
  priceCents: 2_990,
  days: 30,
  benefits: ['Everything'],
  ctaText: null,
  checkoutUrl: null,
  acceptsPix: true,
  acceptsCard: true,
}

export async function openSellingSite(
  database: Database,
  options: TestSiteOptions = {},
): Promise<SellingSite> {
  const site = await openTestSite(database, { access: 'members', ...options })
  const sandbox = await openTestSandbox()
  const { db } = database
  const add = async (terms: Partial<PlanTerms>) => (await addPlan(db, { ...TERMS, ...terms })).id

  const charges = async (publicId: string) => {
    const rows = await db
      .select({ externalId: payments.externalId })
      .from(payments)
      .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
      .where(eq(checkouts.publicId, publicId))
      .orderBy(payments.id)
    return rows.flatMap(({ externalId }) => (externalId === null ? [] : [externalId]))
  }
  const plans = {
    week: await add({ name: 'Week', priceCents: 990, days: 7 }),
    month: await add({}),
    year: await add({ name: 'Year', priceCents: 19_990, days: 365 }),
  }

  return {
    ...site,
    sandbox,
    plans,
    gatewayId: await activateSandbox(site, sandbox),
    addPlan: add,
    charges,
    async order(visitor = visitorOf(site), fields = {}) {
      const form = { ...BUYER, plan: String(plans.month), ...fields }
      await visitor.get(`/checkout?plan=${form.plan}`)
      const answer = await visitor.post('/checkout', form)
      const [address = '', publicId = ''] =
        /^\/checkout\/([0-9a-f-]{36})/.exec(answer.headers.get('Location') ?? '') ?? []
      if (publicId === '') throw new Error(`The order was answered with ${answer.status}.`)
      return { visitor, publicId, address }
    },
    async happen(publicId, event) {
      const charge = (await charges(publicId)).at(-1) ?? ''
      const status = await sandbox.happen(charge, event)
      if (status !== 200) throw new Error(`The sandbox answered ${event} with ${status}.`)
    },
    async close() {
      await sandbox.close()
      await site.close()
    },
  }
}

async function activateSandbox({ deps }: TestSite, sandbox: TestSandbox): Promise<number> {
  const { db } = deps.database
  const { apiKey, webhookSecret } = sandbox.secrets
  const [row] = await db
    .insert(paymentGateways)
    .values({ name: 'sandbox', isActive: true })
    .returning({ id: paymentGateways.id })
  const id = row?.id ?? 0
  await db
    .update(paymentGateways)
    .set({ secretKey: sealSecrets(deps, id, { apiKey, webhookSecret, url: sandbox.url }) })
    .where(eq(paymentGateways.id, id))
  return id
}
