import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { checkouts, paymentGateways, plans } from '#src/db/schema.ts'
import { readEnv } from '#src/env.ts'
import { Conflict, InvalidInput, Misconfigured, NotFound, Unavailable } from '#src/errors.ts'
import { openLog } from '#src/log.ts'
import { GatewayUncertain } from '#src/payments/failures.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { signedWebhook } from '#test/support/forged-webhooks.ts'
import { anOrder, newSandboxSecrets, openTestSandbox } from '#test/support/sandbox.ts'
import { activateGateway, deactivateGateway, insistOnFsync, setGateway } from './change-gateways.ts'
import { type GatewayDeps, gatewayById, gatewayByName, gatewayFor } from './gateways.ts'
import { listGateways } from './list-gateways.ts'
import { openOwnSandbox, seedSandbox } from './own-sandbox.ts'
import { sandboxPages } from './sandbox-place.ts'
import { servedMethods } from './served-methods.ts'

const PUBLIC = 'https://films.example.com'

let database: Database
let folder: string
beforeAll(async () => {
  database = await openTestDatabase()
  folder = await mkdtemp(path.join(os.tmpdir(), 'gateways-'))
})
beforeEach(() => database.db.delete(paymentGateways))
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

const secrets = newSandboxSecrets()

interface Site extends GatewayDeps {
  lines: string[]
}

function site(variables: Record<string, string> = {}, sealKey = Buffer.alloc(32, 9)): Site {
  const lines: string[] = []
  const log = openLog('info', { write: (line) => lines.push(line) })
  return { database, env: readEnv({ DATA_DIR: folder, ...variables }), sealKey, log, lines }
}

async function rowOf(name = 'sandbox') {
  const [row] = await database.db.select().from(paymentGateways).where(eq(paymentGateways.name, name))
  if (!row) throw new Error(`There is no row ${name}.`)
  return row
}

const anotherActive = (servesPix: boolean, servesCard: boolean) =>
  database.db.insert(paymentGateways).values({ name: 'other', isActive: true, servesPix, servesCard })

describe('keys', () => {
  test('are kept sealed: nothing of them is in the table, in any notation', async () => {
    await setGateway(site(), 'sandbox', { secrets })
    const { rows } = await database.db.execute(
      sql`select payment_gateways::text as text from payment_gateways`,
    )
    const written = JSON.stringify(rows)
    for (const secret of [...Object.values(secrets), secrets.webhookSecret.slice(6)]) {
      const bytes = Buffer.from(secret)
      const notations = [
        secret,
        bytes.toString('hex'),
        bytes.toString('base64').slice(0, -4),
        bytes.toString('base64url').slice(0, -4),
        encodeURIComponent(secret),
      ]
      for (const notation of notations) expect(written).not.toContain(notation)
    }
    expect(written).not.toContain(Buffer.from(secrets.webhookSecret.slice(6), 'base64').toString('hex'))
  })

  test('are shown as their last four characters', async () => {
    await setGateway(site(), 'sandbox', { secrets, publicKey: 'pk_1' })
    const [gateway] = await listGateways(site())
    expect(gateway).toEqual({
      name: 'sandbox',
      isActive: false,
      methods: ['pix', 'credit_card'],
      isPretend: true,
      publicKey: 'pk_1',
      secrets: {
        apiKey: `…${secrets.apiKey.slice(-4)}`,
        webhookSecret: `…${secrets.webhookSecret.slice(-4)}`,
      },
      obstacle: null,
    })
  })

  test('that are wrong are refused by name, without being repeated, and what was kept stays', async () => {
    await setGateway(site(), 'sandbox', { secrets })
    const before = await rowOf()
    const wrong = { apiKey: 'short-and-secret' }
    const refusal = await setGateway(site(), 'sandbox', { secrets: wrong }).catch((error) => error)
    expect(refusal).toBeInstanceOf(InvalidInput)
    expect(refusal.message).toContain('apiKey must have at least 24 characters')
    expect(refusal.message).not.toContain(wrong.apiKey)
    await expect(setGateway(site(), 'sandbox', { secrets: { apikey: secrets.apiKey } })).rejects.toThrow(
      /apikey/,
    )
    expect(await rowOf()).toEqual(before)
  })

  test('can be changed one by one', async () => {
    await setGateway(site(), 'sandbox', { secrets })
    const changed = newSandboxSecrets()
    await setGateway(site(), 'sandbox', { secrets: { apiKey: changed.apiKey } })
    const [gateway] = await listGateways(site())
    expect(gateway?.secrets.apiKey).toBe(`…${changed.apiKey.slice(-4)}`)
    expect(gateway?.secrets.webhookSecret).toBe(`…${secrets.webhookSecret.slice(-4)}`)
  })

  test('of a gateway nobody knows are not kept', async () => {
    await expect(setGateway(site(), 'paypaul', { secrets })).rejects.toThrow(
      /no kind of gateway named paypaul.*sandbox/,
    )
    expect(await listGateways(site())).toEqual([])
  })

  test('of real money are refused on the embedded database until its owner accepts what it may forget', () => {
    const [embedded, server] = (['embedded', 'server'] as const).map((kind) => ({
      database: { ...database, kind },
    }))
    const live = { name: 'stripe', isPretend: false }
    if (!embedded || !server) throw new Error('unreachable')
    expect(() => insistOnFsync(embedded, live)).toThrow(/DATABASE_URL.*--i-accept-no-fsync/)
    expect(() => insistOnFsync(embedded, live, true)).not.toThrow()
    expect(() => insistOnFsync(server, live)).not.toThrow()
    expect(() => insistOnFsync(embedded, { name: 'sandbox', isPretend: true })).not.toThrow()
  })
})

describe('a bundle opens in its own row alone', () => {
  beforeEach(async () => {
    await setGateway(site(), 'sandbox', { secrets })
    await activateGateway(site(), 'sandbox')
  })

  async function expectNothingServed(deps = site()) {
    expect(await servedMethods(deps)).toEqual({})
    await expect(gatewayFor(deps, 'pix')).rejects.toThrow(Unavailable)
    const gateway = (await listGateways(deps)).find(({ name }) => name === 'sandbox')
    expect(gateway?.obstacle).toContain('cannot be opened')
    expect(gateway?.secrets).toEqual({})
  }

  test('swapped between two rows, neither opens', async () => {
    const mine = await rowOf()
    // The same gateway once more: the row's id alone is another.
    await database.db.update(paymentGateways).set({ name: 'former' }).where(eq(paymentGateways.id, mine.id))
    await deactivateGateway(site(), 'former')
    await setGateway(site(), 'sandbox', { secrets: newSandboxSecrets() })
    await activateGateway(site(), 'sandbox')
    const other = await rowOf()
    expect(await servedMethods(site())).toHaveProperty('pix')
    await database.db
      .update(paymentGateways)
      .set({ secretKey: mine.secretKey })
      .where(eq(paymentGateways.id, other.id))
    await expectNothingServed()
  })

  test('with any byte changed, it does not open', async () => {
    const { secretKey } = await rowOf()
    const sealed = secretKey ?? ''
    const put = (changed: string) => database.db.update(paymentGateways).set({ secretKey: changed })
    for (let index = 0; index < sealed.length; index++) {
      const letter = sealed[index] === 'A' ? 'B' : 'A'
      await put(sealed.slice(0, index) + letter + sealed.slice(index + 1))
      const [gateway] = await listGateways(site())
      expect(gateway?.obstacle).toContain('cannot be opened')
    }
    for (const cut of [
      '',
      'v1',
      sealed.slice(0, -1),
      `${sealed}A`,
      `${sealed}.`,
      `${sealed}=`,
      sealed.slice(3),
    ]) {
      await put(cut)
      await expectNothingServed()
    }
    await put(sealed)
    expect(await servedMethods(site())).toHaveProperty('credit_card')
  })

  test('with the key lost, the gateway is off and says why, once in the log; given its keys anew, it is back', async () => {
    const lost = site({}, randomBytes(32))
    await expectNothingServed(lost)
    await servedMethods(lost)
    const told = lost.lines.filter((line) => line.includes('a payment gateway cannot be used'))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('ENCRYPTION_KEY_FILE or APP_SECRET')

    const { id } = await rowOf()
    const { gateway } = await gatewayById(lost, id)
    await expect(gateway.createCharge(anOrder('pix'))).rejects.toThrow(GatewayUncertain)
    await expect(gateway.refund('chg_1')).rejects.toThrow(GatewayUncertain)
    // Not a forgery: it is to be sent again, when the key is back.
    const { headers, body } = signedWebhook(secrets.webhookSecret, { status: 'paid' })
    expect(() => gateway.readWebhook({ header: (name) => headers[name] ?? null, body }, new Date())).toThrow(
      GatewayUncertain,
    )

    await setGateway(lost, 'sandbox', { secrets })
    expect(await servedMethods(lost)).toHaveProperty('pix')
  })
})

describe('a gateway is switched on', () => {
  test('only with everything that it needs', async () => {
    await expect(activateGateway(site(), 'sandbox')).rejects.toThrow(NotFound)
    await database.db.insert(paymentGateways).values({ name: 'sandbox' })
    await expect(activateGateway(site(), 'sandbox')).rejects.toThrow(/has no secrets yet/)
    await setGateway(site(), 'sandbox', { secrets })
    await expect(activateGateway(site({}, randomBytes(32)), 'sandbox')).rejects.toThrow(Misconfigured)
    expect((await rowOf()).isActive).toBe(false)
    expect(await activateGateway(site(), 'sandbox')).toEqual(['pix', 'credit_card'])
    expect((await rowOf()).isActive).toBe(true)
  })

  test('for the methods its owner names', async () => {
    await setGateway(site(), 'sandbox', { secrets })
    expect(await activateGateway(site(), 'sandbox', { methods: ['pix'] })).toEqual(['pix'])
    expect(await servedMethods(site())).toEqual({
      pix: { needs: { document: true, phone: false }, isPretend: true },
    })
    await expect(gatewayFor(site(), 'credit_card')).rejects.toThrow(Unavailable)
    expect((await gatewayFor(site(), 'pix')).kind.name).toBe('sandbox')
  })

  test('beside another one only for what that does not take', async () => {
    await anotherActive(true, false)
    await setGateway(site(), 'sandbox', { secrets })
    await expect(activateGateway(site(), 'sandbox')).rejects.toThrow(Conflict)
    await expect(activateGateway(site(), 'sandbox', { methods: ['pix'] })).rejects.toThrow(
      /gateways deactivate other/,
    )
    expect(await activateGateway(site(), 'sandbox', { methods: ['credit_card'] })).toEqual(['credit_card'])
    expect(await servedMethods(site())).toHaveProperty('credit_card')
  })

  test('and off again: old payments are still looked after', async () => {
    await setGateway(site(), 'sandbox', { secrets })
    await activateGateway(site(), 'sandbox')
    await deactivateGateway(site(), 'sandbox')
    expect(await servedMethods(site())).toEqual({})
    expect((await gatewayById(site(), (await rowOf()).id)).isUsable).toBe(true)
    expect((await gatewayByName(site(), 'sandbox'))?.isUsable).toBe(true)
    expect(await sandboxPages(site())).toBeNull()
    await expect(deactivateGateway(site(), 'nobody')).rejects.toThrow(NotFound)
  })

  test('of a name that no kind has, nothing comes', async () => {
    await anotherActive(true, true)
    expect(await servedMethods(site())).toEqual({})
    expect(await gatewayByName(site(), 'other')).toBeNull()
    await expect(gatewayById(site(), (await rowOf('other')).id)).rejects.toThrow(NotFound)
    await expect(gatewayById(site(), 1_000_000)).rejects.toThrow(NotFound)
  })
})

describe('pretend money and a public site', () => {
  test('do not go together: nothing is seeded and nothing can be switched on', async () => {
    expect(await seedSandbox(site({ BASE_URL: PUBLIC }))).toBe(false)
    await setGateway(site({ BASE_URL: PUBLIC }), 'sandbox', { secrets })
    await expect(activateGateway(site({ BASE_URL: PUBLIC }), 'sandbox')).rejects.toThrow(
      /pretend money.*films/,
    )
    expect((await rowOf()).isActive).toBe(false)
    expect(await openOwnSandbox(site({ BASE_URL: PUBLIC }))).toBeNull()
  })

  test('a site that goes public takes none any more, and says why', async () => {
    await seedSandbox(site())
    expect(await servedMethods(site())).toHaveProperty('pix')
    const now = site({ BASE_URL: PUBLIC })
    expect(await servedMethods(now)).toEqual({})
    expect(now.lines.join()).toContain('pretend money')
    expect((await listGateways(now))[0]?.obstacle).toContain('Choose a real gateway')
    await expect(gatewayFor(now, 'credit_card')).rejects.toThrow(Unavailable)
    expect(await sandboxPages(now)).toBeNull()
  })

  test('nor does what was paid in pretend before become known there', async () => {
    await seedSandbox(site())
    const now = site({ BASE_URL: PUBLIC })
    expect(await gatewayByName(now, 'sandbox')).toBeNull()
    const { gateway } = await gatewayById(now, (await rowOf()).id)
    await expect(gateway.fetchCharge('chg_1')).rejects.toThrow(GatewayUncertain)
    await expect(gateway.findCharge('key')).rejects.toThrow(GatewayUncertain)
  })
})

describe('a site that is being tried', () => {
  test('gets a sandbox that takes everything, once', async () => {
    const seeded = await Promise.all([seedSandbox(site()), seedSandbox(site()), seedSandbox(site())])
    expect(seeded.filter((one) => one)).toHaveLength(1)
    expect(await servedMethods(site())).toEqual({
      pix: { needs: { document: true, phone: false }, isPretend: true },
      credit_card: { needs: { document: false, phone: false }, isPretend: true },
    })
    await deactivateGateway(site(), 'sandbox')
    expect(await seedSandbox(site())).toBe(false)
    expect(await servedMethods(site())).toEqual({})
  })

  test('has it running beside it, with secrets of its own', async () => {
    await seedSandbox(site())
    const child = await openOwnSandbox(site())
    await child?.ready
    const { gateway } = await gatewayFor(site(), 'pix')
    const charge = await gateway.createCharge(anOrder('pix'))
    expect(await gateway.fetchCharge(charge.externalId)).toEqual(charge)
    expect(await sandboxPages(site())).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await child?.close()
    await expect(gateway.fetchCharge(charge.externalId)).rejects.toThrow(GatewayUncertain)
  })

  test('uses the one of SANDBOX_URL where that is set, and starts none', async () => {
    const elsewhere = await openTestSandbox()
    const { url, ...keys } = elsewhere.secrets
    const deps = site({ SANDBOX_URL: url })
    expect(await seedSandbox(deps)).toBe(false)
    await setGateway(deps, 'sandbox', { secrets: keys })
    await activateGateway(deps, 'sandbox')
    expect(await openOwnSandbox(deps)).toBeNull()
    const { gateway } = await gatewayFor(deps, 'credit_card')
    const order = anOrder('credit_card')
    await gateway.createCharge(order)
    expect((await elsewhere.ledger()).map(({ reference }) => reference)).toEqual([order.idempotencyKey])
    await elsewhere.close()
  })
})

test('a gateway with payments cannot be deleted without a trace', async () => {
  await seedSandbox(site())
  const [plan] = await database.db
    .insert(plans)
    .values({ name: 'Mês', price: 2_990, duration: 30 })
    .returning({ id: plans.id })
  const [checkout] = await database.db
    .insert(checkouts)
    .values({ planId: plan?.id ?? 0, totalAmount: 2_990 })
    .returning({ id: checkouts.id })
  const { id } = await rowOf()
  await database.db.execute(sql`
    insert into payments (checkout_id, gateway_id, method, idempotency_key, amount_cents, currency)
    values (${checkout?.id}, ${id}, 'pix', 'key', 2990, 'BRL')`)
  await expect(database.db.delete(paymentGateways).then()).rejects.toThrow()
  await database.db.execute(sql`delete from payments`)
})
