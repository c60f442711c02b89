const MASKS = { document: maskDocument, phone: maskPhone }

/** Puts dots and dashes between what is typed, by the field's `data-mask`. What fits no mask stays as it is. */
export function startMask(field: HTMLInputElement) {
  const mask = MASKS[field.dataset.mask as keyof typeof MASKS]
  if (!mask) return
  // Numbers alone, until one was wrong: a CNPJ may have letters.
  if (field.dataset.mask === 'document' && field.getAttribute('aria-invalid') === null)
    field.inputMode = 'numeric'
  field.addEventListener('input', (event) => {
    if (!(event as InputEvent).isComposing) apply(field, mask)
  })
  apply(field, mask)
}

/** The caret stays behind the character it was behind. */
function apply(field: HTMLInputElement, mask: (written: string) => string) {
  const masked = mask(field.value)
  if (masked === field.value) return
  const isAtEnd = field.selectionStart === field.value.length
  const before = significant(field.value.slice(0, field.selectionStart ?? 0)).length
  field.value = masked
  if (document.activeElement !== field) return
  const caret = isAtEnd ? masked.length : placeBehind(masked, before)
  field.setSelectionRange(caret, caret)
}

const significant = (written: string) => written.replace(/[^\dA-Z]/gi, '')

function placeBehind(masked: string, count: number) {
  let place = 0
  for (let passed = 0; passed < count && place < masked.length; place++)
    if (significant(masked[place] ?? '')) passed++
  return place
}

/** `000.000.000-00`; from twelve characters on, or with letters, `00.000.000/0000-00`. */
export function maskDocument(written: string): string {
  if (!/^[\dA-Z\s./\p{Pd}]*$/iu.test(written)) return written
  const characters = significant(written).toUpperCase()
  if (characters.length > 14) return characters
  return /^\d{0,11}$/.test(characters)
    ? fill('###.###.###-##', characters)
    : fill('##.###.###/####-##', characters)
}

/** `(00) 0000-0000`, `(00) 00000-0000`; the country is left away where it is ours. */
export function maskPhone(written: string): string {
  const digits = written.replace(/\D/g, '').replace(/^55(?=\d{10,11}$)/, '')
  if (/^\s*\+(?!55)/.test(written) || /[a-z]/i.test(written) || digits.length > 11) return written
  if (written.trim().startsWith('+') && digits.length < 10) return written
  return fill(digits.length > 10 ? '(##) #####-####' : '(##) ####-####', digits)
}

/** As much of the pattern as there are characters for; nothing stands behind the last one. */
function fill(pattern: string, characters: string): string {
  let filled = ''
  let used = 0
  for (const place of pattern) {
    if (used === characters.length) break
    filled += place === '#' ? characters[used++] : place
  }
  return filled
}
