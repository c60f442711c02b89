/** What a row of each table is to people: pages and messages say creators, tables and code say models (spec §1). */
const NOUNS: Record<string, Noun> = {
  users: { one: 'user', many: 'users' },
  plans: { one: 'plan', many: 'plans' },
  payment_gateways: { one: 'payment gateway', many: 'payment gateways' },
  subscriptions: { one: 'subscription', many: 'subscriptions' },
  models: { one: 'creator', many: 'creators' },
  posts: { one: 'post', many: 'posts' },
  admin_settings: { one: 'setting', many: 'settings' },
  whitelabel_models: { one: 'creator', many: 'creators' },
  whitelabel_posts: { one: 'post', many: 'posts' },
  whitelabel_media: { one: 'media file', many: 'media files' },
  whitelabel_model_totals: { one: 'total of creators', many: 'totals of creators' },
  support_contacts: { one: 'support contact', many: 'support contacts' },
  checkouts: { one: 'checkout', many: 'checkouts' },
  sync_runs: { one: 'sync run', many: 'sync runs' },
  media_details: { one: 'row of media details', many: 'rows of media details' },
  unreadable_objects: { one: 'unreadable object', many: 'unreadable objects' },
  whitelabel_captions: { one: 'caption file', many: 'caption files' },
  rate_limits: { one: 'rate limit', many: 'rate limits' },
  known_words: { one: 'known word', many: 'known words' },
  sessions: { one: 'session', many: 'sessions' },
  account_tokens: { one: 'mailed link', many: 'mailed links' },
  outbox_mails: { one: 'mail in the outbox', many: 'mails in the outbox' },
  payments: { one: 'payment', many: 'payments' },
  terms: { one: 'term', many: 'terms' },
  webhook_events: { one: 'gateway event', many: 'gateway events' },
  takedowns: { one: 'takedown', many: 'takedowns' },
}

interface Noun {
  one: string
  many: string
}

export const hasNoun = (table: string) => table in NOUNS

/** The word for one row of the table; a table we have no word for is spoken of by its name. */
export const nounOf = (table: string) => NOUNS[table]?.one ?? `row of ${table}`

/** `1 subscription`, `12 subscriptions`, `100,000 media files`. */
export function counted(table: string, rows: number) {
  const { one, many } = NOUNS[table] ?? { one: `row of ${table}`, many: `rows of ${table}` }
  return `${rows.toLocaleString('en')} ${rows === 1 ? one : many}`
}

export const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
