import { expect, test } from 'vitest'
import { readEnv } from '#src/env.ts'
import { Misconfigured, Unavailable } from '#src/errors.ts'
import { startSmtpSink } from '#test/support/smtp-sink.ts'
import { openMailer } from './smtp.ts'

const MESSAGE = {
  to: 'ana@example.com',
  subject: 'Sua conta em Estúdio Mar',
  text: 'Olá!\n.\nAté já.',
  html: '<p>Olá!</p>',
  senderName: 'Estúdio "Mar", Ltda.',
}

const mailerOf = (SMTP_URL: string) => {
  const mailer = openMailer({ SMTP_URL, MAIL_FROM: 'hello@films.example.com' })
  if (!mailer) throw new Error('There is no mailer.')
  return mailer
}

test('a mail goes to the server, from the site to its reader, as text and as HTML', async () => {
  const sink = await startSmtpSink()
  const mailer = mailerOf(`smtp://127.0.0.1:${sink.port}`)
  await mailer.send(MESSAGE)
  mailer.close()
  await sink.close()

  expect(sink.mails).toHaveLength(1)
  const { from, to, data } = sink.mails[0] ?? { data: '' }
  expect({ from, to }).toEqual({ from: 'hello@films.example.com', to: ['ana@example.com'] })
  expect(data).toMatch(/^To: ana@example\.com\r$/m)
  expect(data).toMatch(/^From: =\?UTF-8\?\S+\s+<hello@films\.example\.com>\r$/m)
  expect(data).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(data).toContain('text/plain')
  expect(data).toContain('text/html')
})

test('what is no address of one person is sent to nobody else', async () => {
  const sink = await startSmtpSink()
  const mailer = mailerOf(`smtp://127.0.0.1:${sink.port}`)
  await mailer.send({ ...MESSAGE, subject: 'x\r\nBcc: eva@example.com' })
  expect(sink.mails[0]?.to).toEqual(['ana@example.com'])
  expect(sink.mails[0]?.data).not.toMatch(/^Bcc:/m)
  mailer.close()
  await sink.close()
})

test('a server that refuses is told without the address that it repeats', async () => {
  const sink = await startSmtpSink({ refuses: '450 4.2.1 <ana@example.com> is over quota' })
  const mailer = mailerOf(`smtp://127.0.0.1:${sink.port}`)
  const refusal = await mailer.send(MESSAGE).catch((error) => error)
  expect(refusal).toBeInstanceOf(Unavailable)
  expect(refusal.message).toContain('450')
  expect(`${refusal.message}${refusal.stack}${refusal.cause}`).not.toContain('ana@')
  mailer.close()
  await sink.close()
})

test('a server that is not there is waited for by the job', async () => {
  const mailer = mailerOf('smtp://user:secret@127.0.0.1:1')
  const refusal = await mailer.send(MESSAGE).catch((error) => error)
  expect(refusal).toBeInstanceOf(Unavailable)
  expect(refusal.message).not.toContain('secret')
})

test('to a server beyond this network nothing goes without TLS', async () => {
  const sink = await startSmtpSink()
  // An address that is not known as one of this network, and leads here.
  const mailer = mailerOf(`smtp://[::ffff:127.0.0.1]:${sink.port}`)
  await expect(mailer.send(MESSAGE)).rejects.toThrow('ETLS')
  expect(sink.mails).toEqual([])
  await sink.close()
})

test('without SMTP_URL there is none, and with it the sender has to be named', () => {
  expect(openMailer(readEnv({}))).toBeNull()
  expect(() => readEnv({ SMTP_URL: 'smtps://mail.example.com' })).toThrow('MAIL_FROM is needed with SMTP_URL')
  expect(() => readEnv({ SMTP_URL: 'https://mail.example.com', MAIL_FROM: 'ana' })).toThrow(Misconfigured)
  expect(readEnv({ SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'a@example.com' })).toMatchObject({
    MAIL_FROM: 'a@example.com',
  })
})
