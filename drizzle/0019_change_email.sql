ALTER TABLE "account_tokens" DROP CONSTRAINT "account_tokens_purpose_known";--> statement-breakpoint
ALTER TABLE "account_tokens" ADD COLUMN "new_email" text;--> statement-breakpoint
ALTER TABLE "account_tokens" ADD COLUMN "former_email" text;--> statement-breakpoint
ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_emails_of_a_change" CHECK (("account_tokens"."new_email" is not null) = ("account_tokens"."purpose" = 'change_email') and ("account_tokens"."former_email" is not null) = ("account_tokens"."purpose" = 'change_email'));--> statement-breakpoint
ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_purpose_known" CHECK ("account_tokens"."purpose" in ('claim', 'reset', 'sign_in', 'setup', 'change_email'));