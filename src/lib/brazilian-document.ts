import { cnpj, cpf } from 'cpf-cnpj-validator'

/** What people put between the characters, and what comes along when a number is pasted. */
const BETWEEN = /[\s./\p{Pd}\p{Cf}]/gu

export type DocumentMistake = 'document_length' | 'cpf_invalid' | 'cnpj_invalid'

/**
 * A CPF or CNPJ as people write it, to its eleven or fourteen characters. A CNPJ may have letters: the Receita Federal
 * gives such since July 2026. Otherwise what is wrong with it.
 */
export function readBrazilianDocument(written: string): { document: string } | { mistake: DocumentMistake } {
  const document = written.normalize('NFKC').toUpperCase().replace(BETWEEN, '')
  if (/^\d{11}$/.test(document)) return cpf.isValid(document) ? { document } : { mistake: 'cpf_invalid' }
  if (/^[\dA-Z]{12}\d{2}$/.test(document))
    return cnpj.isValid(document) ? { document } : { mistake: 'cnpj_invalid' }
  return { mistake: 'document_length' }
}
