import { type SQL, sql } from 'drizzle-orm'

/** Something that is to be said of money and of the access that came of it, and how to find where. */
export interface MoneyRule {
  name: string
  /** A sentence for each row that is meant, as `finding`. */
  found: SQL
  /** The way out, in words. */
  remedy: string
}

/** Instants as they are compared: the program keeps milliseconds, hands and `now()` write microseconds. */
const kept = (instant: SQL) => sql`date_trunc('milliseconds', ${instant})`

const day = (instant: SQL) =>
  sql`coalesce(to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), 'nothing')`

/** What must hold, whatever happened (spec §4). Triggers and keys keep most of it; who writes past them does not. */
export const MONEY_RULES: MoneyRule[] = [
  {
    name: 'every payment that pays for a checkout has its term, and the checkout says so',
    found: sql`
      select finding from (
        select payments.id, concat('Payment ', payments.id, ' was paid, and no term came of it') as finding
        from payments left join terms on terms.payment_id = payments.id
        where paid_at is not null and not is_surplus and terms.id is null
        union all
        select payments.id, concat('Payment ', payments.id, ' was paid, but checkout ', checkouts.id, ' is ', checkouts.status)
        from payments join checkouts on checkouts.id = checkout_id
        where payments.paid_at is not null and not is_surplus
          and checkouts.status not in ('paid', 'refunded', 'charged_back')
        union all
        select null, concat('Checkout ', checkouts.id, ' says that its money came, but no payment of it was paid')
        from checkouts
        where paid_at is not null and not exists (
          select from payments where checkout_id = checkouts.id and payments.paid_at is not null and not is_surplus
        )
      ) as broken order by id nulls last, finding`,
    remedy:
      'give the buyer what was paid for (npx creatorflix members give EMAIL PLAN), or the money back (npx creatorflix members refund PAYMENT)',
  },
  {
    name: 'one payment pays for a checkout, and further ones are surplus',
    found: sql`
      select concat('Checkout ', checkout_id, ' was paid for by the payments ', string_agg(id::text, ', ' order by id)) as finding
      from payments where paid_at is not null and not is_surplus
      group by checkout_id having count(*) > 1 order by checkout_id`,
    remedy: 'give all but one of them back: npx creatorflix members refund PAYMENT',
  },
  {
    name: 'every term that was bought has a payment of its amount that was paid',
    found: sql`
      select concat('Term ', terms.id, ' was bought with payment ', payments.id, ', which ', case
          when paid_at is null then concat('is ', status)
          when is_surplus then 'is surplus'
          when payments.checkout_id <> terms.checkout_id then 'is of another checkout'
          else concat('is of ', payments.amount_cents, ' cents ', payments.currency,
            ', not ', terms.amount_cents, ' ', terms.currency)
        end) as finding
      from terms join payments on payments.id = payment_id
      where source = 'charge' and (
        paid_at is null or is_surplus
        or (payments.checkout_id, payments.amount_cents, payments.currency)
          is distinct from (terms.checkout_id, terms.amount_cents, terms.currency)
      ) order by terms.id`,
    remedy:
      'ask the gateways what became of their charges (npx creatorflix members reconcile); access that nobody paid for ends with: npx creatorflix members end EMAIL',
  },
  {
    name: 'money that was given back gives no access',
    found: sql`
      select concat('Term ', terms.id, ' of user ', user_id, ' counts until ', ${day(sql`ends_at`)},
        ', but its payment ', payments.id, ' is ', replace(status, '_', ' ')) as finding
      from payments join terms on terms.payment_id = payments.id
      where status in ('refunded', 'charged_back') and revoked_at is null order by terms.id`,
    remedy: 'end that access: npx creatorflix members end EMAIL',
  },
  {
    name: 'every subscription is what its terms make',
    found: sql`
      with truth as (
        select subscription_id, bool_and(terms.user_id = own.user_id) as is_own,
          bool_or(terms.plan_id = own.plan_id) filter (where revoked_at is null) as is_of_plan,
          min(starts_at) filter (where revoked_at is null) as starts_at,
          max(ends_at) filter (where revoked_at is null) as ends_at
        from terms join subscriptions as own on own.id = subscription_id group by subscription_id
      )
      select finding from (
        select user_id, id, concat('Subscription ', id, ' of user ', user_id, ' ', case
            when not is_own then 'has terms of another user'
            when ends_at is null then concat('is ', status, ', but all of its terms were taken back')
            when not is_of_plan then concat('is of plan ', plan_id, ', none of its terms is')
            else concat('runs from ', ${day(sql`start_date`)}, ' to ', ${day(sql`end_date`)},
              '; its terms from ', ${day(sql`starts_at`)}, ' to ', ${day(sql`ends_at`)})
          end) as finding
        from truth join subscriptions on id = subscription_id
        where not is_own or (ends_at is null and status in ('active', 'canceled')) or not is_of_plan
          or (ends_at is not null and (${kept(sql`start_date`)}, ${kept(sql`end_date`)})
            is distinct from (${kept(sql`starts_at`)}, ${kept(sql`ends_at`)}))
        union all
        select user_id, null, concat('User ', user_id, ' has terms until ', ${day(sql`ends_at`)},
          ', but no subscription that runs until then')
        from (
          select user_id, max(ends_at) as ends_at from terms where revoked_at is null and ends_at > now() group by user_id
        ) as paid
        where not exists (
          select from subscriptions
          where user_id = paid.user_id and status in ('active', 'canceled')
            and ${kept(sql`end_date`)} >= ${kept(sql`ends_at`)}
        )
      ) as broken order by user_id, id nulls last`,
    remedy:
      'the next payment, gift or refund of that user makes it what the terms say, such as a day given (npx creatorflix members give EMAIL PLAN --days 1); access that should not be is ended: npx creatorflix members end EMAIL',
  },
]

/** What is no fault of the database and waits for a person all the same. */
export const MONEY_NOTES: MoneyRule[] = [
  {
    name: 'payments wait for you to look at them',
    found: sql`
      select concat('Payment ', id, ': ', coalesce(review, 'It is surplus, and nobody has given it back.')) as finding
      from payments
      where review is not null or (is_surplus and status = 'paid' and refund_requested_at is null) order by id`,
    remedy: 'see them all: npx creatorflix members review',
  },
  {
    name: 'gateways have not said for an hour or more whether there is a charge',
    found: sql`
      select concat('Payment ', payments.id, ' was asked of ', name, ' on ', ${day(sql`created_at`)}) as finding
      from payments join payment_gateways on payment_gateways.id = gateway_id
      where status in ('created', 'unknown') and created_at < now() - interval '1 hour' order by payments.id`,
    remedy: 'see that the gateway can be reached, then ask it: npx creatorflix members reconcile',
  },
  {
    name: 'gateways told what does not fit',
    found: sql`
      select concat('Event ', event_id, ' of ', name, ' on ', ${day(sql`received_at`)}, ', of the charge ', external_id,
        ': ', reason) as finding
      from webhook_events join payment_gateways on payment_gateways.id = gateway_id
      where state = 'parked' order by webhook_events.id`,
    remedy: "look the charge up on the gateway's own pages; nothing follows from the event",
  },
  {
    name: 'jobs were tried too often',
    found: sql`
      select concat('The job ', name, ' ', count(*), ' ', case count(*) when 1 then 'time' else 'times' end) as finding
      from pgboss.job where state = 'failed' group by name order by name`,
    remedy:
      'see why (npx creatorflix jobs failed), mend that, and let them be tried again: npx creatorflix jobs replay --all',
  },
]
