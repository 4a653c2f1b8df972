-- Devices and what hangs on them. A partition per tenant for the families that the promise names (docs/adr/0004);
-- control tables are shared. No foreign key on a partitioned parent: they are made partition to partition.

set local role drover_tables;

create table drover.groups (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    name text not null check (length(name) between 1 and 120),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
create unique index groups_name on drover.groups (tenant_id, lower(name));

create table drover.devices (
    tenant_id integer not null,
    id bigint generated always as identity,
    name text not null check (length(name) between 1 and 120),
    address text not null check (length(address) between 1 and 253),
    api_port integer not null check (api_port between 1 and 65535),
    ssh_port integer not null check (ssh_port between 1 and 65535),
    username text not null check (length(username) between 1 and 64),
    spki_sha256 text not null check (spki_sha256 ~ '^[0-9a-f]{64}$'),
    ssh_host_key_sha256 text,
    group_id bigint,
    notes text not null default '' check (length(notes) <= 4000),
    identity text,
    model text,
    board_name text,
    serial text,
    version text,
    architecture text,
    firmware text,
    memory_total_bytes bigint,
    disk_total_bytes bigint,
    capabilities jsonb not null default '{}',
    poll_interval_s integer not null default 60 check (poll_interval_s between 10 and 3600),
    snapshot_interval_s integer not null default 21600 check (snapshot_interval_s between 600 and 604800),
    snapshot_state text not null default 'never' check (snapshot_state in ('never', 'ok', 'failed')),
    snapshot_error text,
    last_snapshot_at timestamptz,
    next_snapshot_at timestamptz not null default now(),
    disabled boolean not null default false,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (tenant_id, id)
) partition by list (tenant_id);
create unique index devices_serial on drover.devices (tenant_id, serial) where serial is not null and deleted_at is null;
create unique index devices_address on drover.devices (tenant_id, lower(address), api_port) where deleted_at is null;
create index devices_name on drover.devices (tenant_id, lower(name));

create table drover.device_credentials (
    tenant_id integer not null,
    device_id bigint not null,
    version integer not null default 1,
    sealed bytea not null,
    changed_at timestamptz not null default now(),
    primary key (tenant_id, device_id)
) partition by list (tenant_id);

-- The last known state and values; one row per device, rewritten by ingest at each poll.
create table drover.device_status (
    tenant_id integer not null,
    device_id bigint not null,
    state text not null default 'unknown' check (state in ('online', 'offline', 'stale', 'unknown', 'needs_credentials', 'certificate_changed')),
    state_reason text,
    state_since timestamptz not null default now(),
    failed_polls integer not null default 0,
    last_poll_at timestamptz,
    last_success_at timestamptz,
    cpu_percent real,
    memory_percent real,
    disk_percent real,
    temperature_c real,
    uptime_s bigint,
    rtt_ms real,
    clients integer,
    rx_bps double precision,
    tx_bps double precision,
    wireless_at timestamptz,
    primary key (tenant_id, device_id)
) partition by list (tenant_id);

-- State transitions: what availability is computed from.
create table drover.device_transitions (
    tenant_id integer not null,
    device_id bigint not null,
    at timestamptz not null,
    from_state text not null,
    to_state text not null,
    reason text,
    primary key (tenant_id, device_id, at)
) partition by list (tenant_id);

create table drover.interfaces (
    tenant_id integer not null,
    id bigint generated always as identity,
    device_id bigint not null,
    name text not null,
    type text,
    mac_address text,
    comment text,
    running boolean,
    disabled boolean,
    rate_bps bigint,
    link_downs bigint,
    last_seen_at timestamptz not null,
    primary key (tenant_id, id)
) partition by list (tenant_id);
create unique index interfaces_name on drover.interfaces (tenant_id, device_id, name);

create table drover.events (
    tenant_id integer not null,
    id bigint generated always as identity,
    at timestamptz not null,
    kind text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    device_id bigint,
    message text not null check (length(message) <= 1000),
    primary key (tenant_id, id)
) partition by list (tenant_id);
create index events_device on drover.events (tenant_id, device_id, id desc);

create table drover.tags (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    name text not null check (length(name) between 1 and 40),
    primary key (tenant_id, id)
);
create unique index tags_name on drover.tags (tenant_id, lower(name));

create table drover.device_tags (
    tenant_id integer not null,
    device_id bigint not null,
    tag_id bigint not null,
    primary key (tenant_id, device_id, tag_id),
    foreign key (tenant_id, tag_id) references drover.tags on delete cascade
);
create index device_tags_tag on drover.device_tags (tenant_id, tag_id);

create table drover.imports (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id uuid not null default gen_random_uuid(),
    state text not null default 'preview' check (state in ('preview', 'started')),
    created_by bigint,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id)
);

-- A device on its way in (or a connection being changed). The password in it is sealed and dropped when the row ends.
create table drover.enrolments (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind in ('add', 'change')),
    device_id bigint,
    import_id uuid,
    line integer,
    address text not null,
    api_port integer not null,
    ssh_port integer not null,
    username text not null,
    name text,
    group_id bigint,
    group_name text,
    tags text[] not null default '{}',
    sealed bytea,
    state text not null check (state in ('invalid', 'ready', 'connecting', 'awaiting_confirmation', 'verifying', 'done', 'failed', 'expired')),
    spki_sha256 text,
    certificate_subject text,
    ssh_host_key_sha256 text,
    ssh_error text,
    confirmed_spki_sha256 text,
    confirmed_ssh_host_key_sha256 text,
    identity text,
    model text,
    serial text,
    version text,
    error_code text,
    error_message text,
    created_by bigint,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, import_id) references drover.imports on delete cascade,
    foreign key (tenant_id, group_id) references drover.groups on delete set null (group_id)
);
create index enrolments_import on drover.enrolments (tenant_id, import_id, line);

-- Default alert rules, made with each tenant; evaluated once alerts exist.
create table drover.alert_rules (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    key text not null,
    name text not null,
    metric text not null,
    comparison text not null check (comparison in ('above', 'below', 'missed')),
    threshold double precision not null,
    for_s integer not null,
    for_polls integer,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    enabled boolean not null default true,
    primary key (tenant_id, id),
    unique (tenant_id, key)
);

-- ---------------------------------------------------------------- row-level security
do $$
declare
    t text;
begin
    foreach t in array array['groups', 'devices', 'device_credentials', 'device_status', 'device_transitions', 'interfaces', 'events', 'tags', 'device_tags', 'imports', 'enrolments', 'alert_rules'] loop
        execute format('alter table drover.%I enable row level security', t);
        execute format('alter table drover.%I force row level security', t);
        execute format('create policy isolation on drover.%I to drover_api, drover_poller, drover_ingest, drover_worker
            using (tenant_id = (select tenancy.current_tenant())) with check (tenant_id = (select tenancy.current_tenant()))', t);
    end loop;
end $$;

-- ---------------------------------------------------------------- references across families and control tables, by trigger
create function drover.check_device_group() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if new.group_id is not null then
        perform from drover.groups g where g.tenant_id = new.tenant_id and g.id = new.group_id for key share;
        if not found then
            raise exception 'no such group' using errcode = 'DR422', detail = 'group_id';
        end if;
    end if;
    return new;
end $$;
create trigger check_group before insert or update of group_id on drover.devices for each row execute function drover.check_device_group();

create function drover.clear_group() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    update drover.devices d set group_id = null where d.tenant_id = old.tenant_id and d.group_id = old.id;
    return old;
end $$;
create trigger clear_group before delete on drover.groups for each row execute function drover.clear_group();

create function drover.check_tag_device() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform from drover.devices d where d.tenant_id = new.tenant_id and d.id = new.device_id for key share;
    if not found then
        raise exception 'no such device' using errcode = 'DR404';
    end if;
    return new;
end $$;
create trigger check_device before insert on drover.device_tags for each row execute function drover.check_tag_device();

create function drover.device_deleted() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    delete from drover.device_tags x where x.tenant_id = old.tenant_id and x.device_id = old.id;
    return null;
end $$;
create trigger deleted after delete on drover.devices for each row execute function drover.device_deleted();
grant execute on function drover.check_device_group(), drover.clear_group(), drover.check_tag_device(), drover.device_deleted() to drover_api, drover_worker;

-- ---------------------------------------------------------------- grants: the least each service needs
grant select, insert, update, delete on drover.groups, drover.tags, drover.device_tags, drover.imports to drover_api;
-- Where a password goes (address, user name, pins) is changed by the worker alone, after proving the new place.
grant select, insert, delete, update (state, confirmed_spki_sha256, confirmed_ssh_host_key_sha256) on drover.enrolments to drover_api;
grant select, delete, update (name, group_id, notes, poll_interval_s, snapshot_interval_s, disabled, deleted_at, changed_at, next_snapshot_at)
    on drover.devices to drover_api;
grant select, insert, update on drover.device_status to drover_api;
grant delete on drover.device_status to drover_api;
grant delete on drover.device_credentials to drover_api;
grant select (tenant_id, device_id, version, changed_at) on drover.device_credentials to drover_api;
grant select on drover.device_transitions, drover.interfaces, drover.events to drover_api;
grant delete on drover.device_transitions, drover.interfaces, drover.events to drover_api;
grant select, insert, update, delete on drover.alert_rules to drover_api;

grant select on drover.devices, drover.device_credentials, drover.device_status to drover_poller;

grant select on drover.devices to drover_ingest;
grant update (identity, model, board_name, serial, version, architecture, firmware, memory_total_bytes, disk_total_bytes, capabilities) on drover.devices to drover_ingest;
grant select, insert, update on drover.device_status, drover.interfaces to drover_ingest;
grant select, insert on drover.device_transitions, drover.events to drover_ingest;

grant select, insert, update on drover.devices, drover.device_credentials, drover.device_status to drover_worker;
grant select, insert on drover.groups, drover.tags, drover.device_tags, drover.events to drover_worker;
grant update (created_at) on drover.groups to drover_worker;  -- a key-share lock asks for some right to update
grant delete on drover.device_tags to drover_worker;
grant select, update, delete on drover.enrolments, drover.imports to drover_worker;
grant select, insert on drover.alert_rules to drover_worker;
reset role;
