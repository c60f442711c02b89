import { randomBytes } from 'node:crypto'
import { hasError, isDynamicPix, parsePix } from 'pix-utils'
import { expect, test } from 'vitest'
import { isPixCode, pixCodeOf } from './pix-code.ts'

const token = () => randomBytes(16).toString('hex')

test('a code is read back as it was meant, and nobody can be paid by it', () => {
  const id = token()
  const read = parsePix(pixCodeOf(id))
  if (hasError(read) || !isDynamicPix(read)) throw new Error('It is no dynamic code.')
  expect(read.merchantName).toBe('SANDBOX NAO PAGAVEL')
  expect(read.url).toBe(`pix.sandbox.invalid/v2/cob/${id}`)
  expect(new URL(`https://${read.url}`).hostname).toMatch(/\.invalid$/)
  expect(read.transactionCurrency).toBe('986')
  expect(read.countryCode).toBe('BR')
})

test('a code is well formed by the rules of EMV: fields of stated length, once each, and a right checksum', () => {
  for (let round = 0; round < 100; round++) {
    const code = pixCodeOf(token())
    const fields = fieldsOf(code)
    expect([...fields.keys()]).toEqual(['00', '01', '26', '52', '53', '58', '59', '60', '62', '63'])
    expect(fields.get('00')).toBe('01')
    // 12: to be paid once.
    expect(fields.get('01')).toBe('12')
    expect(fieldsOf(fields.get('26') ?? '').get('00')).toBe('br.gov.bcb.pix')
    expect(fields.get('59')?.length).toBeLessThanOrEqual(25)
    expect(fields.get('60')?.length).toBeLessThanOrEqual(15)
    expect(fields.get('63')).toBe(crc16(code.slice(0, -4)))
  }
})

test('a code with a letter changed or missing is none', () => {
  const code = pixCodeOf(token())
  expect(isPixCode(code)).toBe(true)
  expect(isPixCode(code.slice(0, -1))).toBe(false)
  expect(isPixCode('')).toBe(false)
  expect(isPixCode('hello')).toBe(false)
  for (let index = 0; index < code.length; index++) {
    const changed = code.slice(0, index) + (code[index] === '7' ? '8' : '7') + code.slice(index + 1)
    if (changed !== code) expect(isPixCode(changed)).toBe(false)
  }
})

/** Identifier and length, two digits each, then the value. */
function fieldsOf(code: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (let at = 0; at < code.length; ) {
    const length = Number(code.slice(at + 2, at + 4))
    expect(fields.has(code.slice(at, at + 2))).toBe(false)
    fields.set(code.slice(at, at + 2), code.slice(at + 4, at + 4 + length))
    at += 4 + length
  }
  return fields
}

/** CRC-16/CCITT-FALSE, bit by bit as ISO/IEC 13239 has it. */
function crc16(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
