-- Every guarantee that the group knows of, with its cover and since when and until when that was so: what the members' views
-- show joined with what was filed. On any day exactly one row of a guarantee holds (since <= day < until), so the three
-- states add up to the whole (domain.md 5.5, design.md 5). The monitored book shows nothing of ceded-only members that is not
-- ceded; their filings are here all the same.
create view monitoring_coverage as
with answer as (
  select d.filing_id, d."on" as since, lead(d."on") over (partition by d.filing_id order by d."on", d.id) as until,
         d.status, d.coverage, d.reason_code, d.guaranteed_fen, d.covered_fen, d.ceded_fen
  from filings_decision d
), reported as (
  select m.code as member_code, b.name as bank_name, f.*
  from monitoring_fact f
  join monitoring_member m on m.id = f.institution_id
  left join monitoring_bank b on b.id = f.bank_id
)
-- Before it was filed, or never filed.
select r.member_code, r.guarantee_id, r.approved_on as since, p.submitted_on as until, null::bigint as filing_id,
       r.number, r.customer_name, r.bank_name, r.product_code, r.region_code, r.industry, r.approved_on, r.due_on,
       r.state, ''::text as status, 'UNCOVERED'::text as coverage,
       case when r.start_on is null or r.state = 'PARTLY_DRAWN' then 'NOT_DRAWN' else 'NOT_FILED' end as reason_code,
       r.guaranteed_fen, 0::bigint as covered_fen, r.guaranteed_fen as uncovered_fen, 0::bigint as ceded_fen
from reported r
left join filings_filing p on p.member_code = r.member_code and p.guarantee_id = r.guarantee_id
union all
select p.member_code, p.guarantee_id, a.since, a.until, p.id,
       coalesce(r.number, p.number), coalesce(r.customer_name, p.obligor_name), coalesce(r.bank_name, p.bank_name),
       coalesce(r.product_code, p.product_code), coalesce(r.region_code, p.region_code), coalesce(r.industry, p.industry),
       coalesce(r.approved_on, p.drawdown_on), coalesce(r.due_on, p.due_on),
       coalesce(r.state, case when p."end" = '' then 'IN_FORCE' else p."end" end), a.status, a.coverage, a.reason_code,
       coalesce(r.guaranteed_fen, a.guaranteed_fen), a.covered_fen,
       case a.coverage when 'COVERED' then 0
         else greatest(coalesce(r.guaranteed_fen, a.guaranteed_fen) - a.covered_fen, 0) end,
       a.ceded_fen
from answer a
join filings_filing p on p.id = a.filing_id
left join reported r on r.member_code = p.member_code and r.guarantee_id = p.guarantee_id;
