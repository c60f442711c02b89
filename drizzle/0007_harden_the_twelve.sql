-- What the twelve tables allowed until now is brought in line before the rules that refuse it come into force.
-- Instants without a zone were written in UTC. Copies (subscription_status, post_count) are counted anew by 0008. A
-- subscription without a plan or a post without a model cannot be guessed: such a row stops this migration,
-- unchanged, until somebody decides about it.
UPDATE "users" SET "email" = lower("email") WHERE "email" <> lower("email");--> statement-breakpoint
UPDATE "users" SET "role" = coalesce("role", 'user'), "subscription_status" = 0, "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "plans" SET "accepts_pix" = coalesce("accepts_pix", false), "accepts_card" = coalesce("accepts_card", false);--> statement-breakpoint
UPDATE "payment_gateways" SET "is_active" = coalesce("is_active", false);--> statement-breakpoint
UPDATE "subscriptions" SET "status" = coalesce("status", 'pending'), "created_at" = coalesce("created_at", now());--> statement-breakpoint
-- Of several active subscriptions of a user the one that ends last stays active.
UPDATE "subscriptions" AS "earlier" SET "status" = 'expired' WHERE "status" = 'active' AND EXISTS (
	SELECT 1 FROM "subscriptions" AS "later" WHERE "later"."user_id" = "earlier"."user_id" AND "later"."status" = 'active'
	AND (coalesce("later"."end_date", '-infinity'), "later"."id") > (coalesce("earlier"."end_date", '-infinity'), "earlier"."id"));--> statement-breakpoint
UPDATE "models" SET "is_featured" = coalesce("is_featured", false), "is_advertiser" = coalesce("is_advertiser", false), "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "posts" SET "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "whitelabel_models" SET "post_count" = 0, "status" = coalesce("status", 'new'), "last_synced_at" = coalesce("last_synced_at", now()), "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "whitelabel_posts" SET "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "whitelabel_media" SET "created_at" = coalesce("created_at", now());--> statement-breakpoint
UPDATE "support_contacts" SET "is_active" = coalesce("is_active", true), "updated_at" = coalesce("updated_at", now());--> statement-breakpoint
UPDATE "checkouts" SET "status" = coalesce("status", 'pending'), "order_bump" = coalesce("order_bump", false), "created_at" = coalesce("created_at", now()), "updated_at" = coalesce("updated_at", now());--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "status" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "order_bump" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "updated_at" SET DATA TYPE timestamp with time zone USING "updated_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "updated_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "checkouts" ALTER COLUMN "updated_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "is_featured" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "is_advertiser" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_gateways" ALTER COLUMN "is_active" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ALTER COLUMN "accepts_pix" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ALTER COLUMN "accepts_card" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "model_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "plan_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "start_date" SET DATA TYPE timestamp with time zone USING "start_date" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "end_date" SET DATA TYPE timestamp with time zone USING "end_date" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "status" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "support_contacts" ALTER COLUMN "is_active" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "support_contacts" ALTER COLUMN "updated_at" SET DATA TYPE timestamp with time zone USING "updated_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "support_contacts" ALTER COLUMN "updated_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "support_contacts" ALTER COLUMN "updated_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "subscription_status" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_media" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "whitelabel_media" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "whitelabel_media" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "post_count" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "status" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "last_synced_at" SET DATA TYPE timestamp with time zone USING "last_synced_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "last_synced_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "last_synced_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "whitelabel_models" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC';--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ALTER COLUMN "created_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_gateways" ADD COLUMN "serves_pix" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_gateways" ADD COLUMN "serves_card" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_media" ADD COLUMN "size" bigint;--> statement-breakpoint
ALTER TABLE "whitelabel_media" ADD COLUMN "etag" text;--> statement-breakpoint
ALTER TABLE "whitelabel_media" ADD COLUMN "hidden_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD COLUMN "revision" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ADD COLUMN "image_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ADD COLUMN "video_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ADD COLUMN "hidden_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "checkouts_by_user" ON "checkouts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "checkouts_by_plan" ON "checkouts" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "models_newest" ON "models" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "payment_gateways_one_active_for_pix" ON "payment_gateways" USING btree ("serves_pix") WHERE "payment_gateways"."is_active" and "payment_gateways"."serves_pix";--> statement-breakpoint
CREATE UNIQUE INDEX "payment_gateways_one_active_for_card" ON "payment_gateways" USING btree ("serves_card") WHERE "payment_gateways"."is_active" and "payment_gateways"."serves_card";--> statement-breakpoint
CREATE INDEX "posts_of_model_newest" ON "posts" USING btree ("model_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_active_per_user" ON "subscriptions" USING btree ("user_id") WHERE "subscriptions"."status" = 'active';--> statement-breakpoint
CREATE INDEX "subscriptions_by_user" ON "subscriptions" USING btree ("user_id","end_date" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "subscriptions_by_plan" ON "subscriptions" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "whitelabel_media_of_post" ON "whitelabel_media" USING btree ("whitelabel_post_id");--> statement-breakpoint
CREATE INDEX "whitelabel_models_newest" ON "whitelabel_models" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "whitelabel_models"."status" = 'active';--> statement-breakpoint
CREATE INDEX "whitelabel_models_biggest" ON "whitelabel_models" USING btree ("post_count" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "whitelabel_models"."status" = 'active';--> statement-breakpoint
CREATE INDEX "whitelabel_posts_of_model_newest" ON "whitelabel_posts" USING btree ("whitelabel_model_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "whitelabel_posts"."hidden_at" is null;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_status_known" CHECK ("checkouts"."status" in ('pending', 'paid', 'failed', 'abandoned', 'expired', 'refunded', 'charged_back'));--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_payment_method_known" CHECK ("checkouts"."payment_method" in ('pix', 'credit_card'));--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_total_amount_not_negative" CHECK ("checkouts"."total_amount" >= 0);--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_price_not_negative" CHECK ("plans"."price" >= 0);--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_duration_positive" CHECK ("plans"."duration" > 0);--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_benefits_are_a_list" CHECK (json_typeof("plans"."benefits_json") = 'array');--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_type_known" CHECK ("posts"."type" in ('image', 'video'));--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_status_known" CHECK ("subscriptions"."status" in ('pending', 'active', 'expired', 'canceled', 'refunded'));--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_end_after_start" CHECK ("subscriptions"."end_date" >= "subscriptions"."start_date");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_email_lower_case" CHECK ("users"."email" = lower("users"."email"));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_role_known" CHECK ("users"."role" in ('admin', 'user'));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_subscription_status_flag" CHECK ("users"."subscription_status" in (0, 1));--> statement-breakpoint
ALTER TABLE "whitelabel_media" ADD CONSTRAINT "whitelabel_media_type_known" CHECK ("whitelabel_media"."type" in ('image', 'video'));--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD CONSTRAINT "whitelabel_models_status_known" CHECK ("whitelabel_models"."status" in ('new', 'active', 'hidden'));--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD CONSTRAINT "whitelabel_models_post_count_not_negative" CHECK ("whitelabel_models"."post_count" >= 0);