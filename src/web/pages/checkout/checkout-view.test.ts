import { expect, test } from 'vitest'
import type { CheckoutState, PaymentView } from '#src/services/billing/views.ts'
import { checkoutView } from './checkout-view.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const SOON = new Date('2026-11-29T12:30:00Z')
const BEFORE = new Date('2026-11-29T11:59:59Z')

const PAYMENT: PaymentView = {
  method: 'pix',
  status: 'pending',
  pixCode: '000201',
  expiresAt: SOON,
  payUrl: null,
  isPretend: false,
}

const STATE: CheckoutState = {
  publicId: '2f1b7a54-0000-4000-8000-000000000000',
  status: 'pending',
  planId: 1,
  planName: 'Mensal',
  lines: [{ name: 'Mensal', cents: 2990 }],
  totalCents: 2990,
  currency: 'BRL',
  methods: ['pix', 'credit_card'],
  payment: PAYMENT,
  accessUntil: null,
  email: 'maria@example.com',
  mayCorrectEmail: false,
}

test.each<[string, Partial<CheckoutState>, Partial<PaymentView> | null, ReturnType<typeof checkoutView>]>([
  ['a PIX code that can be paid', {}, {}, 'pix'],
  ['a PIX code without an end', {}, { expiresAt: null }, 'pix'],
  ['a PIX code in its last moment', {}, { expiresAt: NOW }, 'lapsed'],
  ['a PIX code whose time is over', {}, { expiresAt: BEFORE }, 'lapsed'],
  ['a card that is waited for', {}, { method: 'credit_card', expiresAt: null, payUrl: '/pay' }, 'card'],
  ['a charge whose code is not known yet', {}, { pixCode: null }, 'asking'],
  ['a charge whose page is not known yet', {}, { method: 'credit_card', payUrl: null }, 'asking'],
  ['a page for cards whose time is over', {}, { method: 'credit_card', expiresAt: BEFORE }, 'lapsed'],
  ['a gateway that was not asked yet', {}, { status: 'created', pixCode: null, expiresAt: null }, 'asking'],
  ['a gateway that has not answered', {}, { status: 'unknown', pixCode: null, expiresAt: null }, 'asking'],
  ['a card that was refused', {}, { method: 'credit_card', status: 'failed' }, 'failed'],
  ['a charge that expired', {}, { status: 'expired' }, 'expired'],
  ['a charge that was canceled', {}, { status: 'canceled' }, 'canceled'],
  ['nothing tried yet', {}, null, 'unpaid'],
  ['a failed checkout', { status: 'failed' }, { status: 'failed' }, 'failed'],
  [
    'a checkout that failed because its payment was canceled',
    { status: 'failed' },
    { status: 'canceled' },
    'canceled',
  ],
  ['an expired checkout', { status: 'expired' }, { status: 'expired' }, 'expired'],
  ['a checkout that was left while its code still runs', { status: 'abandoned' }, {}, 'abandoned'],
  ['a paid checkout', { status: 'paid', accessUntil: SOON }, { status: 'paid' }, 'paid'],
  [
    'a paid checkout, whatever its last try came to',
    { status: 'paid', accessUntil: SOON },
    { status: 'failed' },
    'paid',
  ],
  ['money that is on its way back', { status: 'paid', accessUntil: null }, { status: 'paid' }, 'refunding'],
  ['money that was given back', { status: 'refunded' }, { status: 'refunded' }, 'refunded'],
  ['money that the bank took back', { status: 'charged_back' }, { status: 'charged_back' }, 'charged_back'],
])('%s is told as what it is', (_, state, payment, view) => {
  const shown = payment === null ? null : { ...PAYMENT, ...payment }
  expect(checkoutView({ ...STATE, ...state, payment: shown }, NOW)).toBe(view)
})
