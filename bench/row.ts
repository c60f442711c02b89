/** One measured claim: a ratio of ours to a peer in the same run, and the limit it is held to. */
export interface Row {
  what: string
  against: string
  ratio: number
  limit: number
  better: 'higher' | 'lower'
  /** The bare figures behind the ratio, for the reader. */
  detail: string
}
