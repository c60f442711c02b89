import { createTransport } from 'nodemailer'
import type { Env } from '#src/env.ts'
import { Unavailable } from '#src/errors.ts'
import { isPrivateHost } from '#src/lib/private-network.ts'
import type { Mailer } from './mailer.ts'

/** Milliseconds for each step; a server that is slower is asked again later. */
const TIMEOUT_MS = 10_000

/** The mail server of `SMTP_URL`; null where there is none. */
export function openMailer({ SMTP_URL, MAIL_FROM }: Pick<Env, 'SMTP_URL' | 'MAIL_FROM'>): Mailer | null {
  return SMTP_URL && MAIL_FROM ? openSmtp(SMTP_URL, MAIL_FROM) : null
}

/** @param from the address that mails come from; the site's name stands before it. */
function openSmtp(address: string, from: string): Mailer {
  const { protocol, hostname, port, username, password } = new URL(address)
  const secure = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // Links in mails open accounts: they cross no network in clear.
    requireTLS: !isPrivateHost(hostname),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, senderName, ...message }) {
      try {
        await transport.sendMail({
          ...message,
          from: { name: senderName ?? '', address: from },
          to: { name: '', address: to },
          // No holiday note answers (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw refused(error)
      }
    },
    close: () => transport.close(),
  }
}

/** Without what the server said: it repeats addresses, which are no matter of a log. */
function refused(error: unknown) {
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  const reason = [code, responseCode].filter(Boolean).join(' ')
  return new Unavailable(`The mail server of SMTP_URL did not take a mail (${reason || 'no reason given'}).`)
}
