import type { Sender, Templates } from './templates.ts'

const day = (date: Date) =>
  date.toLocaleDateString('en', { dateStyle: 'long', timeZone: 'America/Sao_Paulo' })
const hello = (name: string | null) => (name ? `Hello, ${name}!` : 'Hello!')
const closing = ({ siteName, siteLink }: Sender) => `${siteName}\n${siteLink}`
const METHODS = { pix: 'PIX', credit_card: 'card' }

export const en: Templates = {
  claim: (facts) => ({
    subject: `Your account at ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [
      `Choose a password to finish your account at ${facts.siteName}. With it you sign in on every device.`,
    ],
    action: { label: 'Choose a password', link: facts.link },
    notes: [
      'The link works once, for seven days.',
      'You did not ask for this? Then you need not do anything.',
    ],
    closing: closing(facts),
  }),
  reset: (facts) => ({
    subject: `A new password at ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [`We were asked for a new password at ${facts.siteName}.`],
    action: { label: 'Choose a new password', link: facts.link },
    notes: [
      'The link works once, for 30 minutes.',
      'It was not you? Then you need not do anything: your password stays as it is.',
    ],
    closing: closing(facts),
  }),
  'already-registered': (facts) => ({
    subject: `You have an account at ${facts.siteName} already`,
    greeting: hello(null),
    paragraphs: [
      `We were asked to use this address for an account at ${facts.siteName}. It has one already: just sign in.`,
    ],
    action: { label: 'Sign in', link: facts.signInLink },
    notes: [`Forgot your password? ${facts.resetLink}`, 'It was not you? Then you need not do anything.'],
    closing: closing(facts),
  }),
  'password-changed': (facts) => ({
    subject: `Your password at ${facts.siteName} was changed`,
    greeting: hello(null),
    paragraphs: [
      `The password of your account at ${facts.siteName} has just been changed, and every other device was signed out.`,
      'It was not you? Choose a new one at once:',
    ],
    action: { label: 'Choose a new password', link: facts.resetLink },
    closing: closing(facts),
  }),
  'confirm-email': (facts) => ({
    subject: `Your new e-mail at ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [`Confirm this as the address of your account at ${facts.siteName}.`],
    action: { label: 'Confirm this address', link: facts.link },
    notes: [
      'The link works once, for one day.',
      'You did not ask for this? Then you need not do anything: this address is not used.',
    ],
    closing: closing(facts),
  }),
  'email-change-asked': (facts) => ({
    subject: `Another e-mail for your account at ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [
      `Somebody who knows your password has asked to give your account at ${facts.siteName} another e-mail. It changes as soon as the new address is confirmed.`,
      'It was not you? Change your password at once: the link that went to the new address then stops working.',
    ],
    action: { label: 'Change my password', link: facts.securityLink },
    closing: closing(facts),
  }),
  'email-changed': (facts) => ({
    subject: `Your e-mail at ${facts.siteName} was changed`,
    greeting: hello(null),
    paragraphs: [
      `Your account at ${facts.siteName} has another e-mail now, which was confirmed by its reader. You sign in with that one, and our mails go there.`,
      'It was not you? Write to us at once.',
    ],
    closing: closing(facts),
  }),
  receipt: (facts) => ({
    subject: `${facts.siteName}: ${facts.planName}, paid on ${day(facts.paidAt)}`,
    greeting: hello(facts.name),
    paragraphs: [
      'Thank you! Your payment has arrived.',
      ...(facts.claimLink
        ? [
            'You can watch right away in the browser you paid with. To watch on your other devices, choose a password:',
          ]
        : []),
    ],
    facts: [
      ...facts.lines.map(({ name, price }): [string, string] => [name, price]),
      ['Total', facts.total],
      ['Paid on', `${day(facts.paidAt)}, by ${METHODS[facts.method]}`],
      ...(facts.accessUntil ? [['Access until', day(facts.accessUntil)] as [string, string]] : []),
    ],
    action: facts.claimLink
      ? { label: 'Choose a password', link: facts.claimLink }
      : { label: 'See my account', link: facts.accountLink },
    notes: [
      'There is no automatic renewal: nothing is charged again unless you buy again.',
      'Changed your mind? Within seven days you ask for your money back on the page of your account.',
    ],
    closing: closing(facts),
  }),
  'order-moved': (facts) => ({
    subject: `A payment that was not yours, at ${facts.siteName}`,
    greeting: hello(facts.name),
    paragraphs: [
      `${facts.planName}, paid on ${day(facts.paidAt)}, had been ordered under your e-mail by mistake. Whoever paid for it has given the right address, so the days that came of it are no longer yours, nor what else the same browser had paid for under your e-mail. All else that you have stays.`,
      'You paid for it yourself? Write to us.',
    ],
    closing: closing(facts),
  }),
  reminder: (facts) => ({
    subject: `Your access to ${facts.siteName} ends on ${day(facts.endsAt)}`,
    greeting: hello(facts.name),
    paragraphs: [
      `${facts.planName} ends on ${day(facts.endsAt)}. There is no automatic renewal. If you want to stay, renew before then, and the new days are added to those you have.`,
    ],
    action: { label: 'Renew', link: facts.plansLink },
    notes: ['No more of these? Cancel the reminder in your account; your access stays until its end.'],
    closing: closing(facts),
  }),
  refunded: (facts) => ({
    subject: facts.isChargedBack
      ? `Your bank took back a payment to ${facts.siteName}`
      : `Your refund at ${facts.siteName}`,
    greeting: hello(facts.name),
    paragraphs: facts.isChargedBack
      ? [
          `Your bank has taken back the payment of ${facts.amount} for ${facts.planName}. The access it paid for has ended.`,
        ]
      : [
          `We have given back ${facts.amount} for ${facts.planName}, and the access it paid for has ended.`,
          facts.method === 'pix'
            ? 'A PIX refund is on your account within minutes, with some banks on the next working day.'
            : 'On a card the refund shows on this bill or the next.',
        ],
    closing: closing(facts),
  }),
}
