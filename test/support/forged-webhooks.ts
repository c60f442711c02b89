import { createHmac } from 'node:crypto'
import { signWebhook, webhookSecretOf } from '#src/payments/standard-webhooks.ts'

/** A message as it would be sent over HTTP. */
export interface SentWebhook {
  headers: Record<string, string>
  body: Buffer
}

export interface Forgery extends SentWebhook {
  /** What is wrong with it, in words. */
  name: string
}

/** A message of a charge that was paid, properly signed. @param secret with its prefix */
export function signedWebhook(
  secret: string,
  data: Record<string, unknown>,
  { id = 'msg_1', at = new Date() }: { id?: string; at?: Date } = {},
): SentWebhook {
  const body = JSON.stringify({ type: `charge.${data.status}`, timestamp: at.toISOString(), data })
  const seconds = Math.floor(at.getTime() / 1_000)
  return { headers: headersOf(id, seconds, signWebhook(secret, id, seconds, body)), body: Buffer.from(body) }
}

/** Every way we know of to pass off a message as signed that is not: some hundreds, each with its name. */
export function forgeriesOf(secret: string, honest: SentWebhook, now = new Date()): Forgery[] {
  const { headers, body } = honest
  const id = headers['webhook-id'] ?? ''
  const timestamp = headers['webhook-timestamp'] ?? ''
  const signature = headers['webhook-signature'] ?? ''
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const digest = (algorithm: string, with_: Buffer | string, text: string | Buffer) =>
    createHmac(algorithm, with_).update(text)
  const signedText = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  const withSignature = (name: string, forged: string): Forgery => ({
    name,
    headers: { ...headers, 'webhook-signature': forged },
    body,
  })
  const withBody = (name: string, forged: string | Buffer): Forgery => ({
    name,
    headers,
    body: Buffer.from(forged),
  })
  const without = (...names: string[]): Forgery => ({
    name: `without ${names.join(' and ')}`,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
    body,
  })
  const seconds = Math.floor(now.getTime() / 1_000)
  const signedWith = (name: string, other: string, at = seconds): Forgery => ({
    name,
    headers: headersOf(id, at, signWebhook(other, id, at, body.toString())),
    body,
  })
  const base64 = digest('sha256', key, signedText).digest('base64')
  const hex = digest('sha256', key, signedText).digest('hex')

  return [
    without('webhook-signature'),
    without('webhook-id'),
    without('webhook-timestamp'),
    without('webhook-id', 'webhook-timestamp'),
    without('webhook-id', 'webhook-timestamp', 'webhook-signature'),

    ...[
      '',
      ' ',
      ',',
      'v1',
      'v1,',
      'v1, ',
      'v1,=',
      'v1,====',
      'null',
      'undefined',
      'true',
      '0',
      '[]',
      '{}',
      '*',
    ].map((text) => withSignature(`a signature that is ${JSON.stringify(text)}`, text)),
    withSignature('the signature in hexadecimal', `v1,${hex}`),
    withSignature('the signature in hexadecimal, in capitals', `v1,${hex.toUpperCase()}`),
    withSignature('the signature in hexadecimal as base64', `v1,${Buffer.from(hex).toString('base64')}`),
    withSignature('the signature as base64url', `v1,${base64.replaceAll('+', '-').replaceAll('/', '_')}_`),
    withSignature('the signature without its padding', `v1,${base64.replace(/=+$/, '')}`),
    withSignature('the signature with more padding', `v1,${base64}=`),
    withSignature('the signature without its version', base64),
    withSignature('the signature with a comma too many', `v1,,${base64}`),
    withSignature('the signature with an equals sign for the comma', `v1=${base64}`),
    withSignature('the signature of another version', `v2,${base64}`),
    withSignature('the signature of the asymmetric version', `v1a,${base64}`),
    withSignature('the signature of version 0', `v0,${base64}`),
    withSignature('the signature with a version in capitals', `V1,${base64}`),
    withSignature('the signature with a space before', ` ${signature}`),
    withSignature('the signature with a space within', `v1, ${base64}`),
    withSignature('the signature with a line end', `${signature}\n`),
    withSignature('the signature in quotes', `"${signature}"`),
    withSignature('the header twice, the same', `${signature}, ${signature}`),
    withSignature('the header twice, a wrong one first', `v1,${'A'.repeat(43)}=, ${signature}`),
    withSignature('the header twice, a wrong one last', `${signature}, v1,${'A'.repeat(43)}=`),
    withSignature('another header joined to it', `${signature};v1=1`),
    withSignature('only zeros', `v1,${Buffer.alloc(32).toString('base64')}`),
    withSignature('only ones', `v1,${Buffer.alloc(32, 255).toString('base64')}`),
    withSignature('32 zeros and the signature', `v1,${Buffer.alloc(64).toString('base64')}`),
    ...[1, 2, 4, 8, 16, 24, 31].map((length) =>
      withSignature(
        `the first ${length} bytes of the signature`,
        `v1,${digest('sha256', key, signedText).digest().subarray(0, length).toString('base64')}`,
      ),
    ),
    ...Array.from({ length: 32 }, (_, index) => {
      const bytes = digest('sha256', key, signedText).digest()
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (index % 8))
      return withSignature(`byte ${index} of the signature changed`, `v1,${bytes.toString('base64')}`)
    }),
    ...['sha1', 'sha224', 'sha384', 'sha512', 'md5', 'sha3-256', 'sha512-256', 'blake2s256'].map(
      (algorithm) =>
        withSignature(`signed by ${algorithm}`, `v1,${digest(algorithm, key, signedText).digest('base64')}`),
    ),
    withSignature('signed without a key', `v1,${digest('sha256', '', signedText).digest('base64')}`),
    ...Object.entries({
      'the secret itself, as text': secret,
      'the secret without its prefix, as text': secret.slice('whsec_'.length),
      'the key in hexadecimal, as text': key.toString('hex'),
      'the prefix alone': 'whsec_',
      'the first 24 bytes of the key': key.subarray(0, 24),
      'the key backwards': Buffer.from(key).reverse(),
      'as many zeros': Buffer.alloc(key.length),
      '24 zeros': Buffer.alloc(24),
      'the word "secret"': 'secret',
      'the word "undefined"': 'undefined',
      'the id': id,
    }).map(([name, other]) =>
      withSignature(`signed with ${name}`, `v1,${digest('sha256', other, signedText).digest('base64')}`),
    ),
    ...Object.entries({
      'the body alone': body,
      'time and body': `${timestamp}.${body}`,
      'id and body': `${id}.${body}`,
      'time, id and body': `${timestamp}.${id}.${body}`,
      'all without dots': `${id}${timestamp}${body}`,
      'all with colons': `${id}:${timestamp}:${body}`,
      'no body': `${id}.${timestamp}.`,
      nothing: '',
      'the body in base64': `${id}.${timestamp}.${body.toString('base64')}`,
      'a body with a line end': `${id}.${timestamp}.${body}\n`,
      'another time': `${id}.${Number(timestamp) + 1}.${body}`,
      'another id': `${id}x.${timestamp}.${body}`,
    }).map(([name, text]) =>
      withSignature(`signed over ${name}`, `v1,${digest('sha256', key, text).digest('base64')}`),
    ),
    ...Array.from({ length: 20 }, (_, index) =>
      signedWith(
        `signed with the secret of another gateway (${index})`,
        webhookSecretOf(createHmac('sha256', 'another').update(String(index)).digest()),
      ),
    ),

    ...reserialised(body).map(([name, text]) => withBody(`the body ${name}`, text)),
    withBody('no body', ''),
    withBody('the body twice', Buffer.concat([body, body])),
    withBody('the body with a byte order mark', `\ufeff${body}`),
    withBody('the body with a zero byte at the end', Buffer.concat([body, Buffer.alloc(1)])),
    withBody('the body in UTF-16', Buffer.from(body.toString(), 'utf16le')),
    withBody('the body without its last byte', body.subarray(0, -1)),
    withBody('the body without its first byte', body.subarray(1)),
    withBody('the body as a form', `payload=${encodeURIComponent(body.toString())}`),
    ...Array.from({ length: Math.min(body.length, 60) }, (_, index) => {
      const changed = Buffer.from(body)
      changed[index] = (changed[index] ?? 0) ^ 1
      return withBody(`byte ${index} of the body changed`, changed)
    }),

    // The very second is tried where the clock stands still; here it goes on while these are sent.
    ...[330, 600, 3_600, 86_400, 31_536_000].flatMap((away) => [
      signedWith(`signed ${away} seconds ago`, secret, seconds - away),
      signedWith(`signed ${away} seconds ahead`, secret, seconds + away),
    ]),
    ...[
      '',
      '0',
      '-1',
      'now',
      'NaN',
      'Infinity',
      '1e9',
      `${timestamp}.0`,
      ` ${timestamp}`,
      `+${timestamp}`,
    ].map((text) => ({
      name: `a time that is ${JSON.stringify(text)}, and signed`,
      headers: { ...headers, 'webhook-timestamp': text, 'webhook-signature': signedAs(key, id, text, body) },
      body,
    })),
    {
      name: 'a time in milliseconds, and signed',
      headers: {
        ...headers,
        'webhook-timestamp': `${timestamp}000`,
        'webhook-signature': signedAs(key, id, `${timestamp}000`, body),
      },
      body,
    },
    ...[Number(timestamp) + 1, Number(timestamp) - 1, Number(timestamp) + 60, seconds + 10].map((at) => ({
      name: `sent again with another time (${at - Number(timestamp)} s) and the old signature`,
      headers: { ...headers, 'webhook-timestamp': String(at) },
      body,
    })),
    ...['', `${id}x`, id.slice(0, -1), id.toUpperCase(), `${id} `, '*', 'null'].map((text) => ({
      name: `sent again with the id ${JSON.stringify(text)} and the old signature`,
      headers: { ...headers, 'webhook-id': text },
      body,
    })),
    {
      name: 'the dots moved from the body into the id',
      headers: { ...headers, 'webhook-id': `${id}.${timestamp}`, 'webhook-timestamp': timestamp },
      body,
    },
    ...Object.entries({
      'stripe-signature': `t=${timestamp},v1=${hex}`,
      'x-signature': `ts=${timestamp},v1=${hex}`,
      'svix-signature': signature,
      'x-hub-signature-256': `sha256=${hex}`,
      authorization: `Bearer ${secret}`,
    }).map(([name, value]) => {
      const { 'webhook-signature': _, ...rest } = headers
      return { name: `the signature in the header ${name}`, headers: { ...rest, [name]: value }, body }
    }),
  ]
}

const headersOf = (id: string, seconds: number, signature: string) => ({
  'content-type': 'application/json',
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signature,
})

const signedAs = (key: Buffer, id: string, timestamp: string, body: Buffer) =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`

/** The same to who reads it as JSON, other bytes to who checks it. */
function reserialised(body: Buffer): Array<[string, string]> {
  const text = body.toString()
  const event = JSON.parse(text)
  const sorted = JSON.stringify(
    event,
    [...new Set([...Object.keys(event), ...Object.keys(event.data)])].sort(),
  )
  return [
    ['with spaces', JSON.stringify(event, null, 1)],
    ['indented', JSON.stringify(event, null, 2)],
    ['with its names in another order', sorted],
    ['with a line end', `${text}\n`],
    ['with a space before', ` ${text}`],
    ['with a name twice', text.replace('{', '{"type":"charge.refunded",')],
    ['with one more field', JSON.stringify({ ...event, livemode: true })],
    ['with another amount', JSON.stringify({ ...event, data: { ...event.data, amountCents: 1 } })],
    ['with another status', JSON.stringify({ ...event, data: { ...event.data, status: 'refunded' } })],
    ['with escaped letters', text.replace('charge', '\\u0063harge')],
  ].filter((one): one is [string, string] => one[1] !== text)
}
