import { readBrazilianDocument } from '#src/lib/brazilian-document.ts'
import { readBrazilianPhone } from '#src/lib/brazilian-phone.ts'
import { likelyEmail } from '#src/lib/likely-email.ts'
import { startMask } from './masks.ts'

/** The server says the same of a form that was sent; here it is said as soon as a field is left, or before sending. */
const CHECKS: Record<string, (written: string) => string | null> = {
  document: (written) => mistakeIn(readBrazilianDocument(written)),
  phone: (written) => mistakeIn(readBrazilianPhone(written)),
  email: (written) => (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(written.trim()) ? null : 'email_invalid'),
}

export function startCheckoutForms() {
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-checkout-form]')) startForm(form)
}

export function startForm(form: HTMLFormElement) {
  const { mistakes } = form.dataset
  const words: Record<string, string> = mistakes ? JSON.parse(mistakes) : {}
  if (mistakes) keepMistakesHere(form, words)
  sendOnce(form)
  for (const field of form.querySelectorAll<HTMLInputElement>('[data-mask]')) startMask(field)
  for (const field of form.querySelectorAll<HTMLInputElement>('[data-did-you-mean]')) startGuess(field)
  if (!mistakes) return
  form.addEventListener('focusout', ({ target }) => {
    if (target instanceof HTMLInputElement && target.value.trim() !== '') judge(target, words)
  })
  // What is being put right is not complained about meanwhile.
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.hasAttribute('aria-invalid')) tell(target, null)
  })
}

/** What is refused for sure is not sent: a page that answers a form is none that the back button can show again. */
function keepMistakesHere(form: HTMLFormElement, words: Record<string, string>) {
  form.addEventListener('submit', (event) => {
    const fields = [...form.querySelectorAll<HTMLInputElement>('input[type]:not([type="hidden"])')]
    const wrong = fields.filter((field) => field.checkVisibility() && judge(field, words))
    if (wrong.length === 0) return
    event.preventDefault()
    event.stopImmediatePropagation()
    wrong[0]?.focus()
  })
}

/** Two clicks send one form. The server would take them for one as well. */
function sendOnce(form: HTMLFormElement) {
  const button = form.querySelector<HTMLButtonElement>('button[type="submit"]')
  if (!button) return
  const usual = button.innerHTML
  let isSent = false
  form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault()
    isSent = true
    button.setAttribute('aria-disabled', 'true')
    if (button.dataset.sending) button.textContent = button.dataset.sending
  })
  // Who comes back to the page finds it as it was.
  addEventListener('pageshow', () => {
    isSent = false
    button.removeAttribute('aria-disabled')
    if (button.dataset.sending && button.textContent === button.dataset.sending) button.innerHTML = usual
  })
}

/** Says what is wrong with it. @returns whether something is. */
function judge(field: HTMLInputElement, words: Record<string, string>): boolean {
  const isEmpty = field.value.trim() === ''
  const mistake = isEmpty ? field.required && 'missing' : CHECKS[field.name]?.(field.value)
  if (!mistake) return false
  tell(field, words[mistake] ?? null)
  return true
}

/** Who mistypes where their mail is never gets the link to their other devices: they are asked, and not corrected. */
function startGuess(field: HTMLInputElement) {
  const guess = document.createElement('button')
  guess.type = 'button'
  guess.className = 'text-link self-start ps-1 text-sm break-words'
  guess.addEventListener('click', () => {
    field.value = guess.dataset.email ?? field.value
    guess.remove()
    tell(field, null)
    field.focus()
  })
  field.addEventListener('change', () => {
    const email = likelyEmail(field.value)
    if (email === null) return guess.remove()
    guess.dataset.email = email
    guess.textContent = (field.dataset.didYouMean ?? '').replace('{email}', email)
    field.after(guess)
  })
}

/** As the server writes it beside a field. */
function tell(field: HTMLInputElement, text: string | null) {
  const id = `${field.name}-error`
  document.getElementById(id)?.remove()
  const notes = (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .filter((note) => note && note !== id)
  if (text !== null) {
    const note = document.createElement('p')
    note.className = 'field-error'
    note.id = id
    note.textContent = text
    field.after(note)
    notes.unshift(id)
  }
  if (text === null) field.removeAttribute('aria-invalid')
  else field.setAttribute('aria-invalid', 'true')
  if (notes.length > 0) field.setAttribute('aria-describedby', notes.join(' '))
  else field.removeAttribute('aria-describedby')
}

const mistakeIn = (read: { mistake: string } | object) => ('mistake' in read ? read.mistake : null)
