import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

const PATIENCE_MS = 60_000
const PRESS_AGAIN_MS = 100

/** What a buyer was told: the order that the site has acknowledged. */
export interface Acknowledged {
  publicId: string
  email: string
}

export interface BuyOptions {
  plan?: number
  method?: 'pix' | 'credit_card'
  email?: string
  isOver?: () => boolean
}

/**
 * Buys as a person does in one browser: fills in the form, and presses again while no answer comes.
 * @returns null when the story was over before the site has answered.
 */
export async function buy(address: string, options: BuyOptions = {}): Promise<Acknowledged | null> {
  const { plan = 2, method = 'pix', email = newEmail(), isOver = () => false } = options
  const deadline = Date.now() + PATIENCE_MS
  let cookie: string | null = null
  while (Date.now() < deadline && !isOver()) {
    try {
      cookie ??= await cookieFrom(`${address}/checkout?plan=${plan}`)
      const publicId = await press(address, cookie, { plan: String(plan), method, email })
      if (publicId) return { publicId, email }
    } catch {
      // The site is away for a moment.
    }
    await delay(PRESS_AGAIN_MS)
  }
  if (isOver()) return null
  throw new Error('The site took no order in a minute.')
}

const newEmail = () => `${randomBytes(6).toString('hex')}@example.com`

async function cookieFrom(page: string) {
  const answer = await fetch(page, { headers: { Accept: 'text/html' } })
  const [line] = answer.headers.getSetCookie()
  await answer.body?.cancel()
  const cookie = line?.split(';')[0]
  if (!cookie) throw new Error(`The page was answered with ${answer.status} and no cookie.`)
  return cookie
}

async function press(address: string, cookie: string, order: Record<string, string>) {
  const answer = await fetch(`${address}/checkout`, {
    method: 'POST',
    headers: { Cookie: cookie, Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ ...order, name: 'Ana Souza', document: '52998224725' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  })
  const to = answer.headers.get('Location') ?? ''
  await answer.body?.cancel()
  if (answer.status >= 400 && answer.status < 500) throw new Error(`Refused with ${answer.status}.`)
  return /\/checkout\/([0-9a-f-]{36})/.exec(to)?.[1] ?? null
}
