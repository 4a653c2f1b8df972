-- Configuration snapshots: bodies once per content, versions on a timeline. Everything in `documents` and `secrets` is sealed.

set local role drover_tables;

create table drover.config_blobs (
    tenant_id integer not null,
    id bigint generated always as identity,
    digest bytea not null check (length(digest) = 32),
    documents bytea not null,
    secrets bytea not null,
    size_bytes integer not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
) partition by list (tenant_id);
create unique index config_blobs_digest on drover.config_blobs (tenant_id, digest);

create table drover.config_versions (
    tenant_id integer not null,
    id bigint generated always as identity,
    device_id bigint not null,
    blob_id bigint not null,
    taken_at timestamptz not null,
    last_seen_at timestamptz not null,
    trigger text not null check (trigger in ('enrolment', 'schedule', 'manual')),
    version text,
    lines_added integer,
    lines_removed integer,
    primary key (tenant_id, id)
) partition by list (tenant_id);
create index config_versions_device on drover.config_versions (tenant_id, device_id, id desc);

do $$
declare
    t text;
begin
    foreach t in array array['config_blobs', 'config_versions'] loop
        execute format('alter table drover.%I enable row level security', t);
        execute format('alter table drover.%I force row level security', t);
        execute format('create policy isolation on drover.%I to drover_api, drover_worker
            using (tenant_id = (select tenancy.current_tenant())) with check (tenant_id = (select tenancy.current_tenant()))', t);
    end loop;
end $$;

grant select (tenant_id, id, digest, documents, size_bytes, created_at), delete on drover.config_blobs to drover_api;
grant select, delete on drover.config_versions to drover_api;
grant select, insert on drover.config_blobs to drover_worker;
grant update (created_at) on drover.config_blobs to drover_worker;  -- a key-share lock asks for some right to update
grant select, insert, update on drover.config_versions to drover_worker;
reset role;
