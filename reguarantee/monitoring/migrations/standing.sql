-- What a guarantee is on any day. Plain expressions, so that PostgreSQL inlines them into the scan (no call per row).

-- kernel.calendar.whole_months: the largest n for which start + n months (day clamped to the month's end) <= day.
-- The clamped day is reached when day's day of month is not before start's, or when day is the last of its month.
create function whole_months(start date, day date) returns integer language sql immutable parallel safe as $$
  select (date_part('year', day)::int * 12 + date_part('month', day)::int)
       - (date_part('year', start)::int * 12 + date_part('month', start)::int)
       - case when date_part('day', day) >= date_part('day', start) or date_part('day', day + 1) = 1 then 0 else 1 end
$$;

-- kernel.money.straight_line: half up, exact integers; nothing left without a term or after it. 2 x amount x term fits
-- a bigint up to 4e15 fen over 1000 months.
create function straight_line(amount bigint, term_months integer, elapsed_months integer) returns bigint
  language sql immutable parallel safe as $$
  select case when term_months <= 0 then 0
    else (2 * amount * least(greatest(term_months - elapsed_months, 0), term_months) + term_months) / (2 * term_months) end
$$;

-- Every fact with its standing on a day. In force: start <= day < end (an open end never comes). The balance of a
-- straight-line guarantee falls month by month without any write; of the others it is the one after the last movement on
-- or before the day. The fact's own balance answers that at once, unless it has moved or ended since.
create function monitoring_standing(day date)
  returns table (
    institution_id smallint, guarantee_id bigint, number text, customer_name text, product_code text, bank_id integer,
    region_code text, industry text, approved_on date, approved_month integer, loan_fen bigint, guaranteed_fen bigint,
    term_months smallint, start_on date, due_on date, ended_on date, state text, released boolean, compensated boolean,
    compensated_on date, compensation_fen bigint, coverage text, ceded_fen bigint, in_force boolean, balance_fen bigint)
  language sql stable parallel safe as $$
  select f.institution_id, f.guarantee_id, f.number, f.customer_name, f.product_code, f.bank_id,
    f.region_code, f.industry, f.approved_on, f.approved_month, f.loan_fen, f.guaranteed_fen,
    f.term_months, f.start_on, f.due_on, f.ended_on, f.state, f.released, f.compensated,
    f.compensated_on, f.compensation_fen, f.coverage, f.ceded_fen,
    f.start_on is not null and f.start_on <= day and (f.ended_on is null or day < f.ended_on),
    case
      when f.start_on is null or f.start_on > day or f.ended_on <= day then 0
      when f.amortisation = 'S' then straight_line(f.guaranteed_fen, f.term_months, whole_months(f.start_on, day))
      when f.ended_on is null and f.last_moved_on <= day then f.balance_fen
      else coalesce((
        select m.balance_fen from monitoring_factmovement m
        where m.institution_id = f.institution_id and m.guarantee_id = f.guarantee_id and m."on" <= day
        order by m."on" desc limit 1), 0)
    end
  from monitoring_fact f
$$;

-- The marginals hold for no day yet: the first run of the projector rolls them to its own.
insert into monitoring_marginalday (id, as_of) values (1, '1900-01-01');
