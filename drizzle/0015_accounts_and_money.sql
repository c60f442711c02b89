CREATE TABLE "sessions" (
	"id" serial PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" integer,
	"device" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sessions_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "account_tokens" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "account_tokens_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "account_tokens_purpose_known" CHECK ("account_tokens"."purpose" in ('claim', 'reset', 'sign_in', 'setup')),
	CONSTRAINT "account_tokens_for_a_user" CHECK (("account_tokens"."user_id" is null) = ("account_tokens"."purpose" = 'setup'))
);
--> statement-breakpoint
CREATE TABLE "outbox_mails" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" serial PRIMARY KEY NOT NULL,
	"checkout_id" integer NOT NULL,
	"gateway_id" integer NOT NULL,
	"method" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"external_id" text,
	"status" text DEFAULT 'created' NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"pix_code" text,
	"expires_at" timestamp with time zone,
	"pay_url" text,
	"paid_at" timestamp with time zone,
	"is_surplus" boolean DEFAULT false NOT NULL,
	"refund_requested_at" timestamp with time zone,
	"review" text,
	"checked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_idempotency_key_unique" UNIQUE("idempotency_key"),
	CONSTRAINT "payments_external_id_unique" UNIQUE("gateway_id","external_id"),
	CONSTRAINT "payments_of_an_amount" UNIQUE("id","amount_cents","currency"),
	CONSTRAINT "payments_method_known" CHECK ("payments"."method" in ('pix', 'credit_card')),
	CONSTRAINT "payments_status_known" CHECK ("payments"."status" in ('created', 'unknown', 'pending', 'failed', 'expired', 'canceled', 'paid', 'refunded', 'charged_back')),
	CONSTRAINT "payments_paid_since" CHECK (("payments"."paid_at" is not null) = ("payments"."status" in ('paid', 'refunded', 'charged_back')))
);
--> statement-breakpoint
CREATE TABLE "terms" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL,
	"subscription_id" integer NOT NULL,
	"plan_id" integer NOT NULL,
	"source" text NOT NULL,
	"checkout_id" integer,
	"payment_id" integer,
	"days" integer NOT NULL,
	"plan_cents" integer NOT NULL,
	"amount_cents" integer,
	"currency" text,
	"granted_at" timestamp with time zone NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoke_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "terms_payment_id_unique" UNIQUE("payment_id"),
	CONSTRAINT "terms_one_per_checkout" UNIQUE("checkout_id"),
	CONSTRAINT "terms_source_known" CHECK ("terms"."source" in ('charge', 'gift')),
	CONSTRAINT "terms_charge_has_its_payment" CHECK (("terms"."source" = 'charge') = ("terms"."payment_id" is not null) and ("terms"."source" = 'charge') = ("terms"."checkout_id" is not null) and ("terms"."source" = 'charge') = ("terms"."amount_cents" is not null) and ("terms"."source" = 'charge') = ("terms"."currency" is not null)),
	CONSTRAINT "terms_days_positive" CHECK ("terms"."days" > 0),
	CONSTRAINT "terms_end_after_start" CHECK ("terms"."ends_at" >= "terms"."starts_at"),
	CONSTRAINT "terms_revoked_for_a_reason" CHECK (("terms"."revoked_at" is null) = ("terms"."revoke_reason" is null)),
	CONSTRAINT "terms_revoke_reason_known" CHECK ("terms"."revoke_reason" in ('refunded', 'charged_back', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"gateway_id" integer NOT NULL,
	"event_id" text NOT NULL,
	"external_id" text NOT NULL,
	"reference" text,
	"charge_status" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"digest" text NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"reason" text,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "webhook_events_once" UNIQUE("gateway_id","event_id"),
	CONSTRAINT "webhook_events_state_known" CHECK ("webhook_events"."state" in ('received', 'settled', 'ignored', 'parked'))
);
--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "public_id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "session_id" integer;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "currency" text DEFAULT 'BRL' NOT NULL;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "plan_name" text;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "plan_cents" integer;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "plan_days" integer;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "bump_name" text;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "bump_cents" integer;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "document_hash" text;--> statement-breakpoint
ALTER TABLE "checkouts" ADD COLUMN "paid_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "reminded_for" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "claimed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox_mails" ADD CONSTRAINT "outbox_mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_gateway_id_payment_gateways_id_fk" FOREIGN KEY ("gateway_id") REFERENCES "public"."payment_gateways"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_of_an_amount" UNIQUE("id","total_amount","currency");--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_amount_is_that_of_the_checkout" FOREIGN KEY ("checkout_id","amount_cents","currency") REFERENCES "public"."checkouts"("id","total_amount","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms" ADD CONSTRAINT "terms_amount_is_that_of_the_payment" FOREIGN KEY ("payment_id","amount_cents","currency") REFERENCES "public"."payments"("id","amount_cents","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_gateway_id_payment_gateways_id_fk" FOREIGN KEY ("gateway_id") REFERENCES "public"."payment_gateways"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_by_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "account_tokens_by_user" ON "account_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "account_tokens_by_expiry" ON "account_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "outbox_mails_by_user" ON "outbox_mails" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_open_per_checkout_and_method" ON "payments" USING btree ("checkout_id","method") WHERE "payments"."status" in ('created', 'unknown', 'pending');--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_settles_a_checkout" ON "payments" USING btree ("checkout_id") WHERE "payments"."paid_at" is not null and not "payments"."is_surplus";--> statement-breakpoint
CREATE INDEX "payments_by_checkout" ON "payments" USING btree ("checkout_id");--> statement-breakpoint
CREATE INDEX "payments_to_reconcile" ON "payments" USING btree ("checked_at" NULLS FIRST) WHERE "payments"."status" in ('created', 'unknown', 'pending');--> statement-breakpoint
CREATE INDEX "terms_by_user" ON "terms" USING btree ("user_id","granted_at");--> statement-breakpoint
CREATE INDEX "terms_by_subscription" ON "terms" USING btree ("subscription_id");--> statement-breakpoint
CREATE INDEX "terms_by_plan" ON "terms" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "webhook_events_waiting" ON "webhook_events" USING btree ("id") WHERE "webhook_events"."state" = 'received';--> statement-breakpoint
CREATE INDEX "webhook_events_of_charge" ON "webhook_events" USING btree ("gateway_id","external_id");--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "checkouts_one_open_per_browser" ON "checkouts" USING btree ("session_id") WHERE "checkouts"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "checkouts_by_session" ON "checkouts" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "checkouts_by_document" ON "checkouts" USING btree ("document_hash");--> statement-breakpoint
CREATE INDEX "checkouts_open" ON "checkouts" USING btree ("created_at") WHERE "checkouts"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "subscriptions_running" ON "subscriptions" USING btree ("end_date") WHERE "subscriptions"."status" in ('active', 'canceled');--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_public_id_unique" UNIQUE("public_id");--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_total_is_the_sum" CHECK ("checkouts"."plan_cents" is null or "checkouts"."total_amount" = "checkouts"."plan_cents" + coalesce("checkouts"."bump_cents", 0));--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_bump_has_a_price" CHECK (("checkouts"."bump_name" is null) = ("checkouts"."bump_cents" is null));--> statement-breakpoint

-- What may follow what. The same table stands in src/services/billing/states.ts; a test compares them, pair by pair.
CREATE FUNCTION "refuse_move"("rule" text, "words" text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = rule, MESSAGE = words;
END $$;--> statement-breakpoint

CREATE FUNCTION "checkouts_move"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF OLD.plan_cents IS NOT NULL
		AND (NEW.plan_id, NEW.total_amount, NEW.currency, NEW.plan_name, NEW.plan_cents, NEW.plan_days, NEW.bump_name, NEW.bump_cents)
		IS DISTINCT FROM
		(OLD.plan_id, OLD.total_amount, OLD.currency, OLD.plan_name, OLD.plan_cents, OLD.plan_days, OLD.bump_name, OLD.bump_cents) THEN
		PERFORM refuse_move('checkouts_offer_stays', 'what a checkout offered cannot be changed');
	END IF;
	IF NEW.status <> OLD.status AND NOT EXISTS (
		SELECT FROM (VALUES
			('pending', 'paid'), ('pending', 'failed'), ('pending', 'expired'), ('pending', 'abandoned'),
			('failed', 'pending'), ('failed', 'paid'), ('failed', 'expired'), ('failed', 'abandoned'),
			('expired', 'pending'), ('expired', 'paid'), ('expired', 'abandoned'),
			('abandoned', 'pending'), ('abandoned', 'paid'),
			('paid', 'refunded'), ('paid', 'charged_back'),
			('refunded', 'charged_back')
		) AS legal (was, is_now) WHERE was = OLD.status AND is_now = NEW.status
	) THEN
		PERFORM refuse_move('checkouts_move_legally', format('a checkout cannot go from %s to %s', OLD.status, NEW.status));
	END IF;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "checkouts_move" BEFORE UPDATE ON "checkouts"
	FOR EACH ROW EXECUTE FUNCTION "checkouts_move"();--> statement-breakpoint

CREATE FUNCTION "payments_move"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF (NEW.checkout_id, NEW.gateway_id, NEW.method, NEW.idempotency_key, NEW.amount_cents, NEW.currency)
		IS DISTINCT FROM (OLD.checkout_id, OLD.gateway_id, OLD.method, OLD.idempotency_key, OLD.amount_cents, OLD.currency)
		OR (OLD.external_id IS NOT NULL AND NEW.external_id IS DISTINCT FROM OLD.external_id)
		OR (OLD.paid_at IS NOT NULL AND (NEW.paid_at, NEW.is_surplus) IS DISTINCT FROM (OLD.paid_at, OLD.is_surplus)) THEN
		PERFORM refuse_move('payments_charge_stays', 'what was asked of the gateway cannot be changed');
	END IF;
	IF NEW.status <> OLD.status AND NOT EXISTS (
		SELECT FROM (VALUES
			('created', 'unknown'), ('created', 'pending'), ('created', 'failed'), ('created', 'expired'), ('created', 'canceled'), ('created', 'paid'),
			('unknown', 'pending'), ('unknown', 'failed'), ('unknown', 'expired'), ('unknown', 'canceled'), ('unknown', 'paid'),
			('pending', 'failed'), ('pending', 'expired'), ('pending', 'canceled'), ('pending', 'paid'),
			('failed', 'paid'), ('expired', 'paid'), ('canceled', 'paid'),
			('paid', 'refunded'), ('paid', 'charged_back'),
			('refunded', 'charged_back')
		) AS legal (was, is_now) WHERE was = OLD.status AND is_now = NEW.status
	) THEN
		PERFORM refuse_move('payments_move_legally', format('a payment cannot go from %s to %s', OLD.status, NEW.status));
	END IF;
	NEW.updated_at := clock_timestamp();
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "payments_move" BEFORE UPDATE ON "payments"
	FOR EACH ROW EXECUTE FUNCTION "payments_move"();--> statement-breakpoint

-- A term that was bought has a charge that was paid, and the other way round it never loses it.
CREATE FUNCTION "terms_are_paid"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF NEW.payment_id IS NOT NULL AND NOT EXISTS (
		SELECT FROM payments WHERE id = NEW.payment_id AND checkout_id = NEW.checkout_id AND paid_at IS NOT NULL AND NOT is_surplus
	) THEN
		PERFORM refuse_move('terms_are_paid', 'a term needs a payment of its checkout that was paid');
	END IF;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "terms_are_paid" BEFORE INSERT OR UPDATE ON "terms"
	FOR EACH ROW EXECUTE FUNCTION "terms_are_paid"();
