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
  column: string
  parent: string
}

export const REFERENCES: Record<string, Reference> = {
  subscriptions_user_id_users_id_fk: { table: 'subscriptions', column: 'user_id', parent: 'users' },
  subscriptions_plan_id_plans_id_fk: { table: 'subscriptions', column: 'plan_id', parent: 'plans' },
  checkouts_user_id_users_id_fk: { table: 'checkouts', column: 'user_id', parent: 'users' },
  checkouts_plan_id_plans_id_fk: { table: 'checkouts', column: 'plan_id', parent: 'plans' },
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
