import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Charge, ChargeOrder, Gateway, GatewayMethod, WebhookMessage } from '#src/payments/gateway.ts'
import type { FaultsAsked } from '#src/payments/sandbox/faults.ts'
import { openSandboxGateway, type SandboxSecrets } from '#src/payments/sandbox/gateway.ts'
import type { BookedCharge } from '#src/payments/sandbox/program/charge.ts'
import { type SandboxOptions, startProgram } from '#src/payments/sandbox/program/sandbox-program.ts'
import { webhookSecretOf } from '#src/payments/standard-webhooks.ts'

/** Short of a test's patience, and long enough for a busy machine. */
const ANSWER_MS = 1_000

export const newSandboxSecrets = () => ({
  apiKey: randomBytes(32).toString('base64url'),
  webhookSecret: webhookSecretOf(randomBytes(32)),
})

/** The other side of a sandbox: what the buyer's bank does, and what goes wrong. */
export interface SandboxControl {
  url: string
  secrets: { apiKey: string; webhookSecret: string; url: string }
  happen(externalId: string, event: 'pay' | 'decline' | 'expire' | 'cancel' | 'dispute'): Promise<number>
  fault(faults: FaultsAsked): Promise<void>
  ledger(): Promise<BookedCharge[]>
}

export function sandboxControl(url: string, secrets: SandboxSecrets): SandboxControl {
  const call = (method: string, place: string, body?: unknown) =>
    fetch(`${url}/v1${place}`, {
      method,
      headers: { Authorization: `Bearer ${secrets.apiKey}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return {
    url,
    secrets: { ...secrets, url },
    happen: async (id, event) => (await call('POST', `/charges/${id}/${event}`)).status,
    async fault(faults) {
      const { status } = await call('PUT', '/faults', faults)
      if (status !== 200) throw new Error(`These faults are not understood: ${JSON.stringify(faults)}`)
    },
    ledger: async () =>
      ((await (await call('GET', '/ledger')).json()) as { charges: BookedCharge[] }).charges,
  }
}

export interface TestSandbox extends SandboxControl {
  folder: string
  gateway: Gateway
  /** Ends it and starts it anew on the same ledger. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A sandbox in this process, on a ledger of its own, and a gateway that asks it. */
export async function openTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'sandbox-')))
  const secrets = newSandboxSecrets()
  const start = () =>
    startProgram({
      folder,
      ...secrets,
      pausesMs: [20, 50, 100],
      onFault: (error) => console.error(error),
      ...options,
    })
  let program = await start()
  return {
    folder,
    ...sandboxControl(program.url, secrets),
    gateway: openSandboxGateway(secrets, { sandboxUrl: async () => program.url }, ANSWER_MS),
    async restart() {
      await program.close()
      program = await start()
    },
    async close() {
      await program.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface ReceivedWebhook extends WebhookMessage {
  body: Buffer
  text: string
  headers: Record<string, string>
}

export interface WebhookInbox {
  url: string
  received: ReceivedWebhook[]
  /** What is answered from now on. */
  status: number
  /** Resolves with the first that suits, be it here already. */
  until(suits: (message: ReceivedWebhook) => boolean): Promise<ReceivedWebhook>
  close(): Promise<void>
}

/** Takes webhooks, as a site does. */
export async function openWebhookInbox(): Promise<WebhookInbox> {
  const received: ReceivedWebhook[] = []
  const listeners = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const headers = request.headers as Record<string, string>
    response.writeHead(inbox.status).end()
    received.push({ body, text: body.toString('utf8'), headers, header: (name) => headers[name] ?? null })
    for (const listener of listeners) listener()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const inbox: WebhookInbox = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/sandbox`,
    received,
    status: 200,
    until: (suits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find(suits)
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
      }),
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return inbox
}

/** An order as the site would give it. */
export const anOrder = (method: GatewayMethod, order: Partial<ChargeOrder> = {}): ChargeOrder => ({
  idempotencyKey: randomUUID(),
  method,
  amountCents: 2_990,
  currency: 'BRL',
  description: 'Estúdio Mar · 30 dias',
  buyer: { name: 'Ana Souza', email: 'ana@example.com', document: '52998224725', phone: null },
  returnUrl: 'http://localhost:3000/checkout/1/return',
  // Nobody listens there.
  webhookUrl: 'http://127.0.0.1:9/webhooks/sandbox',
  ...order,
})

export const isPaid = ({ status }: Pick<Charge, 'status'>) => status === 'paid'
