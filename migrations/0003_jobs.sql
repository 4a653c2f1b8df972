-- Jobs: ours to list and cancel, per tenant; procrastinate's to run. The trigger defers in the same transaction,
-- so the API needs no right on the queue and a job's arguments are only ids. `migrate` has applied procrastinate's own schema before.

set local role drover_tables;

create table drover.jobs (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    kind text not null check (kind ~ '^[a-z_]{3,40}$'),
    device_id bigint,
    args jsonb not null default '{}',
    requires text not null check (requires in ('viewer', 'operator', 'admin')),
    created_by bigint,
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    cancel_requested boolean not null default false,
    progress_done integer not null default 0,
    progress_total integer,
    step text,
    error_code text,
    error_message text,
    result jsonb,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant_id, id)
);
create index jobs_recent on drover.jobs (tenant_id, created_at desc);
create unique index jobs_one_snapshot on drover.jobs (tenant_id, device_id) where kind = 'take_snapshot' and state in ('queued', 'running');
alter table drover.jobs enable row level security;
alter table drover.jobs force row level security;
create policy isolation on drover.jobs to drover_api, drover_worker
    using (tenant_id = (select tenancy.current_tenant())) with check (tenant_id = (select tenancy.current_tenant()));
create policy definer on drover.jobs for select to drover_tenancy using (true);
grant select, insert, update (cancel_requested, state, finished_at) on drover.jobs to drover_api;
grant select, insert, update (state, cancel_requested, progress_done, progress_total, step, error_code, error_message, result, started_at, finished_at)
    on drover.jobs to drover_worker;
grant select on drover.jobs to drover_tenancy;

-- The grantor of a job is who the signed context says, not who the row claims.
create function drover.stamp_job() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    new.created_by := case c.actor_kind when 'user' then c.actor_id end;
    return new;
end $$;
create trigger stamp before insert on drover.jobs for each row execute function drover.stamp_job();

create function drover.defer_job() returns trigger
language plpgsql security definer set search_path = procrastinate, pg_catalog, pg_temp
as $$
begin
    perform procrastinate.procrastinate_defer_jobs_v1(array[row(
        -- What a person waits for goes before what a schedule started.
        'tenants', new.kind, case when new.args ->> 'trigger' = 'schedule' then -10 else 0 end, null, null,
        jsonb_build_object('tenant_id', new.tenant_id, 'job_id', new.id), null
    )::procrastinate.procrastinate_job_to_defer_v1]);
    return null;
end $$;
create trigger defer after insert on drover.jobs for each row execute function drover.defer_job();
grant execute on function drover.stamp_job(), drover.defer_job() to drover_api, drover_worker;
grant usage on schema procrastinate to drover_worker;
grant select, insert, update, delete on all tables in schema procrastinate to drover_worker;
grant usage, select on all sequences in schema procrastinate to drover_worker;
grant execute on all functions in schema procrastinate to drover_worker;

reset role;
set local role drover_tenancy;

-- Enter the tenant of a job as the worker, on behalf of whoever asked for it: their role is checked again, now.
create function tenancy.enter_job(tenant integer, job bigint) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = auto
as $$
declare
    j record;
    now_role text;
begin
    select x.created_by, x.requires into j from drover.jobs x where x.tenant_id = tenant and x.id = job and x.state in ('queued', 'running');
    if not found or session_user <> 'drover_worker' then
        raise exception 'no such job for this service' using errcode = 'DR404';
    end if;
    if j.created_by is null then
        perform tenancy.set_context(tenant, 'service', 0, session_user);
        return session_user;
    end if;
    now_role := tenancy.role_of(tenant, j.created_by);
    if now_role is null or tenancy.role_rank(now_role) < tenancy.role_rank(j.requires) then
        raise exception 'the person who asked for this may no longer do it' using errcode = 'DR403';
    end if;
    perform tenancy.set_context(tenant, 'user', j.created_by, now_role);
    return now_role;
end $$;

-- The worker reads the platform's own trail (tenant 0), to prove it.
create function tenancy.enter_platform_service() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if session_user <> 'drover_worker' then
        raise exception 'only the worker may do this' using errcode = 'DR403';
    end if;
    perform tenancy.set_context(0, 'service', 0, session_user);
end $$;

-- The platform's own work: making a tenant.
create table tenancy.platform_jobs (
    id bigint generated always as identity primary key,
    kind text not null check (kind ~ '^[a-z_]{3,40}$'),
    args jsonb not null,
    created_by bigint not null,
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
    progress_done integer not null default 0,
    progress_total integer,
    step text,
    error_code text,
    error_message text,
    result jsonb,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);

grant select (id, kind, state, created_at) on tenancy.platform_jobs to drover_tables;

create function tenancy.start_platform_job(kind text, args jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    actor bigint := tenancy.require_platform();
    new_id bigint;
begin
    insert into tenancy.platform_jobs (kind, args, created_by) values ($1, $2, actor) returning id into new_id;
    perform drover.defer_platform_job(new_id, kind);
    return new_id;
end $$;

create function tenancy.get_platform_job(job bigint) returns setof tenancy.platform_jobs
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform tenancy.require_platform();
    return query select * from tenancy.platform_jobs p where p.id = job;
end $$;

create function tenancy.claim_platform_job(job bigint) returns setof tenancy.platform_jobs
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update tenancy.platform_jobs p set state = 'running', started_at = coalesce(p.started_at, now())
    where p.id = job and p.state in ('queued', 'running') returning p.*
$$;

create function tenancy.report_platform_job(job bigint, new_state text, done integer, total integer, new_step text, code text, message text, outcome jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update tenancy.platform_jobs p set state = new_state, progress_done = done, progress_total = total, step = new_step,
        error_code = code, error_message = message, result = outcome,
        finished_at = case when new_state in ('done', 'failed') then now() end
    where p.id = job and p.state in ('queued', 'running')
$$;

grant execute on function tenancy.start_platform_job(text, jsonb), tenancy.get_platform_job(bigint) to drover_api;
grant execute on function tenancy.enter_job(integer, bigint), tenancy.enter_platform_service(), tenancy.claim_platform_job(bigint),
    tenancy.report_platform_job(bigint, text, integer, integer, text, text, text, jsonb) to drover_worker;

reset role;
set local role drover_tables;
create function drover.defer_platform_job(job bigint, kind text) returns void
language plpgsql security definer set search_path = procrastinate, pg_catalog, pg_temp
as $$
begin
    perform procrastinate.procrastinate_defer_jobs_v1(array[row(
        'platform', kind, 10, null, null, jsonb_build_object('job_id', job), null
    )::procrastinate.procrastinate_job_to_defer_v1]);
end $$;
grant execute on function drover.defer_platform_job(bigint, text) to drover_tenancy;

-- Queue again what nobody works on any more: its worker died, or was stopped while it ran. (jobs of the current tenant)
create function drover.requeue_jobs() returns integer
language plpgsql volatile set search_path = procrastinate, pg_catalog, pg_temp
as $$
declare
    j record;
    queued integer := 0;
begin
    for j in
        select x.id, x.kind, x.tenant_id from drover.jobs x
        where x.tenant_id = (select tenancy.current_tenant()) and x.state in ('queued', 'running') and x.created_at < now() - interval '20 seconds'
          and not exists (select from procrastinate.procrastinate_jobs q where q.status in ('todo', 'doing')
                          and (q.args ->> 'job_id')::bigint = x.id and (q.args ->> 'tenant_id')::integer = x.tenant_id)
        for update of x skip locked
    loop
        perform procrastinate.procrastinate_defer_jobs_v1(array[row(
            'tenants', j.kind, 0, null, null, jsonb_build_object('tenant_id', j.tenant_id, 'job_id', j.id), null
        )::procrastinate.procrastinate_job_to_defer_v1]);
        queued := queued + 1;
    end loop;
    return queued;
end $$;
grant execute on function drover.requeue_jobs() to drover_worker;

create function drover.requeue_platform_jobs() returns integer
language plpgsql volatile security definer set search_path = procrastinate, pg_catalog, pg_temp
as $$
declare
    j record;
    queued integer := 0;
begin
    for j in
        select x.id, x.kind from tenancy.platform_jobs x
        where x.state in ('queued', 'running') and x.created_at < now() - interval '20 seconds'
          and not exists (select from procrastinate.procrastinate_jobs q where q.status in ('todo', 'doing')
                          and q.queue_name = 'platform' and (q.args ->> 'job_id')::bigint = x.id)
    loop
        perform drover.defer_platform_job(j.id, j.kind);
        queued := queued + 1;
    end loop;
    return queued;
end $$;
grant execute on function drover.requeue_platform_jobs() to drover_worker;
reset role;
