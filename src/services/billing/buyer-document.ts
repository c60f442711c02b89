import { createHmac } from 'node:crypto'
import type { Deps } from '#src/deps.ts'
import { seal, unseal } from '#src/lib/seal.ts'

/** A buyer's CPF or CNPJ as a row keeps it: sealed, and by a keyed hash to be found again. */
export function keepDocument(
  { sealKey, hashKey }: Pick<Deps, 'sealKey' | 'hashKey'>,
  checkoutPublicId: string,
  document: string | null,
) {
  if (document === null) return { customerDocument: null, documentHash: null }
  return {
    customerDocument: seal(sealKey, placeOf(checkoutPublicId), document),
    documentHash: documentHash(hashKey, document),
  }
}

/** The document, or null where there is none or its key is lost. */
export function readDocument(
  { sealKey }: Pick<Deps, 'sealKey'>,
  checkout: { publicId: string; customerDocument: string | null },
): string | null {
  if (checkout.customerDocument === null) return null
  return unseal(sealKey, placeOf(checkout.publicId), checkout.customerDocument)
}

/** Of a normalised document: without the key nobody can try all eleven digits. */
export const documentHash = (hashKey: Buffer, document: string) =>
  createHmac('sha256', hashKey).update('document ').update(document).digest('hex')

const placeOf = (publicId: string) => `checkouts.customer_document:${publicId}`
