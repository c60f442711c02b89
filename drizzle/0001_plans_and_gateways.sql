CREATE TABLE "payment_gateways" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"public_key" text,
	"secret_key" text,
	"is_active" boolean DEFAULT false,
	CONSTRAINT "payment_gateways_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"price" integer NOT NULL,
	"duration" integer NOT NULL,
	"benefits_json" json,
	"cta_text" text,
	"checkout_url" text,
	"accepts_pix" boolean DEFAULT true,
	"accepts_card" boolean DEFAULT true
);
