ALTER TABLE "checkouts" ADD COLUMN "typed_by_owner" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Members' orders until now: their terms say so.
UPDATE "checkouts" SET "typed_by_owner" = true WHERE EXISTS (SELECT FROM "terms" WHERE "terms"."checkout_id" = "checkouts"."id" AND "terms"."changes_plan")
	OR EXISTS (SELECT FROM "sessions" WHERE "sessions"."id" = "checkouts"."session_id" AND "sessions"."user_id" = "checkouts"."user_id");
