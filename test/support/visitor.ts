import { sql } from 'drizzle-orm'
import type { Jobs } from '#src/jobs/job-queue.ts'
import type { Message } from '#src/mail/mailer.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import type { createApp } from '#src/web/app.tsx'
import type { TestSite } from './app.ts'

type App = ReturnType<typeof createApp>

/** A browser: it keeps cookies, and sends forms from our own pages. */
export interface Visitor {
  get(address: string, headers?: Record<string, string>): Promise<Response>
  post(address: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** The value of a cookie it has. */
  cookie(name: string): string | undefined
  setCookie(name: string, value: string): void
}

export interface VisitorOptions {
  /** Sent with every request. */
  headers?: Record<string, string>
  /** Another node than the site's own. */
  app?: App
}

export function visitorOf({ app: own }: Pick<TestSite, 'app'>, options: VisitorOptions = {}): Visitor {
  const { headers: always = {}, app = own } = options
  const cookies = new Map<string, string>()

  async function send(
    address: string,
    method: string,
    headers: Record<string, string>,
    body?: URLSearchParams,
  ) {
    const response = await app.request(address, {
      method,
      headers: {
        Accept: 'text/html',
        'Accept-Language': 'en',
        ...(cookies.size > 0 && { Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
        ...always,
        ...headers,
      },
      ...(body && { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  return {
    get: (address, headers = {}) => send(address, 'GET', headers),
    post: (address, fields = {}, headers = {}) =>
      send(address, 'POST', { 'Sec-Fetch-Site': 'same-origin', ...headers }, new URLSearchParams(fields)),
    cookie: (name) => cookies.get(name),
    setCookie: (name, value) => cookies.set(name, value),
  }
}

/** Sends the mails whose jobs wait, as a worker would. @returns what was sent. */
export async function deliverMails({ deps }: TestSite): Promise<Message[]> {
  const sent: Message[] = []
  const mail = { send: async (message: Message) => void sent.push(message), close: () => {} }
  for (const job of await waitingMails({ deps })) await sendMail({ ...deps, mail }, job, deps.now())
  return sent
}

/** The jobs of mails that wait, the oldest first; they are done then. */
export async function waitingMails({ deps }: Pick<TestSite, 'deps'>): Promise<Array<Jobs['mail']>> {
  const { rows } = await deps.database.db.execute<{ data: Jobs['mail'] }>(sql`
    with taken as (delete from pgboss.job where name = 'mail' and state = 'created' returning data, created_on)
    select data from taken order by created_on`)
  return rows.map(({ data }) => data)
}

/** The link of a mail that leads to choosing a password. */
export function linkIn(message: Pick<Message, 'text'> | undefined): string {
  const link = /https?:\/\/\S+(\/account\/link\/\S+)/.exec(message?.text ?? '')?.[1]
  if (!link) throw new Error('The mail has no link.')
  return link
}

export const PASSWORD = 'quiet harbour 42'

/** Makes an account as people do, and stays signed in. */
export async function registered(
  site: TestSite,
  email: string,
  options: VisitorOptions & { password?: string } = {},
): Promise<Visitor> {
  const visitor = visitorOf(site, options)
  await visitor.post('/register', { email })
  const mail = (await deliverMails(site)).find(({ to }) => to === email)
  await visitor.post(linkIn(mail), { name: 'Ana Souza', password: options.password ?? PASSWORD })
  return visitor
}

/** Signs in an account that is there. */
export async function signedIn(
  site: TestSite,
  email: string,
  options: VisitorOptions & { password?: string } = {},
): Promise<Visitor> {
  const visitor = visitorOf(site, options)
  const { status } = await visitor.post('/sign-in', { email, password: options.password ?? PASSWORD })
  if (status !== 303) throw new Error(`Signing in was answered with ${status}.`)
  return visitor
}
