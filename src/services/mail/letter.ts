import type { Message } from '#src/mail/mailer.ts'

/** What a mail says, before it is text and HTML. */
export interface Letter {
  /** Where it goes; without one, to the e-mail of the account. */
  to?: string
  subject: string
  /** Without one, nobody is greeted by name: it is not proved yet whose the address is. */
  greeting: string
  paragraphs: string[]
  /** What is to be done, as one button: right below the paragraphs, which lead to it. */
  action?: { label: string; link: string }
  /** Small facts in a list below the action, such as of a receipt. */
  facts?: Array<[label: string, value: string]>
  /** At the end: how long the action works, and what to do if one did not ask for it. */
  notes?: string[]
  /** Who writes. */
  closing: string
}

/** The letter as a message; what is not ours in it, as names, is text in both. */
export function messageOf(letter: Letter, to: string, language: string): Message {
  // A subject is one line, whatever a name holds.
  const subject = letter.subject.replaceAll(/\p{Cc}+/gu, ' ')
  return { to, subject, text: textOf(letter), html: htmlOf(letter, language) }
}

function textOf({ greeting, paragraphs, action, facts, notes = [], closing }: Letter): string {
  const listed = facts?.map(([label, value]) => `${label}: ${value}`).join('\n')
  const parts = [
    greeting,
    ...paragraphs,
    action && `${action.label}:\n${action.link}`,
    listed,
    ...notes,
    closing,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** Tables and inline styles are what every mail program understands; it follows the reader's light or dark. */
function htmlOf(
  { subject, greeting, paragraphs, action, facts, notes = [], closing }: Letter,
  language: string,
) {
  const body = [
    paragraph(greeting),
    ...paragraphs.map((text) => paragraph(text)),
    action &&
      `<p style="margin:28px 0"><a href="${escaped(action.link)}" style="display:inline-block;padding:14px 28px;border-radius:24px;background:#18181b;color:#ffffff;font-weight:600;text-decoration:none">${escaped(action.label)}</a></p>`,
    action && `<p style="${SMALL};word-break:break-all">${escaped(action.link)}</p>`,
    facts && `<table role="presentation" style="margin:0 0 24px">${facts.map(row).join('')}</table>`,
    ...notes.map((text) => `<p style="${SMALL}">${escaped(text)}</p>`),
    paragraph(closing),
  ]
  return `<!doctype html>
<html lang="${escaped(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:34rem;margin:0 auto">
${body.filter(Boolean).join('\n')}
</div>
</body>
</html>
`
}

const SMALL = 'margin:0 0 16px;font-size:14px;opacity:0.75'

const paragraph = (text: string) => `<p style="margin:0 0 16px">${escaped(text)}</p>`

const row = ([label, value]: [string, string]) =>
  `<tr><td style="padding:2px 16px 2px 0;opacity:0.75">${escaped(label)}</td><td style="padding:2px 0">${escaped(value)}</td></tr>`

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
