CREATE TABLE "whitelabel_media" (
	"id" serial PRIMARY KEY NOT NULL,
	"whitelabel_post_id" integer NOT NULL,
	"s3_key" text NOT NULL,
	"url" text,
	"type" text NOT NULL,
	"created_at" timestamp DEFAULT now(),
	CONSTRAINT "whitelabel_media_s3_key_unique" UNIQUE("s3_key")
);
--> statement-breakpoint
CREATE TABLE "whitelabel_models" (
	"id" serial PRIMARY KEY NOT NULL,
	"folder_name" text NOT NULL,
	"thumbnail_url" text,
	"icon_url" text,
	"banner_url" text,
	"post_count" integer DEFAULT 0,
	"status" text DEFAULT 'new',
	"last_synced_at" timestamp DEFAULT now(),
	"created_at" timestamp DEFAULT now(),
	CONSTRAINT "whitelabel_models_folder_name_unique" UNIQUE("folder_name")
);
--> statement-breakpoint
CREATE TABLE "whitelabel_posts" (
	"id" serial PRIMARY KEY NOT NULL,
	"whitelabel_model_id" integer NOT NULL,
	"folder_name" text NOT NULL,
	"title" text,
	"media_cdns" json,
	"created_at" timestamp DEFAULT now(),
	CONSTRAINT "whitelabel_posts_whitelabel_model_id_folder_name_unique" UNIQUE("whitelabel_model_id","folder_name")
);
--> statement-breakpoint
ALTER TABLE "whitelabel_media" ADD CONSTRAINT "whitelabel_media_whitelabel_post_id_whitelabel_posts_id_fk" FOREIGN KEY ("whitelabel_post_id") REFERENCES "public"."whitelabel_posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "whitelabel_posts" ADD CONSTRAINT "whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk" FOREIGN KEY ("whitelabel_model_id") REFERENCES "public"."whitelabel_models"("id") ON DELETE cascade ON UPDATE no action;