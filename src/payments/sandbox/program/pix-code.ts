import { createDynamicPix, hasError, parsePix } from 'pix-utils'

/** RFC 2606: nobody will ever answer there, so no bank can learn whom to pay. */
const HOST = 'pix.sandbox.invalid'
/** What a bank would show as the receiver. */
const RECEIVER = 'SANDBOX NAO PAGAVEL'

/**
 * A BR Code (EMV QR of the Banco Central) that every bank can read and none can pay.
 * @param token of letters and digits, 32 at most
 */
export function pixCodeOf(token: string): string {
  const code = createDynamicPix({
    merchantName: RECEIVER,
    merchantCity: 'SANDBOX',
    url: `${HOST}/v2/cob/${token}`,
    oneTime: true,
  })
  if (hasError(code)) throw new Error(`A PIX code could not be made: ${code.message}`)
  return code.toBRCode()
}

/** Whether this is a PIX code at all, whoever made it. */
export const isPixCode = (text: string) => !hasError(parsePix(text))
