import type { Results, RowMode } from '@electric-sql/pglite'

/** What the thread of the embedded database is asked, each with an `id` of its own. */
export type Request =
  | { kind: 'query'; sql: string; params: unknown[]; rowMode: RowMode }
  | { kind: 'exec'; sql: string; rowMode: RowMode }
  | { kind: 'copy'; sql: string; rows: Uint8Array }
  | { kind: 'close' }

/** What it says: the answer to one question, or something nobody asked. */
export type Message =
  | { id: number; results: Results[] }
  | { id: number; refusal: ErrorReport }
  | { channel: string; payload: string }
  | { failed: string }

/** The fields of PostgreSQL's error report that people and programs can use, by the names `pg` gives them. */
export interface ErrorReport {
  message: string
  severity?: string | undefined
  code?: string | undefined
  detail?: string | undefined
  hint?: string | undefined
  position?: string | undefined
  where?: string | undefined
  schema?: string | undefined
  table?: string | undefined
  column?: string | undefined
  dataType?: string | undefined
  constraint?: string | undefined
}
