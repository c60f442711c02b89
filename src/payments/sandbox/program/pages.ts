import { formatCents } from '#src/lib/money.ts'
import type { ChargeStatus } from '../../gateway.ts'
import { type MessageFault, messageFault } from '../faults.ts'
import { type Book, Refusal } from './book.ts'
import type { BookedCharge } from './charge.ts'
import { Html, html } from './html.ts'
import type { Answer, Call, Route } from './http.ts'
import { isPixCode } from './pix-code.ts'
import { STYLE } from './style.ts'
import { type Words, wordsFor } from './words.ts'

/** Addresses in them are relative: a site shows them below a path of its own. */

const MINUTE_MS = 60_000
/** Longer than any PIX code there is. */
const LONGEST_CODE = 512

const TELLINGS = ['silence', 'late', 'duplicate', 'other amount'] as const

/** What a person may do to a charge. */
const OUTCOMES = new Map<string, ChargeStatus>([
  ['pay', 'paid'],
  ['decline', 'failed'],
  ['cancel', 'canceled'],
])

/** What people see: the gateway's page for cards, and a bank in which PIX codes are paid. */
export function pageRoutes(book: Book, now: () => Date): Route[] {
  return [
    {
      method: 'GET',
      path: '/style.css',
      handle: async () => ({
        status: 200,
        headers: { 'Content-Type': 'text/css; charset=utf-8' },
        body: STYLE,
      }),
    },
    {
      method: 'GET',
      path: '/pay/:id',
      handle: async (call) => showCharge(call, await book.find(call.params.id ?? ''), cardPage),
    },
    {
      method: 'POST',
      path: '/pay/:id',
      handle: async (call) => {
        const charge = await decide(book, call)
        return charge ? seeOther(charge.returnUrl) : seeOther(ownAddress(call))
      },
    },
    { method: 'GET', path: '/bank', handle: async (call) => bank(book, call) },
    {
      method: 'GET',
      path: '/charges/:id',
      handle: async (call) =>
        showCharge(call, await book.find(call.params.id ?? ''), (charge, words) =>
          pixPage(charge, words, now()),
        ),
    },
    {
      method: 'POST',
      path: '/charges/:id',
      handle: async (call) => {
        await decide(book, call)
        return seeOther(ownAddress(call))
      },
    },
  ]
}

/** Null when it came too late: the page then says what has become of the charge. */
async function decide(book: Book, { params, body }: Call): Promise<BookedCharge | null> {
  const form = new URLSearchParams(body.toString('utf8'))
  const status = OUTCOMES.get(form.get('outcome') ?? '')
  if (!status) return null
  try {
    return await book.move(params.id ?? '', status, faultOf(form.get('tell')))
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function faultOf(kind: string | null): MessageFault | null {
  const known = TELLINGS.find((telling) => telling === kind)
  return known ? messageFault.parse({ kind: known }) : null
}

async function bank(book: Book, call: Call): Promise<Answer> {
  const words = wordsOf(call)
  const code = call.query.get('code')?.trim().slice(0, LONGEST_CODE) ?? ''
  if (code === '') return page(200, words, words.bank.title, bankForm(words, '', null))
  const charge = await book.findByPixCode(code)
  if (charge) return seeOther(`charges/${charge.id}${languageQuery(call)}`)
  const mistake = isPixCode(code) ? words.bank.unknown : words.bank.notACode
  return page(422, words, words.bank.title, bankForm(words, code, mistake))
}

function showCharge(
  call: Call,
  charge: BookedCharge | null,
  show: (charge: BookedCharge, words: Words) => { title: string; content: Html },
): Answer {
  const words = wordsOf(call)
  if (!charge) return page(404, words, words.notFound, html`<h1>${words.notFound}</h1>`, '../')
  const { title, content } = show(charge, words)
  return page(200, words, title, content, '../')
}

function cardPage(charge: BookedCharge, words: Words) {
  if (charge.status !== 'pending')
    return { title: words.status[charge.status], content: outcome(charge, words) }
  const { card } = words
  return {
    title: card.title,
    content: html`
      <h1>${card.title}</h1>
      <p class="amount">${amountOf(charge, words)}</p>
      <p class="quiet">${charge.description}</p>
      <div class="card" aria-hidden="true"><span class="chip"></span><span>•••• •••• •••• 4242</span></div>
      <p>${card.intro}</p>
      <form method="post">
        <button class="main" name="outcome" value="pay">${card.pay(amountOf(charge, words))}</button>
        <button name="outcome" value="decline">${card.decline}</button>
        <button name="outcome" value="cancel">${card.cancel}</button>
        ${tellings(words)}
      </form>
      <p><a href="${charge.returnUrl}">${card.leave}</a></p>`,
  }
}

function pixPage(charge: BookedCharge, words: Words, now: Date) {
  const isExpired = charge.status === 'expired'
  if (charge.status !== 'pending' && !isExpired) {
    return {
      title: words.status[charge.status],
      content: html`${outcome(charge, words)}<p><a href="../bank">${words.bank.another}</a></p>`,
    }
  }
  const { pix } = words
  const minutes = Math.ceil((Date.parse(charge.expiresAt ?? '') - now.getTime()) / MINUTE_MS)
  return {
    title: pix.title,
    content: html`
      <h1>${pix.title}</h1>
      <p class="amount">${amountOf(charge, words)}</p>
      <dl>
        <dt>${pix.receiver}</dt><dd>SANDBOX NAO PAGAVEL</dd>
        <dt>${pix.description}</dt><dd>${charge.description}</dd>
        ${!isExpired && html`<dt>${pix.validFor}</dt><dd>${pix.minutes(Math.max(minutes, 1))}</dd>`}
      </dl>
      ${isExpired && html`<p class="warning">${pix.late}</p>`}
      <form method="post">
        <button class="main" name="outcome" value="pay">${
          isExpired ? pix.payLate : pix.pay(amountOf(charge, words))
        }</button>
        ${tellings(words)}
      </form>
      <p><a href="${charge.returnUrl}">${words.back}</a></p>`,
  }
}

const outcome = (charge: BookedCharge, words: Words) => html`
  <h1 class="outcome ${charge.status}">${words.status[charge.status]}</h1>
  <p class="amount">${amountOf(charge, words)}</p>
  <p class="quiet">${charge.description}</p>
  <p><a class="main" href="${charge.returnUrl}">${words.back}</a></p>`

const bankForm = ({ bank: words }: Words, code: string, mistake: string | null) => html`
  <h1>${words.title}</h1>
  <p>${words.intro}</p>
  <form method="get">
    <label for="code">${words.code}</label>
    <textarea id="code" name="code" rows="5" maxlength="${LONGEST_CODE}" required spellcheck="false"
      autocomplete="off" autocapitalize="off"${mistake !== null && new Html(' aria-invalid="true" aria-describedby="mistake"')}>${code}</textarea>
    ${mistake !== null && html`<p class="warning" id="mistake" role="alert">${mistake}</p>`}
    <button class="main">${words.go}</button>
  </form>`

const tellings = ({ tell }: Words) => html`
  <details>
    <summary>${tell.title}</summary>
    <fieldset>
      <legend>${tell.question}</legend>
      <label><input type="radio" name="tell" value="" checked> ${tell.normal}</label>
      ${TELLINGS.map((kind) => html`<label><input type="radio" name="tell" value="${kind}"> ${tell[kind]}</label>`)}
    </fieldset>
  </details>`

const amountOf = ({ amountCents, currency }: BookedCharge, { language }: Words) =>
  formatCents(amountCents, currency, language)

/** @param up the way to the top of these pages */
function page(status: number, words: Words, title: string, content: Html, up = ''): Answer {
  const { text } = html`<!doctype html>
<html lang="${words.language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title} · ${words.pretend}</title>
  <link rel="stylesheet" href="${up}style.css">
</head>
<body>
  <header><strong>${words.pretend}</strong> <span>${words.noRealMoney}</span></header>
  <main>${content}</main>
</body>
</html>
`
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...PAGE_HEADERS }, body: text }
}

/** For who opens them by their own address; a site in front has its own. */
const PAGE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

const seeOther = (location: string): Answer => ({ status: 303, headers: { Location: location }, body: '' })

/** The last part of the address leads back to the very page, wherever it is shown. */
const ownAddress = (call: Call) => `${encodeURIComponent(call.params.id ?? '')}${languageQuery(call)}`

const wordsOf = (call: Call) => wordsFor(call.query.get('lang'), call.header('accept-language'))

function languageQuery({ query }: Call) {
  const language = query.get('lang')
  return language ? `?lang=${encodeURIComponent(language)}` : ''
}
