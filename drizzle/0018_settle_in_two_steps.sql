-- A payment is settled in two steps: read everything it bears on, under the locks that keep it so, and write everything
-- that follows. What follows is decided in between, in src/services/billing/, which knows the rules; these functions
-- only spare the many ways there and back. Locks are always taken in this order: checkout, payment, user.

CREATE FUNCTION "member_facts"("member_id" integer) RETURNS jsonb LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM FROM users WHERE id = member_id FOR NO KEY UPDATE;
	RETURN jsonb_build_object(
		'userId', member_id,
		'terms', coalesce((
			SELECT jsonb_agg(jsonb_build_object('id', terms.id, 'subscriptionId', subscription_id, 'planId', terms.plan_id,
				'days', days, 'planCents', plan_cents, 'changesPlan', changes_plan, 'grantedAt', granted_at, 'startsAt', starts_at, 'endsAt', ends_at,
				'revokedAt', revoked_at, 'revokeReason', revoke_reason, 'externalId', payments.external_id,
				'paymentId', payment_id) ORDER BY terms.id)
			FROM terms LEFT JOIN payments ON payments.id = terms.payment_id WHERE terms.user_id = member_id), '[]'),
		'subscriptions', coalesce((
			SELECT jsonb_agg(jsonb_build_object('id', id, 'planId', plan_id, 'status', status, 'startDate', start_date,
				'endDate', end_date, 'externalId', external_id) ORDER BY id)
			FROM subscriptions WHERE user_id = member_id), '[]'));
END $$;--> statement-breakpoint

CREATE FUNCTION "payment_facts"("of_payment" integer) RETURNS jsonb LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	checkout checkouts;
	payment payments;
	member_id integer;
BEGIN
	SELECT * INTO checkout FROM checkouts WHERE id = (SELECT checkout_id FROM payments WHERE id = of_payment) FOR UPDATE;
	SELECT * INTO payment FROM payments WHERE id = of_payment FOR UPDATE;
	IF payment.id IS NULL THEN
		RETURN NULL;
	END IF;
	member_id := coalesce(checkout.user_id, (SELECT id FROM users WHERE email = checkout.customer_email));
	RETURN jsonb_build_object(
		'payment', jsonb_build_object('id', payment.id, 'status', payment.status, 'amountCents', payment.amount_cents,
			'currency', payment.currency, 'externalId', payment.external_id, 'paidAt', payment.paid_at,
			'isSurplus', payment.is_surplus, 'review', payment.review),
		'checkout', jsonb_build_object('id', checkout.id, 'status', checkout.status, 'planId', checkout.plan_id,
			'planDays', checkout.plan_days, 'planCents', checkout.plan_cents, 'createdAt', checkout.created_at,
			'isMembers', checkout.user_id IS NOT NULL, 'email', checkout.customer_email, 'name', checkout.customer_name, 'language', checkout.language),
		'hasSettled', EXISTS (SELECT FROM payments WHERE checkout_id = checkout.id AND id <> of_payment
			AND paid_at IS NOT NULL AND NOT is_surplus),
		'hasOther', EXISTS (SELECT FROM payments WHERE checkout_id = checkout.id AND id <> of_payment
			AND status IN ('created', 'unknown', 'pending')),
		'member', CASE WHEN member_id IS NULL THEN NULL ELSE member_facts(member_id) END);
END $$;--> statement-breakpoint

-- Writes what `memberChanges` decided; the database's own rules have the last word. A statement that changes no row would
-- wake the triggers all the same, so each is run only where there is something to write.
CREATE FUNCTION "write_member_changes"("member_id" integer, "changes" jsonb) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	subscription jsonb;
	opened_id integer;
BEGIN
	-- In the order they come, which is: first what ends.
	FOR subscription IN SELECT * FROM jsonb_array_elements(changes->'subscriptions') LOOP
		IF subscription->>'id' IS NULL THEN
			INSERT INTO subscriptions (user_id, plan_id, status, start_date, end_date, external_id)
			VALUES (member_id, (subscription->>'planId')::integer, subscription->>'status', (subscription->>'startDate')::timestamptz,
				(subscription->>'endDate')::timestamptz, subscription->>'externalId')
			RETURNING id INTO opened_id;
		ELSE
			UPDATE subscriptions SET plan_id = (subscription->>'planId')::integer, status = subscription->>'status',
				start_date = (subscription->>'startDate')::timestamptz, end_date = (subscription->>'endDate')::timestamptz,
				external_id = subscription->>'externalId'
			WHERE id = (subscription->>'id')::integer;
		END IF;
	END LOOP;
	IF jsonb_array_length(changes->'terms') > 0 THEN
		UPDATE terms SET subscription_id = changed."subscriptionId", starts_at = changed."startsAt", ends_at = changed."endsAt",
			revoked_at = changed."revokedAt", revoke_reason = changed."revokeReason"
		FROM jsonb_to_recordset(changes->'terms') AS changed
			(id integer, "subscriptionId" integer, "startsAt" timestamptz, "endsAt" timestamptz, "revokedAt" timestamptz, "revokeReason" text)
		WHERE terms.id = changed.id;
	END IF;
	IF jsonb_array_length(changes->'newTerms') > 0 THEN
		INSERT INTO terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, changes_plan,
			amount_cents, currency, granted_at, starts_at, ends_at, revoked_at, revoke_reason)
		SELECT member_id, coalesce(added."subscriptionId", opened_id), added."planId",
			CASE WHEN added.charge->>'paymentId' IS NULL THEN 'gift' ELSE 'charge' END,
			(added.charge->>'checkoutId')::integer, (added.charge->>'paymentId')::integer, added.days, added."planCents",
			added."changesPlan", (added.charge->>'amountCents')::integer, added.charge->>'currency', added."grantedAt", added."startsAt", added."endsAt",
			added."revokedAt", added."revokeReason"
		FROM jsonb_to_recordset(changes->'newTerms') AS added
			("subscriptionId" integer, "planId" integer, days integer, "planCents" integer, "changesPlan" boolean, charge jsonb, "grantedAt" timestamptz,
			"startsAt" timestamptz, "endsAt" timestamptz, "revokedAt" timestamptz, "revokeReason" text);
	END IF;
END $$;--> statement-breakpoint

-- Writes what `decideSettlement` decided. Answers the user whose money it is, or null.
CREATE FUNCTION "write_settlement"("changes" jsonb) RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	moved jsonb := changes->'payment';
	step jsonb;
	mail text;
	account jsonb := changes->'account';
	member_id integer := (changes->>'userId')::integer;
BEGIN
	IF account <> 'null' THEN
		INSERT INTO users (email, name, language, password) VALUES (account->>'email', account->>'name', account->>'language', '!')
		ON CONFLICT (email) DO NOTHING RETURNING id INTO member_id;
		IF member_id IS NULL THEN
			-- Somebody has opened it since it was looked for: the whole has to be read again.
			RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'the account has been opened meanwhile';
		END IF;
	END IF;
	-- A charge that is given back was paid before, though nobody had heard of it.
	FOR step IN SELECT * FROM jsonb_array_elements(moved->'through') LOOP
		UPDATE payments SET status = step->>'status', paid_at = coalesce((step->>'paidAt')::timestamptz, paid_at),
			is_surplus = (moved->>'isSurplus')::boolean, external_id = moved->>'externalId', review = moved->>'review',
			checked_at = (moved->>'checkedAt')::timestamptz
		WHERE id = (moved->>'id')::integer;
	END LOOP;
	FOR step IN SELECT * FROM jsonb_array_elements(changes->'checkout'->'through') LOOP
		UPDATE checkouts SET status = step->>'status', paid_at = coalesce((step->>'paidAt')::timestamptz, paid_at),
			user_id = coalesce(user_id, member_id)
		WHERE id = (changes->'checkout'->>'id')::integer;
	END LOOP;
	IF changes->'member' <> 'null' THEN
		PERFORM write_member_changes(member_id, changes->'member');
	END IF;
	FOR mail IN SELECT * FROM jsonb_array_elements_text(changes->'mails') LOOP
		PERFORM send_job('mail', jsonb_build_object('template', mail, 'userId', member_id, 'about', (moved->>'id')::integer));
	END LOOP;
	RETURN member_id;
END $$;--> statement-breakpoint

-- As 0008 made it, but user by user, each found by its key: before, a plan for many read all that were active for one.
CREATE OR REPLACE FUNCTION "refresh_subscription_status"("user_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	member_id integer;
BEGIN
	FOR member_id IN SELECT DISTINCT unnest(user_ids) ORDER BY 1 LOOP
		PERFORM FROM users WHERE id = member_id FOR NO KEY UPDATE;
		UPDATE users SET subscription_status = 1 - subscription_status
		WHERE id = member_id AND subscription_status
			<> (EXISTS (SELECT FROM subscriptions WHERE user_id = member_id AND status = 'active'))::integer;
	END LOOP;
END $$;
