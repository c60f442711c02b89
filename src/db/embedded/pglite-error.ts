import type { ErrorReport } from './pglite-messages.ts'

/** A statement that the embedded database refused, with the fields of `pg`'s DatabaseError. */
export class PgliteError extends Error implements ErrorReport {
  override readonly name = 'PgliteError'
  readonly severity: string | undefined
  /** SQLSTATE; undefined when the value of a parameter was refused before PostgreSQL saw it. */
  readonly code: string | undefined
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly position: string | undefined
  readonly where: string | undefined
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly dataType: string | undefined
  readonly constraint: string | undefined

  constructor({ message, ...fields }: ErrorReport) {
    super(message)
    Object.assign(this, fields)
  }
}
