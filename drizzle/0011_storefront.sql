CREATE TABLE "media_details" (
	"object_key" text PRIMARY KEY NOT NULL,
	"etag" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"duration_ms" integer,
	"thumbhash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "media_details_size_positive" CHECK ("media_details"."width" > 0 and "media_details"."height" > 0)
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "unreadable_objects" (
	"object_key" text PRIMARY KEY NOT NULL,
	"etag" text,
	"reason" text NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"first_noticed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_noticed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unreadable_objects_reason_known" CHECK ("unreadable_objects"."reason" in ('missing', 'not a picture', 'too large', 'too slow', 'damaged'))
);
--> statement-breakpoint
CREATE TABLE "whitelabel_captions" (
	"id" serial PRIMARY KEY NOT NULL,
	"whitelabel_media_id" integer NOT NULL,
	"language" text DEFAULT '' NOT NULL,
	"s3_key" text NOT NULL,
	"url" text NOT NULL,
	CONSTRAINT "whitelabel_captions_s3_key_unique" UNIQUE("s3_key"),
	CONSTRAINT "whitelabel_captions_one_per_language" UNIQUE("whitelabel_media_id","language")
);
--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD COLUMN "featured_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD COLUMN "latest_post_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whitelabel_captions" ADD CONSTRAINT "whitelabel_captions_whitelabel_media_id_whitelabel_media_id_fk" FOREIGN KEY ("whitelabel_media_id") REFERENCES "public"."whitelabel_media"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rate_limits_by_expire" ON "rate_limits" USING btree ("expire");--> statement-breakpoint
CREATE INDEX "unreadable_objects_newest" ON "unreadable_objects" USING btree ("last_noticed_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "whitelabel_models_recently_updated" ON "whitelabel_models" USING btree ("latest_post_at" desc nulls last,"id" DESC NULLS FIRST) WHERE "whitelabel_models"."status" = 'active';--> statement-breakpoint
CREATE INDEX "whitelabel_models_featured" ON "whitelabel_models" USING btree ("featured_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "whitelabel_models"."status" = 'active' and "whitelabel_models"."featured_at" is not null;