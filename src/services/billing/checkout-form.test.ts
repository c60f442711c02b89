import { expect, test } from 'vitest'
import { type FieldMistakes, type FormOffer, readCheckoutForm } from './checkout-form.ts'
import type { CheckoutForm } from './views.ts'

const OFFER: FormOffer = {
  plan: {
    id: 7,
    name: 'Mensal',
    priceCents: 2990,
    days: 30,
    benefits: [],
    ctaText: null,
    checkoutUrl: null,
    acceptsPix: true,
    acceptsCard: true,
  },
  bump: { name: 'Extra', cents: 990 },
  methods: ['pix', 'credit_card'],
  needs: { pix: { document: true, phone: true }, credit_card: { document: false, phone: false } },
}

const FIELDS = {
  plan: '7',
  method: 'pix',
  name: 'Maria da Silva',
  email: 'maria@example.com',
  document: '529.982.247-25',
  phone: '(11) 91234-5678',
}

const ORDER: CheckoutForm = {
  planId: 7,
  method: 'pix',
  withBump: false,
  name: 'Maria da Silva',
  email: 'maria@example.com',
  document: '52998224725',
  phone: '11912345678',
}

const read = (fields: Record<string, unknown>, offer = OFFER) =>
  readCheckoutForm(offer, { ...FIELDS, ...fields })

test('a form without mistakes is an order', () => {
  expect(read({})).toEqual({ form: ORDER })
})

test('what the browser says of amounts is not read', () => {
  const amounts = {
    amount: '1',
    price: '-5',
    total: '0.01',
    total_amount: '99999999999',
    planId: '8',
    cents: '1',
  }
  expect(read(amounts)).toEqual({ form: ORDER })
})

test.each<[string, Record<string, unknown>, Partial<CheckoutForm>]>([
  ['a name between spaces', { name: '  Maria   da Silva ' }, { name: 'Maria da Silva' }],
  ['the shortest name', { name: 'Lu' }, { name: 'Lu' }],
  ['the longest name', { name: 'a'.repeat(100) }, { name: 'a'.repeat(100) }],
  ['an accent in two characters', { name: 'Jose\u0301 Luiz' }, { name: 'José Luiz' }],
  ['an apostrophe', { name: 'Ana Sant’Anna' }, { name: 'Ana Sant’Anna' }],
  ['another script', { name: '王小明' }, { name: '王小明' }],
  ['a hundred characters beyond the basic plane', { name: '𠮷'.repeat(100) }, { name: '𠮷'.repeat(100) }],
  ['markup, which is text to us', { name: '<b>Maria</b>' }, { name: '<b>Maria</b>' }],
  ['an e-mail in capitals', { email: ' MARIA@Example.COM ' }, { email: 'maria@example.com' }],
  ['an e-mail with a tag', { email: 'maria+flix@example.com.br' }, { email: 'maria+flix@example.com.br' }],
  ['a CPF of digits alone', { document: '52998224725' }, { document: '52998224725' }],
  ['a CPF with spaces', { document: ' 529 982 247 25 ' }, { document: '52998224725' }],
  ['a CPF with a long dash', { document: '529.982.247–25' }, { document: '52998224725' }],
  ['a CPF in wide digits', { document: '５２９９８２２４７２５' }, { document: '52998224725' }],
  ['a CPF pasted with an invisible mark', { document: '\u200e529.982.247-25' }, { document: '52998224725' }],
  ['a CPF that begins with zero', { document: '012.345.678-90' }, { document: '01234567890' }],
  ['a CNPJ', { document: '54.550.752/0001-55' }, { document: '54550752000155' }],
  ['a CNPJ with letters', { document: '12.ABC.345/01DE-35' }, { document: '12ABC34501DE35' }],
  ['a CNPJ with small letters', { document: '12abc34501de35' }, { document: '12ABC34501DE35' }],
  ['a phone of digits alone', { phone: '11912345678' }, { phone: '11912345678' }],
  ['a phone with the country', { phone: '+55 11 91234-5678' }, { phone: '11912345678' }],
  ['a phone with the country and no plus', { phone: '5511912345678' }, { phone: '11912345678' }],
  ['a phone as dialled from abroad', { phone: '0055 11 91234 5678' }, { phone: '11912345678' }],
  ['a phone with the zero of long distance', { phone: '011 91234-5678' }, { phone: '11912345678' }],
  ['a phone with country and zero', { phone: '+55 (011) 91234-5678' }, { phone: '11912345678' }],
  ['a landline', { phone: '(21) 3456-7890' }, { phone: '2134567890' }],
  ['a landline with the country', { phone: '552134567890' }, { phone: '2134567890' }],
  ['area code 55, which is no country', { phone: '(55) 99123-4567' }, { phone: '55991234567' }],
  ['a landline of area code 55', { phone: '55 3222-1234' }, { phone: '5532221234' }],
  ['the bump', { bump: 'on' }, { withBump: true }],
  ['the bump by any word', { bump: '1' }, { withBump: true }],
])('%s is taken', (_, fields, taken) => {
  expect(read(fields)).toEqual({ form: { ...ORDER, ...taken } })
})

test.each<[string, Record<string, unknown>, FieldMistakes]>([
  ['no method', { method: '' }, { method: 'method_missing' }],
  ['a method there is not', { method: 'boleto' }, { method: 'method_not_accepted' }],
  ['a method named like what every object has', { method: 'constructor' }, { method: 'method_not_accepted' }],
  ['a file for a method', { method: new File([], 'pix') }, { method: 'method_missing' }],
  ['no name', { name: '' }, { name: 'missing' }],
  ['spaces for a name', { name: '   ' }, { name: 'missing' }],
  ['no field for the name', { name: undefined }, { name: 'missing' }],
  ['two names', { name: ['Maria', 'Ana'] }, { name: 'missing' }],
  ['one letter for a name', { name: 'M' }, { name: 'name_short' }],
  ['101 characters', { name: 'a'.repeat(101) }, { name: 'name_long' }],
  ['sixty thousand characters', { name: 'a'.repeat(60_000) }, { name: 'name_long' }],
  ['a name of numbers', { name: '123 456' }, { name: 'name_characters' }],
  ['NUL in a name', { name: 'Maria\u0000' }, { name: 'name_characters' }],
  ['two lines for a name', { name: 'Maria\nBcc: all@example.com' }, { name: 'name_characters' }],
  ['a name that turns the line around', { name: 'Maria\u202e aivliS' }, { name: 'name_characters' }],
  ['half a character in a name', { name: 'Maria \ud83d' }, { name: 'name_characters' }],
  ['no e-mail', { email: '' }, { email: 'missing' }],
  ['no @', { email: 'maria.example.com' }, { email: 'email_invalid' }],
  ['two @', { email: 'maria@@example.com' }, { email: 'email_invalid' }],
  ['no domain', { email: 'maria@' }, { email: 'email_invalid' }],
  ['a domain without a dot', { email: 'maria@localhost' }, { email: 'email_invalid' }],
  ['a space within', { email: 'maria silva@example.com' }, { email: 'email_invalid' }],
  ['two dots', { email: 'maria..silva@example.com' }, { email: 'email_invalid' }],
  ['two addresses', { email: 'a@example.com,b@example.com' }, { email: 'email_invalid' }],
  ['a header in an e-mail', { email: 'a@example.com\r\nBcc: b@example.com' }, { email: 'email_invalid' }],
  ['a mailbox of 65 characters', { email: `${'a'.repeat(65)}@example.com` }, { email: 'email_invalid' }],
  ['255 characters', { email: `${'a'.repeat(60)}@${'b.'.repeat(95)}comm` }, { email: 'email_long' }],
  ['no CPF', { document: '' }, { document: 'missing' }],
  ['ten digits', { document: '5299822472' }, { document: 'document_length' }],
  ['twelve digits', { document: '529982247250' }, { document: 'document_length' }],
  ['letters in a CPF', { document: '529.982.247-2a' }, { document: 'document_length' }],
  ['signs between', { document: '529*982*247*25' }, { document: 'document_length' }],
  ['a wrong check digit', { document: '529.982.247-26' }, { document: 'cpf_invalid' }],
  ['one digit eleven times', { document: '111.111.111-11' }, { document: 'cpf_invalid' }],
  ['zeros', { document: '000.000.000-00' }, { document: 'cpf_invalid' }],
  ['a CNPJ with a wrong check digit', { document: '54.550.752/0001-56' }, { document: 'cnpj_invalid' }],
  ['a CNPJ of zeros', { document: '00.000.000/0000-00' }, { document: 'cnpj_invalid' }],
  [
    'letters where a CNPJ has its check digits',
    { document: '12ABC34501DEAB' },
    { document: 'document_length' },
  ],
  [
    'a CNPJ with letters and a wrong check digit',
    { document: '12ABC34501DE36' },
    { document: 'cnpj_invalid' },
  ],
  ['no phone', { phone: '' }, { phone: 'missing' }],
  ['a phone without its area code', { phone: '91234-5678' }, { phone: 'phone_length' }],
  ['twelve digits of phone', { phone: '119123456789' }, { phone: 'phone_length' }],
  ['words for a phone', { phone: 'call me' }, { phone: 'phone_length' }],
  ['an area code there is not', { phone: '(20) 91234-5678' }, { phone: 'phone_area' }],
  ['another area code there is not', { phone: '(23) 91234-5678' }, { phone: 'phone_area' }],
  ['a mobile number without its nine', { phone: '(11) 8123-4567' }, { phone: 'phone_number' }],
  ['eleven digits that are no mobile number', { phone: '(11) 81234-5678' }, { phone: 'phone_number' }],
  ['a phone of Portugal', { phone: '+351 912 345 678' }, { phone: 'phone_country' }],
  ['a phone of the United States', { phone: '001 415 555 2671' }, { phone: 'phone_country' }],
  [
    'everything wrong at once, each field for itself',
    { name: '', email: 'x', document: '1', phone: '2' },
    { name: 'missing', email: 'email_invalid', document: 'document_length', phone: 'phone_length' },
  ],
])('%s is refused, and why', (_, fields, mistakes) => {
  expect(read(fields)).toEqual({ mistakes })
})

test('an empty form says what is missing, and asks for no more than the chosen method needs', () => {
  expect(readCheckoutForm(OFFER, {})).toEqual({
    mistakes: { method: 'method_missing', name: 'missing', email: 'missing' },
  })
  expect(readCheckoutForm(OFFER, { method: 'pix' })).toMatchObject({
    mistakes: { document: 'missing', phone: 'missing' },
  })
})

test('what the method does not need is neither asked for nor kept', () => {
  expect(read({ method: 'credit_card', document: 'rubbish', phone: '1' })).toEqual({
    form: { ...ORDER, method: 'credit_card', document: null, phone: null },
  })
})

test('a method that the plan does not accept is refused', () => {
  const pixAlone = { ...OFFER, methods: ['pix' as const] }
  expect(read({ method: 'credit_card' }, pixAlone)).toEqual({ mistakes: { method: 'method_not_accepted' } })
})

test('a bump that is not offered any more is not bought', () => {
  expect(read({ bump: 'on' }, { ...OFFER, bump: null })).toEqual({ form: ORDER })
})
