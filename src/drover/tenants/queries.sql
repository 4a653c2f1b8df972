-- name: insert_job
-- Start a job in the current tenant; a trigger hands it to the queue in the same transaction.
insert into drover.jobs (tenant_id, kind, device_id, args, requires)
values (%(tenant_id)s, %(kind)s, %(device_id)s, %(args)s, %(requires)s)
on conflict (tenant_id, device_id) where kind = 'take_snapshot' and state in ('queued', 'running') do nothing
returning id, kind, state, progress_done, progress_total, step, error_code, error_message, result, created_at, started_at, finished_at

-- name: find_running_snapshot
-- The job that already takes this device's snapshot.
select id, kind, state, progress_done, progress_total, step, error_code, error_message, result, created_at, started_at, finished_at
from drover.jobs
where tenant_id = %(tenant_id)s and device_id = %(device_id)s and kind = 'take_snapshot' and state in ('queued', 'running')

-- name: list_jobs
-- The newest jobs of the current tenant.
select id, kind, state, progress_done, progress_total, step, error_code, error_message, result, created_at, started_at, finished_at
from drover.jobs
where tenant_id = %(tenant_id)s
order by created_at desc, id desc
limit %(limit)s

-- name: get_job
-- One job of the current tenant.
select id, kind, state, progress_done, progress_total, step, error_code, error_message, result, created_at, started_at, finished_at
from drover.jobs
where tenant_id = %(tenant_id)s and id = %(job_id)s

-- name: cancel_job
-- Cancel a queued job at once, ask a running one to stop.
update drover.jobs
set cancel_requested = true,
    state = case when state = 'queued' then 'cancelled' else state end,
    finished_at = case when state = 'queued' then now() else finished_at end
where tenant_id = %(tenant_id)s and id = %(job_id)s and state in ('queued', 'running')

-- name: claim_job
-- The worker takes a job; one that a dead worker left running is taken again.
update drover.jobs
set state = 'running', started_at = coalesce(started_at, now())
where tenant_id = %(tenant_id)s and id = %(job_id)s and state in ('queued', 'running') and not cancel_requested
returning id, kind, device_id, args, created_by

-- name: finish_job
-- Write a job's outcome.
update drover.jobs
set state = %(state)s, error_code = %(error_code)s, error_message = %(error_message)s, result = %(result)s, finished_at = now()
where tenant_id = %(tenant_id)s and id = %(job_id)s and state in ('queued', 'running')

-- name: insert_default_rule
-- One of the alert rules that every tenant starts with.
insert into drover.alert_rules (tenant_id, key, name, metric, comparison, threshold, for_s, for_polls, severity)
values (%(tenant_id)s, %(key)s, %(name)s, %(metric)s, %(comparison)s, %(threshold)s, %(for_s)s, %(for_polls)s, %(severity)s)
