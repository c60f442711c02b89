import { relations, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  json,
  pgTable,
  serial,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

/**
 * The twelve tables of the document (spec §1), read top to bottom as it names them, then their relations.
 * Columns marked "ours" are additions. The copies (`subscription_status`, `post_count`, `media_cdns` and the
 * counters beside it) are kept by triggers of migration 0008 and are right after any write, whoever writes.
 */

const instant = (name: string) => timestamp(name, { withTimezone: true })
const createdAt = () => instant('created_at').notNull().defaultNow()

export const USER_ROLES = ['admin', 'user'] as const
export const SUBSCRIPTION_STATUSES = ['pending', 'active', 'expired', 'canceled', 'refunded'] as const
export const MEDIA_TYPES = ['image', 'video'] as const
export const LIBRARY_STATUSES = ['new', 'active', 'hidden'] as const
export const PAYMENT_METHODS = ['pix', 'credit_card'] as const
export const CHECKOUT_STATUSES = [
  'pending',
  'paid',
  'failed',
  'abandoned',
  'expired',
  'refunded',
  'charged_back',
] as const

/** The media of a post by kind, as percent-encoded keys without a host, in natural order. */
export interface MediaCdns {
  images: string[]
  videos: string[]
}

export const users = pgTable(
  'users',
  {
    id: serial('id').primaryKey(),
    name: text('name'),
    email: text('email').notNull().unique(),
    /** An argon2id hash, never the password. */
    password: text('password').notNull(),
    role: text('role', { enum: USER_ROLES }).notNull().default('user'),
    /** A copy: 1 when a subscription row with status active exists. Access is asked of `end_date` instead. */
    subscriptionStatus: integer('subscription_status').notNull().default(0),
    createdAt: createdAt(),
    /** Ours: since when the owner of the address has proved to be one; null for an account that waits to be claimed. */
    claimedAt: instant('claimed_at'),
    /** Ours: the language of mails. */
    language: text('language'),
    /** Ours: set when the owner of the site has shut the account. */
    disabledAt: instant('disabled_at'),
    /** Ours: set when its person asked to be forgotten: what is left are numbers the law keeps. */
    erasedAt: instant('erased_at'),
  },
  (table) => [
    check('users_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('users_role_known', sql`${table.role} in ('admin', 'user')`),
    check('users_subscription_status_flag', sql`${table.subscriptionStatus} in (0, 1)`),
  ],
)

export const plans = pgTable(
  'plans',
  {
    id: serial('id').primaryKey(),
    name: text('name').notNull(),
    /** Cents of the setting `currency`. */
    price: integer('price').notNull(),
    /** Days. */
    duration: integer('duration').notNull(),
    benefitsJson: json('benefits_json').$type<string[]>(),
    ctaText: text('cta_text'),
    checkoutUrl: text('checkout_url'),
    acceptsPix: boolean('accepts_pix').notNull().default(true),
    acceptsCard: boolean('accepts_card').notNull().default(true),
    /** Ours: not sold any more. A plan with history is retired, not deleted. */
    retiredAt: instant('retired_at'),
  },
  (table) => [
    check('plans_price_not_negative', sql`${table.price} >= 0`),
    check('plans_duration_positive', sql`${table.duration} > 0`),
    check('plans_benefits_are_a_list', sql`json_typeof(${table.benefitsJson}) = 'array'`),
  ],
)

export const paymentGateways = pgTable(
  'payment_gateways',
  {
    id: serial('id').primaryKey(),
    name: text('name').notNull().unique(),
    publicKey: text('public_key'),
    /** All of the gateway's secrets as one sealed bundle. */
    secretKey: text('secret_key'),
    isActive: boolean('is_active').notNull().default(false),
    /** Ours: the methods this gateway would take once active. */
    servesPix: boolean('serves_pix').notNull().default(true),
    servesCard: boolean('serves_card').notNull().default(true),
  },
  (table) => [
    uniqueIndex('payment_gateways_one_active_for_pix')
      .on(table.servesPix)
      .where(sql`${table.isActive} and ${table.servesPix}`),
    uniqueIndex('payment_gateways_one_active_for_card')
      .on(table.servesCard)
      .where(sql`${table.isActive} and ${table.servesCard}`),
  ],
)

export const subscriptions = pgTable(
  'subscriptions',
  {
    id: serial('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id),
    planId: integer('plan_id')
      .notNull()
      .references(() => plans.id),
    /** The gateway's charge that paid it. */
    externalId: text('external_id'),
    startDate: instant('start_date'),
    endDate: instant('end_date'),
    status: text('status', { enum: SUBSCRIPTION_STATUSES }).notNull().default('pending'),
    createdAt: createdAt(),
    /** Ours: for which end a reminder was sent. */
    remindedFor: instant('reminded_for'),
  },
  (table) => [
    check(
      'subscriptions_status_known',
      sql`${table.status} in ('pending', 'active', 'expired', 'canceled', 'refunded')`,
    ),
    check('subscriptions_end_after_start', sql`${table.endDate} >= ${table.startDate}`),
    uniqueIndex('subscriptions_one_active_per_user').on(table.userId).where(sql`${table.status} = 'active'`),
    index('subscriptions_by_user').on(table.userId, table.endDate.desc().nullsFirst()),
    index('subscriptions_by_plan').on(table.planId),
    index('subscriptions_running').on(table.endDate).where(sql`${table.status} in ('active', 'canceled')`),
  ],
)

export const models = pgTable(
  'models',
  {
    id: serial('id').primaryKey(),
    name: text('name').notNull(),
    description: text('description'),
    iconUrl: text('icon_url'),
    bannerUrl: text('banner_url'),
    isFeatured: boolean('is_featured').notNull().default(false),
    /** Shown labelled as sponsored. */
    isAdvertiser: boolean('is_advertiser').notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [index('models_newest').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())],
)

export const posts = pgTable(
  'posts',
  {
    id: serial('id').primaryKey(),
    modelId: integer('model_id')
      .notNull()
      .references(() => models.id),
    title: text('title'),
    /** A storage key or an address, never a signed link. */
    contentUrl: text('content_url').notNull(),
    type: text('type', { enum: MEDIA_TYPES }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    check('posts_type_known', sql`${table.type} in ('image', 'video')`),
    index('posts_of_model_newest').on(
      table.modelId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
  ],
)

export const adminSettings = pgTable('admin_settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
})

export const whitelabelModels = pgTable(
  'whitelabel_models',
  {
    id: serial('id').primaryKey(),
    folderName: text('folder_name').notNull().unique(),
    thumbnailUrl: text('thumbnail_url'),
    iconUrl: text('icon_url'),
    bannerUrl: text('banner_url'),
    /** A copy: the posts that are not taken down. */
    postCount: integer('post_count').notNull().default(0),
    status: text('status', { enum: LIBRARY_STATUSES }).notNull().default('new'),
    lastSyncedAt: instant('last_synced_at').notNull().defaultNow(),
    createdAt: createdAt(),
    /** Ours: rises with every change a visitor could see, in the row, its posts or their media. */
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    /** Ours: since when the owner shows the creator at the top of the home page. */
    featuredAt: instant('featured_at'),
    /** Ours, a copy: when the newest post that is not taken down was made. */
    latestPostAt: instant('latest_post_at'),
    /** Ours, copies: the media of those posts. */
    imageCount: integer('image_count').notNull().default(0),
    videoCount: integer('video_count').notNull().default(0),
  },
  (table) => [
    check('whitelabel_models_status_known', sql`${table.status} in ('new', 'active', 'hidden')`),
    check('whitelabel_models_post_count_not_negative', sql`${table.postCount} >= 0`),
    index('whitelabel_models_newest')
      .on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.status} = 'active'`),
    index('whitelabel_models_recently_updated')
      .on(sql`${table.latestPostAt} desc nulls last`, table.id.desc().nullsFirst())
      .where(sql`${table.status} = 'active'`),
    index('whitelabel_models_featured')
      .on(table.featuredAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.status} = 'active' and ${table.featuredAt} is not null`),
    index('whitelabel_models_by_name')
      .on(sql`search_text(${table.folderName}) collate natural_order`, table.id.asc())
      .where(sql`${table.status} = 'active'`),
    index('whitelabel_models_search').using('gin', sql`search_text(${table.folderName}) gin_trgm_ops`),
    index('whitelabel_models_biggest')
      .on(table.postCount.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.status} = 'active'`),
  ],
)

export const whitelabelPosts = pgTable(
  'whitelabel_posts',
  {
    id: serial('id').primaryKey(),
    whitelabelModelId: integer('whitelabel_model_id')
      .notNull()
      .references(() => whitelabelModels.id, { onDelete: 'cascade' }),
    folderName: text('folder_name').notNull(),
    title: text('title'),
    /** A copy: the post's media that are not taken down. */
    mediaCdns: json('media_cdns').$type<MediaCdns>(),
    createdAt: createdAt(),
    /** Ours, copies beside `media_cdns`. */
    imageCount: integer('image_count').notNull().default(0),
    videoCount: integer('video_count').notNull().default(0),
    /** Ours: set when the post was taken down by the owner. */
    hiddenAt: instant('hidden_at'),
  },
  (table) => [
    unique('whitelabel_posts_whitelabel_model_id_folder_name_unique').on(
      table.whitelabelModelId,
      table.folderName,
    ),
    // Of all posts, the few hidden ones too: it also tells what a delete of the creator takes.
    index('whitelabel_posts_of_model_newest').on(
      table.whitelabelModelId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('whitelabel_posts_search').using('gin', sql`search_terms(${table.title}, ${table.createdAt})`),
  ],
)

export const whitelabelMedia = pgTable(
  'whitelabel_media',
  {
    id: serial('id').primaryKey(),
    whitelabelPostId: integer('whitelabel_post_id')
      .notNull()
      .references(() => whitelabelPosts.id, { onDelete: 'cascade' }),
    s3Key: text('s3_key').notNull().unique(),
    /** The percent-encoded key, without a host. */
    url: text('url'),
    type: text('type', { enum: MEDIA_TYPES }).notNull(),
    createdAt: createdAt(),
    /** Ours, from the listing: bytes, and what tells one content from another. */
    size: bigint('size', { mode: 'number' }),
    etag: text('etag'),
    /** Ours: set when this one was taken down by the owner. */
    hiddenAt: instant('hidden_at'),
  },
  (table) => [
    check('whitelabel_media_type_known', sql`${table.type} in ('image', 'video')`),
    index('whitelabel_media_of_post').on(table.whitelabelPostId),
  ],
)

export const supportContacts = pgTable('support_contacts', {
  id: serial('id').primaryKey(),
  platform: text('platform').notNull(),
  url: text('url').notNull(),
  isActive: boolean('is_active').notNull().default(true),
  /** Kept by the database. */
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

/**
 * Ours: a browser that is known again, of a member who has signed in or of a guest who buys. It stands here, before
 * checkouts, because these name it.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: serial('id').primaryKey(),
    /** SHA-256 of the cookie's value, in hexadecimal; the value itself is nowhere but in the browser. */
    tokenHash: text('token_hash').notNull().unique(),
    /** Null for a guest. */
    userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** What the browser is, roughly: "Chrome, Android". */
    device: text('device'),
    createdAt: createdAt(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    /** Counts whatever the last visit was. */
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('sessions_by_user').on(table.userId), index('sessions_by_expiry').on(table.expiresAt)],
)

export const checkouts = pgTable(
  'checkouts',
  {
    id: serial('id').primaryKey(),
    /** Null for a guest. */
    userId: integer('user_id').references(() => users.id),
    planId: integer('plan_id')
      .notNull()
      .references(() => plans.id),
    status: text('status', { enum: CHECKOUT_STATUSES }).notNull().default('pending'),
    paymentMethod: text('payment_method', { enum: PAYMENT_METHODS }),
    orderBump: boolean('order_bump').notNull().default(false),
    /** Cents. */
    totalAmount: integer('total_amount').notNull(),
    customerName: text('customer_name'),
    customerEmail: text('customer_email'),
    customerDocument: text('customer_document'),
    customerPhone: text('customer_phone'),
    createdAt: createdAt(),
    /** Kept by the database. */
    updatedAt: instant('updated_at').notNull().defaultNow(),
    /** Ours: what addresses name it by. It tells nothing and cannot be guessed. */
    publicId: uuid('public_id').notNull().unique().defaultRandom(),
    /** Ours: the browser that buys. */
    sessionId: integer('session_id').references(() => sessions.id, { onDelete: 'set null' }),
    currency: text('currency').notNull().default('BRL'),
    /** Ours: the language the buyer reads. */
    language: text('language'),
    /** Ours: what was offered, as it was offered. The amount is their sum. */
    planName: text('plan_name'),
    planCents: integer('plan_cents'),
    planDays: integer('plan_days'),
    bumpName: text('bump_name'),
    bumpCents: integer('bump_cents'),
    /** Ours: a keyed hash by which the sealed document is found again. */
    documentHash: text('document_hash'),
    /** Ours: when its money was there. */
    paidAt: instant('paid_at'),
    /** Ours: whether name and document were typed by who owns the account, signed in then or in that browser since. */
    typedByOwner: boolean('typed_by_owner').notNull().default(false),
  },
  (table) => [
    check(
      'checkouts_status_known',
      sql`${table.status} in ('pending', 'paid', 'failed', 'abandoned', 'expired', 'refunded', 'charged_back')`,
    ),
    check('checkouts_payment_method_known', sql`${table.paymentMethod} in ('pix', 'credit_card')`),
    check('checkouts_total_amount_not_negative', sql`${table.totalAmount} >= 0`),
    check(
      'checkouts_total_is_the_sum',
      sql`${table.planCents} is null or ${table.totalAmount} = ${table.planCents} + coalesce(${table.bumpCents}, 0)`,
    ),
    check('checkouts_bump_has_a_price', sql`(${table.bumpName} is null) = (${table.bumpCents} is null)`),
    unique('checkouts_of_an_amount').on(table.id, table.totalAmount, table.currency),
    uniqueIndex('checkouts_one_open_per_browser').on(table.sessionId).where(sql`${table.status} = 'pending'`),
    index('checkouts_by_user').on(table.userId),
    index('checkouts_by_plan').on(table.planId),
    index('checkouts_by_session').on(table.sessionId),
    index('checkouts_by_document').on(table.documentHash),
    index('checkouts_open').on(table.createdAt).where(sql`${table.status} = 'pending'`),
  ],
)

/** `subscription` picks any of the user's rows: read the current one through `currentSubscription` instead (spec §1). */
export const usersRelations = relations(users, ({ one, many }) => ({
  subscription: one(subscriptions, { fields: [users.id], references: [subscriptions.userId] }),
  checkouts: many(checkouts),
}))

export const plansRelations = relations(plans, ({ many }) => ({
  subscriptions: many(subscriptions),
  checkouts: many(checkouts),
}))

export const checkoutsRelations = relations(checkouts, ({ one }) => ({
  user: one(users, { fields: [checkouts.userId], references: [users.id] }),
  plan: one(plans, { fields: [checkouts.planId], references: [plans.id] }),
}))

export const subscriptionsRelations = relations(subscriptions, ({ one }) => ({
  user: one(users, { fields: [subscriptions.userId], references: [users.id] }),
  plan: one(plans, { fields: [subscriptions.planId], references: [plans.id] }),
}))

export const modelsRelations = relations(models, ({ many }) => ({
  posts: many(posts),
}))

export const postsRelations = relations(posts, ({ one }) => ({
  model: one(models, { fields: [posts.modelId], references: [models.id] }),
}))

export const whitelabelModelsRelations = relations(whitelabelModels, ({ many }) => ({
  posts: many(whitelabelPosts),
}))

export const whitelabelPostsRelations = relations(whitelabelPosts, ({ one, many }) => ({
  model: one(whitelabelModels, {
    fields: [whitelabelPosts.whitelabelModelId],
    references: [whitelabelModels.id],
  }),
  media: many(whitelabelMedia),
}))

export const whitelabelMediaRelations = relations(whitelabelMedia, ({ one }) => ({
  post: one(whitelabelPosts, {
    fields: [whitelabelMedia.whitelabelPostId],
    references: [whitelabelPosts.id],
  }),
}))
