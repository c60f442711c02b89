/**
 * What each rule of the database asks of people, by the name of the constraint or unique index. A test compares the
 * names with the live catalog, so a rule without words does not pass.
 */

/** CHECK constraints: the field, and what it takes. */
export const CHECK_WORDS: Record<string, string> = {
  users_email_lower_case: 'The e-mail must be written in lower case.',
  users_role_known: 'The role must be admin or user.',
  users_subscription_status_flag:
    'The subscription status of a user is 0 or 1; the database keeps it by itself.',
  plans_price_not_negative: 'The price of a plan must be 0 or more, in cents.',
  plans_duration_positive: 'The duration of a plan must be at least one day.',
  plans_benefits_are_a_list:
    'The benefits of a plan must be a list, such as ["HD videos", "New posts daily"].',
  subscriptions_status_known:
    'The status of a subscription must be pending, active, expired, canceled or refunded.',
  subscriptions_end_after_start:
    'A subscription cannot end before it starts: correct its start or its end date.',
  posts_type_known: 'The type of a post must be image or video.',
  whitelabel_models_status_known: 'The status of a creator must be new, active or hidden.',
  whitelabel_models_post_count_not_negative:
    'The post count of a creator cannot be negative; the database keeps it by itself.',
  whitelabel_media_type_known: 'The type of a media file must be image or video.',
  checkouts_status_known:
    'The status of a checkout must be pending, paid, failed, abandoned, expired, refunded or charged_back.',
  checkouts_payment_method_known: 'The payment method must be pix or credit_card.',
  checkouts_total_amount_not_negative: 'The total amount of a checkout must be 0 or more, in cents.',
  checkouts_total_is_the_sum:
    'The total amount of a checkout must be what its plan and its bump cost together, in cents.',
  checkouts_bump_has_a_price: 'A bump has a name and a price: give both, or neither.',
  checkouts_offer_stays:
    'What a checkout has offered stays as it was: leave it, and let the buyer begin another checkout.',
  checkouts_move_legally:
    'A checkout cannot go from its state to that one. What was paid can only be given back: npx creatorflix members refund PAYMENT',
  payments_method_known: 'The method of a payment must be pix or credit_card.',
  payments_status_known:
    'The status of a payment must be created, unknown, pending, failed, expired, canceled, paid, refunded or charged_back.',
  payments_paid_since:
    'A payment that is paid, refunded or charged back says when it was paid, and no other does: change both together.',
  payments_charge_stays:
    'What was asked of the gateway stays as it was: leave this payment, and let the buyer begin another one.',
  payments_move_legally:
    'A payment cannot go from its state to that one. To hear what became of it, ask the gateway: npx creatorflix members reconcile',
  terms_source_known: 'The source of a term must be charge or gift.',
  terms_charge_has_its_payment:
    'A term that was bought names its checkout, its payment, its amount and its currency; a gift names none of them.',
  terms_days_positive: 'A term must last at least one day.',
  terms_end_after_start: 'A term cannot end before it starts: correct its start or its end.',
  terms_revoked_for_a_reason: 'A term that was taken back says when and why: give both, or neither.',
  terms_revoke_reason_known: 'The reason to take a term back must be refunded, charged_back or ended.',
  terms_are_paid:
    'A term is bought by a payment of its own checkout that is paid. To give one: npx creatorflix members give EMAIL PLAN',
  webhook_events_state_known: 'The state of a gateway event must be received, settled, ignored or parked.',
  account_tokens_purpose_known:
    'The purpose of a mailed link must be claim, reset, sign_in, setup or change_email.',
  account_tokens_emails_of_a_change:
    'A mailed link names the new e-mail and the former one when it changes an e-mail, and only then.',
  account_tokens_for_a_user: 'A mailed link is for one user; only that of the setup is for none.',
  sync_runs_status_known: 'The status of a sync run must be running, applied, unchanged, held or failed.',
  takedowns_kind_known: 'The kind of a takedown must be model, post or media.',
  media_details_size_positive: 'The width and the height of a picture must be above 0, in pixels.',
  unreadable_objects_reason_known:
    'The reason must be missing, not a picture, too large, too slow or damaged.',
}

/** Unique constraints and indexes: what is there already, and the way round it. */
export const UNIQUE_WORDS: Record<string, string> = {
  users_email_unique: 'An account with this e-mail is already there. Use it, or another e-mail.',
  payment_gateways_name_unique:
    'A payment gateway of this name is already there. Change that one, or take another name.',
  payment_gateways_one_active_for_pix:
    'Another payment gateway already takes PIX. Deactivate it first, or let this one take cards only.',
  payment_gateways_one_active_for_card:
    'Another payment gateway already takes cards. Deactivate it first, or let this one take PIX only.',
  subscriptions_one_active_per_user:
    'This user already has an active subscription. Extend that one, or let it expire first.',
  sessions_token_hash_unique: 'A session with this token is already there. Make a new token.',
  account_tokens_token_hash_unique: 'A mailed link with this token is already there. Make a new token.',
  checkouts_public_id_unique: 'A checkout with this address is already there. Leave it out: one is made.',
  checkouts_of_an_amount: 'This checkout is already there.',
  checkouts_one_open_per_browser:
    'This browser already has a checkout that is not finished. Go on with that one, or abandon it first.',
  payments_idempotency_key_unique:
    'A payment with this idempotency key is already there. Take that one, or make a new key.',
  payments_external_id_unique:
    'A payment of this gateway with this id is already there: a charge is recorded once.',
  payments_of_an_amount: 'This payment is already there.',
  payments_one_open_per_checkout_and_method:
    'This checkout is already waiting for a payment by this method. Wait for that one, or let it end first.',
  payments_one_settles_a_checkout:
    'Another payment has already paid for this checkout. Record this one as surplus, and give it back.',
  terms_payment_id_unique: 'A term has already come of this payment: money buys one term.',
  terms_one_per_checkout: 'A term has already come of this checkout: each buys one term.',
  webhook_events_once: 'This gateway event has been taken in already. Nothing has to be done.',
  whitelabel_models_folder_name_unique:
    'A creator with this folder name is already there. Choose another folder.',
  whitelabel_posts_whitelabel_model_id_folder_name_unique:
    'This creator already has a post with this folder name. Choose another folder.',
  whitelabel_media_s3_key_unique:
    'A media file with this key is already in the library. Each file belongs to one post.',
  whitelabel_captions_s3_key_unique:
    'A caption file with this key is already in the library. Each belongs to one video.',
  whitelabel_captions_one_per_language:
    'This video already has captions in this language. Change those, or take another language.',
}

/** A foreign key: rows of `table` name a row of `parent` in `column`. */
export interface Reference {
  table: string
  /** Of a key of several columns all, as the database lists them: the id comes first. */
  column: string
  parent: string
  /** What a key asks that holds more than an id. */
  words?: string
}

export const REFERENCES: Record<string, Reference> = {
  subscriptions_user_id_users_id_fk: { table: 'subscriptions', column: 'user_id', parent: 'users' },
  subscriptions_plan_id_plans_id_fk: { table: 'subscriptions', column: 'plan_id', parent: 'plans' },
  checkouts_user_id_users_id_fk: { table: 'checkouts', column: 'user_id', parent: 'users' },
  checkouts_plan_id_plans_id_fk: { table: 'checkouts', column: 'plan_id', parent: 'plans' },
  checkouts_session_id_sessions_id_fk: { table: 'checkouts', column: 'session_id', parent: 'sessions' },
  sessions_user_id_users_id_fk: { table: 'sessions', column: 'user_id', parent: 'users' },
  account_tokens_user_id_users_id_fk: { table: 'account_tokens', column: 'user_id', parent: 'users' },
  outbox_mails_user_id_users_id_fk: { table: 'outbox_mails', column: 'user_id', parent: 'users' },
  payments_checkout_id_checkouts_id_fk: { table: 'payments', column: 'checkout_id', parent: 'checkouts' },
  payments_gateway_id_payment_gateways_id_fk: {
    table: 'payments',
    column: 'gateway_id',
    parent: 'payment_gateways',
  },
  payments_amount_is_that_of_the_checkout: {
    table: 'payments',
    column: 'checkout_id, amount_cents, currency',
    parent: 'checkouts',
    words: 'The amount and the currency of a payment must be those of its checkout.',
  },
  terms_user_id_users_id_fk: { table: 'terms', column: 'user_id', parent: 'users' },
  terms_subscription_id_subscriptions_id_fk: {
    table: 'terms',
    column: 'subscription_id',
    parent: 'subscriptions',
  },
  terms_plan_id_plans_id_fk: { table: 'terms', column: 'plan_id', parent: 'plans' },
  terms_checkout_id_checkouts_id_fk: { table: 'terms', column: 'checkout_id', parent: 'checkouts' },
  terms_payment_id_payments_id_fk: { table: 'terms', column: 'payment_id', parent: 'payments' },
  terms_amount_is_that_of_the_payment: {
    table: 'terms',
    column: 'payment_id, amount_cents, currency',
    parent: 'payments',
    words: 'The amount and the currency of a term must be those of its payment.',
  },
  webhook_events_gateway_id_payment_gateways_id_fk: {
    table: 'webhook_events',
    column: 'gateway_id',
    parent: 'payment_gateways',
  },
  posts_model_id_models_id_fk: { table: 'posts', column: 'model_id', parent: 'models' },
  whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk: {
    table: 'whitelabel_posts',
    column: 'whitelabel_model_id',
    parent: 'whitelabel_models',
  },
  whitelabel_media_whitelabel_post_id_whitelabel_posts_id_fk: {
    table: 'whitelabel_media',
    column: 'whitelabel_post_id',
    parent: 'whitelabel_posts',
  },
  whitelabel_captions_whitelabel_media_id_whitelabel_media_id_fk: {
    table: 'whitelabel_captions',
    column: 'whitelabel_media_id',
    parent: 'whitelabel_media',
  },
  sync_runs_approved_run_id_sync_runs_id_fk: {
    table: 'sync_runs',
    column: 'approved_run_id',
    parent: 'sync_runs',
  },
}
